"""The one door to every page of the console: who it is, whether they may, and only then the page.

    def todays_page(visit: Visit) -> Response:             # plain synchronous Python, run in a thread
        with visit.reading() as session:
            return visit.show("today.html", board=todays(session, visit.viewer, visit.now))

    def routes(gate: Gate) -> list[BaseRoute]:
        return [gate.route("/console/today", Right.SEE_CASES, todays_page)]

A page never sees a request of somebody who is not logged in, lacks the right, or sends a form without the token of
their own session. What it shows of the records it asks of ``storage.viewing``; of one row, ``visit.require``. Both a
missing row and one that is not the viewer's are answered "not there" (404).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import anyio.to_thread
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.console.menu import menu_of
from assistant.console.rendering import Renderer
from assistant.console.security import require_csrf_token
from assistant.domain.access import Role
from assistant.domain.errors import NotAllowed
from assistant.domain.rights import Right, Viewer, may
from assistant.storage import logins
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag, FollowUp, Household, Login, Report
from assistant.storage.viewing import subject_of, viewer_of
from knowledge.replies import Replies

LOGIN_PATH = "/login"
#: after so long everybody says again who they are: after a working day at a desk, which others may come to; a worker
#: on a phone of their own after a month, because who has to log in at each door writes nothing (本项目建议)
_LOGGED_IN_FOR = timedelta(hours=12)
_WORKER_LOGGED_IN_FOR = timedelta(days=30)
_WORKER, _STAMP, _SINCE, _SAID = "worker", "stamp", "since", "said"
_NOT_THERE = "没有这一条，或者不在您的范围里。"


@dataclass(frozen=True)
class Visit:
    """One request of somebody who may make it, and what a page needs to answer it. ``now`` is the same throughout."""

    gate: "Gate"
    request: Request
    viewer: Viewer
    form: FormData
    now: datetime

    @property
    def is_part(self) -> bool:
        """Does htmx ask, for a part of a page that it puts in place itself? (Going back, it asks for all of it.)"""
        asks = self.request.headers
        return asks.get("hx-request") == "true" and asks.get("hx-history-restore-request") != "true"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The records as they stand."""
        with self.gate.database.reading() as session:
            yield session

    @contextmanager
    def acting(self) -> Iterator[Ledger]:
        """A transaction in which the viewer acts: what changes through the ledger bears their name."""
        with self.gate.database.writing() as session:
            yield Ledger(session, self.now, self.viewer.worker_id)

    def require(self, session: Session, right: Right, row: Household | Flag | FollowUp | Report | None) -> None:
        """Raise NotAllowed where the row is not there or the viewer may not: nobody learns which."""
        if row is None or not may(self.viewer, right, subject_of(session, self.viewer, row)):
            raise NotAllowed(_NOT_THERE)

    def field(self, name: str) -> str:
        """A field of the form that was sent, without outer blanks; empty where it is missing or a file."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A row id from the path. Raises NotAllowed where none can be meant."""
        text = str(self.request.path_params[name])
        if not text.isascii() or not text.isdecimal() or len(text) > 15:
            raise NotAllowed(_NOT_THERE)
        return int(text)

    @property
    def replies(self) -> Replies:
        """Everything that the assistant says."""
        return self.gate.render.replies

    def say(self, text: str) -> None:
        """Say this at the top of the next page that the viewer sees."""
        self.request.session[_SAID] = text

    def show(self, template: str, status: int = 200, **context: Any) -> Response:
        """Render a page inside the console's layout, or a part of one for htmx."""
        return self.gate.render(
            self.request,
            template,
            status,
            viewer=self.viewer,
            menu=menu_of(self.viewer, self.gate.served),
            now=self.now,
            said=None if self.is_part else self.request.session.pop(_SAID, None),
            **context,
        )

    def go(self, path: str) -> Response:
        """Answer a form that was sent: the browser opens ``path``, one of our own, with or without htmx."""
        if self.is_part:
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, status_code=303)


Page = Callable[[Visit], Response]


class Gate:
    """Lets people in. ``always`` is the worker whom everybody is taken for on a machine of their own (the demo)."""

    def __init__(
        self, database: Database, render: Renderer, now: Callable[[], datetime], *, always: int | None = None
    ) -> None:
        self.database = database
        self.render = render
        self.now = now
        self.always = always
        #: the paths that routes were made for: what the menu can offer
        self.served: set[str] = set()

    def route(self, path: str, right: Right | None, page: Page, methods: Sequence[str] = ("GET",)) -> Route:
        """A route that lets only those in who have the right; a request that changes something needs its token.

        Without a right, whoever is logged in.
        """
        if "GET" in methods:
            self.served.add(path)

        async def guarded(request: Request) -> Response:
            viewer = await anyio.to_thread.run_sync(self.who, request)
            if viewer is None:
                return _to_login(request)
            if right is not None and not viewer.has(right):
                raise HTTPException(403, "您的身份看不了这一页。")
            form = FormData()
            try:
                if request.method not in ("GET", "HEAD"):
                    await require_csrf_token(request)
                    form = await request.form()
                visit = Visit(self, request, viewer, form, self.now())
                return await anyio.to_thread.run_sync(page, visit)
            except NotAllowed as refused:
                raise HTTPException(404, str(refused)) from refused
            finally:
                # files that were sent along are gone with the request
                await request.close()

        return Route(path, guarded, methods=list(methods), name=f"gate:{path}")

    def who(self, request: Request) -> Viewer | None:
        """Whom the session's cookie stands for now; None once it is old, ended, or the person has left. Blocks."""
        worker_id, stamp, since = (request.session.get(name) for name in (_WORKER, _STAMP, _SINCE))
        with self.database.reading() as session:
            if isinstance(worker_id, int) and isinstance(stamp, str) and isinstance(since, str):
                login = logins.of_worker(session, worker_id)
                viewer = viewer_of(session, worker_id)
                good_for = _WORKER_LOGGED_IN_FOR if viewer and viewer.role is Role.WORKER else _LOGGED_IN_FOR
                is_fresh = self.now() - datetime.fromisoformat(since) < good_for
                if login is not None and login.stamp == stamp and is_fresh:
                    return viewer
            return viewer_of(session, self.always) if self.always is not None else None


def let_in(request: Request, login: Login, now: datetime) -> None:
    """Begin a new session for this login: nothing of the one before stays, so that none can be planted."""
    request.session.clear()
    request.session.update({_WORKER: login.worker_id, _STAMP: login.stamp, _SINCE: now.isoformat()})


def let_out(request: Request) -> None:
    """End the session of this browser."""
    request.session.clear()


def own_path(path: str | None, otherwise: str) -> str:
    """``path`` where it leads to a page of this site, else ``otherwise``: a link can't send anybody elsewhere."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return otherwise
    return otherwise if any(ord(character) < 0x21 or character == "\\" for character in path) else path


def _to_login(request: Request) -> Response:
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": LOGIN_PATH})
    if request.method != "GET":
        return PlainTextResponse("请先登录。", status_code=401)
    asked_for = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{LOGIN_PATH}?{urlencode({'next': asked_for})}", status_code=303)
