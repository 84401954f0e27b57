"""The web site of one community: the worker's chat, the console, and in the demo both side by side at ``/``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from assistant.channels import web
from assistant.channels.base import Incoming
from assistant.channels.web_install import install_routes
from assistant.commands.web_record import ChatRecord, Writers
from assistant.console.board import board_of
from assistant.console.entering import home_of
from assistant.console.gate import LOGIN_PATH, Gate, Visit
from assistant.console.importing import LARGEST_BODY, UPLOAD_PATH
from assistant.console.live import Pulse, latest_mark, stream
from assistant.console.pages import PAGE_PATH, console_routes
from assistant.console.photos import photo_routes
from assistant.console.privacy import privacy_routes
from assistant.console.privacy_people import people_routes
from assistant.console.rendering import STATIC, KeptStaticFiles, Page, Renderer, static_path
from assistant.console.rule_book import rule_routes
from assistant.console.security import csrf_token, guards, require_csrf_token
from assistant.domain.retention import Periods
from assistant.publishing.desk import RuleDesk
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from knowledge.replies import Replies
from knowledge.retention import load_retention

_STREAM_PATH = "/live"
_SAID = {404: "没有这个页面。", 405: "这个地址不能这样用。"}
#: a picture and the words around it
_FORM_AROUND = 256 * 1024


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
    where: str,
    secret: str,
    hosts: Sequence[str],
    evidence: EvidenceFolder,
    worker: web.Account | None = None,
    examples: Sequence[str] = (),
    is_demo: bool = False,
    always: int | None = None,
    also: Sequence[BaseRoute] = (),
    is_https: bool = False,
    rule_desk: RuleDesk | None = None,
    rule_called: Callable[[str], str | None] = lambda rule: None,
    periods: Periods | None = None,
) -> Site:
    """Build the site. ``now`` is aware, in the community's zone; ``hosts`` are the names it is reached under.

    Everybody who is logged in has the chat of their own. ``worker`` is whom the chat is for in any case, and ``always``
    whom everybody is taken for on the other pages who is not logged in: both only for a site that no other machine can
    reach. ``also`` are further routes (a channel's webhook). ``is_https``: the site stands behind an encrypted line.
    Without ``rule_desk`` there are no pages of the rule book. ``rule_called`` gives a rule's title by its id.
    ``periods`` say how long what is kept; without them, those that come with the program.
    """
    nav = (Page("/", "两边同看"), Page(web.PAGE_PATH, "网格员"), Page(PAGE_PATH, "网格长")) if is_demo else ()
    render = Renderer(
        replies, now, where=where, nav=nav, stream_path=_STREAM_PATH, is_demo=is_demo, rule_called=rule_called
    )
    gate = Gate(database, render, now, always=always)
    chat = web.WebChannel(
        ChatRecord(database, receive, now, evidence),
        now,
        Writers(gate).who if worker is None else lambda _: worker,
        render=render,
        require_token=require_csrf_token,
        token_of=csrf_token,
        login_path=LOGIN_PATH,
        greeting=replies.sayings.greeting,
        urgent_prefix=replies.sayings.urgent.partition("{line}")[0],
        shell_version=_version_of(STATIC, STATIC.parent / "templates"),
        examples=examples,
    )
    periods = periods or load_retention()
    console = [
        *console_routes(gate),
        *photo_routes(gate, evidence),
        *privacy_routes(gate, evidence, periods),
        *people_routes(gate, evidence, periods),
    ]
    if rule_desk is not None:
        console += rule_routes(gate, rule_desk)
    pulse = Pulse(partial(latest_mark, database))

    def home(visit: Visit) -> Response:
        if not is_demo:
            return visit.go(home_of(visit.viewer, gate))
        return visit.show("home.html", chat=chat.chat(worker), board=board_of(visit))

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
        *install_routes(static_path, STATIC / "chat_worker.js", where),
        *console,
        *also,
        Mount("/static", GZipMiddleware(KeptStaticFiles(directory=STATIC))),
    ]
    handlers = {HTTPException: refused}
    larger = {web.POST_PATH: evidence.at_most + _FORM_AROUND, UPLOAD_PATH: LARGEST_BODY}
    return Site(
        Starlette(
            routes=routes,
            middleware=guards(secret, list(hosts), larger, is_https=is_https),
            exception_handlers=handlers,
        ),
        chat,
        pulse,
    )


def _version_of(*folders: Path) -> str:
    """A short name for exactly this content: with another one, browsers keep the chat's shell anew."""
    digest = sha256()
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
