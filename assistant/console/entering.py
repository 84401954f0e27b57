"""Log in, log out. A wrong name and a wrong password are answered alike, and too many tries lock for a while."""

from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.console import passwords
from assistant.console.gate import LOGIN_PATH, Gate, let_in, let_out, own_path
from assistant.console.menu import begins_at
from assistant.console.security import require_csrf_token
from assistant.domain.access import Role
from assistant.domain.rights import Viewer
from assistant.storage import logins
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Login
from assistant.storage.viewing import viewer_of

LOGOUT_PATH = "/logout"
_WRONG = "登录名或密码不对。"
_LOCKED = "试错的次数太多了，请过一刻钟再试；忘了密码，请管理员再发一个邀请。"


def home_of(viewer: Viewer, gate: Gate) -> str:
    """Where this person's work begins."""
    if viewer.role is Role.WORKER:
        return "/chat"
    return begins_at(viewer, gate.served) or "/"


class Entrance:
    """The pages before the gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def routes(self) -> list[BaseRoute]:
        return [
            Route(LOGIN_PATH, self._ask, methods=["GET"]),
            Route(LOGIN_PATH, self._answer, methods=["POST"]),
            Route(LOGOUT_PATH, self._leave, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        return self._page(request, request.query_params.get("next"))

    async def _answer(self, request: Request) -> Response:
        await require_csrf_token(request)
        form = await request.form()
        name, password, asked_for = (_text(form.get(field)) for field in ("name", "password", "next"))
        origin = request.client.host if request.client else ""
        found = await anyio.to_thread.run_sync(self._try, name, password, origin)
        if isinstance(found, str):
            return self._page(request, asked_for, name=name, trouble=found, status=403)
        login, viewer = found
        let_in(request, login, self._gate.now())
        return RedirectResponse(own_path(asked_for, home_of(viewer, self._gate)), status_code=303)

    async def _leave(self, request: Request) -> Response:
        await require_csrf_token(request)
        viewer = await anyio.to_thread.run_sync(self._gate.who, request)
        if viewer is not None:
            await anyio.to_thread.run_sync(self._end_all, viewer)
        let_out(request)
        return RedirectResponse(LOGIN_PATH, status_code=303)

    def _try(self, name: str, password: str, origin: str) -> tuple[Login, Viewer] | str:
        now = self._gate.now()
        with self._gate.database.writing() as session:
            attempt = logins.begin_attempt(session, name, origin, now)
            login = logins.find(session, name)
        if attempt is None:
            return _LOCKED
        if not passwords.is_right(password, login.password_hash if login else None) or login is None:
            return _WRONG
        with self._gate.database.writing() as session:
            logins.succeed(session, attempt, login)
            viewer = viewer_of(session, login.worker_id)
        return (login, viewer) if viewer else _WRONG

    def _end_all(self, viewer: Viewer) -> None:
        with self._gate.database.writing() as session:
            login = logins.of_worker(session, viewer.worker_id)
            if login is not None:
                logins.end_all(Ledger(session, self._gate.now(), viewer.worker_id), login)

    def _page(
        self, request: Request, asked_for: str | None, *, name: str = "", trouble: str | None = None, status: int = 200
    ) -> Response:
        where = own_path(asked_for, "")
        return self._gate.render(
            request, "login.html", status, name=name, trouble=trouble, next=where, login_path=LOGIN_PATH
        )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
