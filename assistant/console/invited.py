"""An invitation link: the person chooses a login name and a password, and is in.

Opening the link uses nothing up, because messengers open links by themselves to show a preview; the form does. It is
also how somebody who forgot the password comes back: a new invitation, a new password, and all old windows end.
"""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.console import passwords
from assistant.console.entering import home_of
from assistant.console.gate import Gate, let_in
from assistant.console.security import require_csrf_token
from assistant.domain.rights import Viewer
from assistant.storage import logins
from assistant.storage.invitations import InvitationRefused, WhyNot, use, worker_of
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Login, Worker
from assistant.storage.viewing import viewer_of

INVITE_PATH = "/invite/{code}"
_LONGEST_NAME = 40
_WHY_NOT = {
    WhyNot.UNKNOWN: "这个邀请链接不对，请检查是不是复制全了。",
    WhyNot.USED: "这个邀请已经用过了。用登录名和密码登录就行；忘了密码，请再要一个邀请。",
    WhyNot.EXPIRED: "这个邀请过期了，请再要一个。",
    WhyNot.REVOKED: "这个邀请已经作废，请用最新的那一个。",
    WhyNot.TAKEN: "这个账号已经是别人的了。",
}


class Reception:
    """The page of an invitation."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def routes(self) -> list[BaseRoute]:
        return [
            Route(INVITE_PATH, self._greet, methods=["GET"]),
            Route(INVITE_PATH, self._settle, methods=["POST"]),
        ]

    async def _greet(self, request: Request) -> Response:
        return await anyio.to_thread.run_sync(self._page, request, "", None)

    async def _settle(self, request: Request) -> Response:
        await require_csrf_token(request)
        form = await request.form()
        name, password, again = (str(form.get(field) or "") for field in ("name", "password", "again"))
        made = await anyio.to_thread.run_sync(self._set_up, request.path_params["code"], name, password, again)
        if isinstance(made, str):
            return await anyio.to_thread.run_sync(self._page, request, name, made)
        login, viewer = made
        let_in(request, login, self._gate.now())
        return RedirectResponse(home_of(viewer, self._gate), status_code=303)

    def _set_up(self, code: str, name: str, password: str, again: str) -> tuple[Login, Viewer] | str:
        name = logins.plain_name(name)
        if not name or len(name) > _LONGEST_NAME:
            return "请写一个登录名，不超过 40 个字。"
        if password != again:
            return "两次写的密码不一样，请再写一遍。"
        trouble = passwords.trouble_with(password, name)
        if trouble is not None:
            return trouble
        password_hash = passwords.hashed(password)
        try:
            with self._gate.database.writing() as session:
                ledger = Ledger(session, self._gate.now())
                invitation = use(ledger, code, "pages")
                worker = session.get_one(Worker, invitation.worker_id)
                login = logins.set_up(ledger, worker, name, password_hash)
                login.last_used_at = ledger.at
                viewer = viewer_of(session, login.worker_id)
        except InvitationRefused as refused:
            return _WHY_NOT[refused.why]
        except ValueError as taken:
            return str(taken)
        assert viewer is not None, "an invitation is not good for somebody who has left"
        return login, viewer

    def _page(self, request: Request, name: str, trouble: str | None) -> Response:
        greeted: Worker | None = None
        try:
            with self._gate.database.reading() as session:
                greeted = worker_of(session, request.path_params["code"], self._gate.now())
        except InvitationRefused as refused:
            trouble = _WHY_NOT[refused.why]
        status = 404 if greeted is None else 403 if trouble else 200
        return self._gate.render(
            request,
            "invite.html",
            status,
            greeted=greeted.name if greeted else None,
            name=name,
            trouble=trouble,
            shortest=passwords.SHORTEST,
        )
