"""The web site of one community: the worker's chat, the coordinator's list, and both side by side at ``/``."""

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
from assistant.console import pages
from assistant.console.conversation import Have, Line, lines, received_line
from assistant.console.live import Pulse, latest_mark, stream
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
    viewer: pages.Viewer,
    where: str,
    secret: str,
    hosts: Sequence[str],
    examples: Sequence[str] = (),
    is_demo: bool = False,
) -> Site:
    """Build the site. ``now`` is aware, in the community's zone; ``hosts`` are the names it is reached under."""
    nav = (Page("/", "两边同看"), Page(web.PAGE_PATH, "网格员"), Page(pages.PAGE_PATH, "网格长"))
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
    console = pages.Console(database, render, now, viewer)
    pulse = Pulse(partial(latest_mark, database))

    async def home(request: Request) -> Response:
        shown_chat = await anyio.to_thread.run_sync(chat.chat)
        board = await anyio.to_thread.run_sync(console.board)
        return render(request, "home.html", chat=shown_chat, board=board)

    async def live(request: Request) -> Response:
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
        Route("/", home),
        Route(_STREAM_PATH, live),
        Route("/health", health),
        *chat.routes(),
        *console.routes(),
        Mount("/static", KeptStaticFiles(directory=STATIC)),
    ]
    handlers = {HTTPException: refused}
    return Site(
        Starlette(routes=routes, middleware=guards(secret, list(hosts)), exception_handlers=handlers), chat, pulse
    )
