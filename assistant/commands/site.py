"""The web site of one community: the worker's chat, the console, and in the demo both side by side at ``/``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from assistant.channels import web
from assistant.channels.base import Incoming
from assistant.console.board import board_of
from assistant.console.conversation import Have, Line, lines, received_line
from assistant.console.entering import home_of
from assistant.console.gate import Gate, Visit
from assistant.console.live import Pulse, latest_mark, stream
from assistant.console.pages import PAGE_PATH, console_routes
from assistant.console.rendering import STATIC, KeptStaticFiles, Page, Renderer
from assistant.console.security import guards, require_csrf_token
from assistant.storage.database import Database
from knowledge.replies import Replies

_STREAM_PATH = "/live"
_SAID = {404: "没有这个页面。", 405: "这个地址不能这样用。"}


@dataclass(frozen=True)
class ChatRecord:
    """The web chat's messages in our database; ``receive`` keeps one."""

    database: Database
    receive: Callable[[Incoming], int]
    now: Callable[[], datetime]

    def keep(self, incoming: Incoming) -> int:
        return self.receive(incoming)

    def received(self, number: int) -> Line:
        with self.database.reading() as session:
            return received_line(session, number)

    def lines(self, address: str, since: tuple[int, int] | None) -> tuple[Line, ...]:
        with self.database.reading() as session:
            return lines(session, web.NAME, address, self.now(), Have(*since) if since else None)


@dataclass(frozen=True)
class Site:
    """The pages, the channel that the outbox sends on, and the pulse that ends when the server stops."""

    pages: Starlette
    channel: web.WebChannel
    pulse: Pulse


def build_site(
    database: Database,
    replies: Replies,
    receive: Callable[[Incoming], int],
    now: Callable[[], datetime],
    *,
    worker: web.Account,
    where: str,
    secret: str,
    hosts: Sequence[str],
    examples: Sequence[str] = (),
    is_demo: bool = False,
    always: int | None = None,
) -> Site:
    """Build the site. ``now`` is aware, in the community's zone; ``hosts`` are the names it is reached under.

    ``always`` is the worker whom everybody is taken for who is not logged in: only for a site that no other machine
    can reach.
    """
    nav = (Page("/", "两边同看"), Page(web.PAGE_PATH, "网格员"), Page(PAGE_PATH, "网格长")) if is_demo else ()
    render = Renderer(replies, now, where=where, nav=nav, stream_path=_STREAM_PATH, is_demo=is_demo)
    chat = web.WebChannel(
        ChatRecord(database, receive, now),
        now,
        worker,
        render=render,
        require_token=require_csrf_token,
        greeting=replies.sayings.greeting,
        urgent_prefix=replies.sayings.urgent.partition("{line}")[0],
        examples=tuple(examples),
    )
    gate = Gate(database, render, now, always=always)
    console = console_routes(gate)
    pulse = Pulse(partial(latest_mark, database))

    def home(visit: Visit) -> Response:
        if not is_demo:
            return visit.go(home_of(visit.viewer, gate))
        return visit.show("home.html", chat=chat.chat(), board=board_of(visit))

    async def live(request: Request) -> Response:
        if await anyio.to_thread.run_sync(gate.who, request) is None:
            raise HTTPException(401, "请先登录。")
        return stream(request, pulse)

    async def health(request: Request) -> Response:
        await anyio.to_thread.run_sync(latest_mark, database)
        return JSONResponse({"status": "ok"})

    async def refused(request: Request, exception: Exception) -> Response:
        assert isinstance(exception, HTTPException)
        said = _SAID.get(exception.status_code, exception.detail)
        if request.headers.get("sec-fetch-mode") in (None, "cors", "same-origin"):
            return PlainTextResponse(said, status_code=exception.status_code)
        return render(request, "error.html", exception.status_code, heading="没有办成", said=said)

    routes: list[BaseRoute] = [
        gate.route("/", None, home),
        Route(_STREAM_PATH, live),
        Route("/health", health),
        *chat.routes(),
        *console,
        Mount("/static", KeptStaticFiles(directory=STATIC)),
    ]
    handlers = {HTTPException: refused}
    return Site(
        Starlette(routes=routes, middleware=guards(secret, list(hosts)), exception_handlers=handlers), chat, pulse
    )
