"""The web chat: a page on which a worker writes, and sees what the assistant and others answer.

A message is in intake, committed, before the page hears that we have it; the page gives it its id before it sends it,
so that a message sent twice is one. What is told to the worker stands in the outbox: the page shows what was sent, and
``send`` has nothing to carry, because the page fetches it when the live stream says that something has changed. A page
that was away says what it has, and is given all that came since.

Each page says whose it is (``as``): where somebody else has logged in meanwhile in the same browser, nothing is taken
under their name, and nothing of theirs is shown on it.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import anyio.to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.channels.base import Incoming, Limits, Outgoing
from assistant.channels.web_install import SHELL_PATH
from assistant.channels.web_page import (
    EARLIER_PATH,
    LONGEST_TEXT,
    MOST_BUTTONS,
    NEWS_PATH,
    PAGE_PATH,
    PASS_PATH,
    PHOTO_PATH,
    POST_PATH,
    Account,
    Chat,
    Have,
    Line,
    PhotoRefused,
    Record,
    Render,
    bubble_of,
)
from assistant.domain.errors import StorageError

__all__ = ["NAME", "PAGE_PATH", "POST_PATH", "Account", "WebChannel"]

NAME = "web"
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
#: what waited longer in a browser than these seconds was written this long ago
_WAITED_AT_MOST = 7 * 24 * 3600
#: no page shows anything that is older
_NEVER_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
_NOT_LOGGED_IN = "请先登录。"


class WebChannel:
    """The web chat of everybody whom ``who`` knows. ``who`` blocks; None is somebody who is not logged in."""

    name = NAME
    limits = Limits(text_length=LONGEST_TEXT, buttons=MOST_BUTTONS, is_idempotent=True)

    def __init__(
        self,
        record: Record,
        now: Callable[[], datetime],
        who: Callable[[Request], Account | None],
        *,
        render: Render,
        require_token: Callable[[Request], Awaitable[None]],
        token_of: Callable[[Request], str],
        login_path: str,
        greeting: str,
        urgent_prefix: str,
        shell_version: str = "",
        examples: Sequence[str] = (),
    ) -> None:
        self._record = record
        self._now = now
        self._who = who
        self._render = render
        self._require_token = require_token
        self._token_of = token_of
        self._login_path = login_path
        self._greeting = greeting
        self._urgent_prefix = urgent_prefix
        self._shell_version = shell_version
        self._examples = tuple(examples)

    def send(self, outgoing: Outgoing) -> str:
        """Nothing to carry: the page reads the record. The key is the name under which a tap answers it."""
        return outgoing.key

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PAGE_PATH, self._page),
            Route(SHELL_PATH, self._shell),
            Route(POST_PATH, self._post, methods=["POST"]),
            Route(NEWS_PATH, self._news),
            Route(EARLIER_PATH, self._earlier),
            Route(PASS_PATH, self._pass),
            Route(PHOTO_PATH, self._photo),
        ]

    def chat(self, account: Account | None) -> Chat:
        """The chat as it stands; without an account the empty shell. Blocks on the database."""
        found, has_earlier = self._record.lines(account.address, None) if account else ((), False)
        return Chat(
            account=account,
            feed=tuple(bubble_of(line, self._now(), self._urgent_prefix) for line in found),
            has_earlier=has_earlier,
            greeting=self._greeting,
            examples=self._examples,
            next_id=str(uuid4()),
            shell_version=self._shell_version,
        )

    async def _page(self, request: Request) -> Response:
        account = await anyio.to_thread.run_sync(self._who, request)
        if account is None:
            return RedirectResponse(f"{self._login_path}?next={quote(PAGE_PATH, safe='')}", status_code=303)
        return self._render(request, "chat.html", chat=await anyio.to_thread.run_sync(self.chat, account))

    async def _shell(self, request: Request) -> Response:
        return self._render(request, "chat.html", chat=self.chat(None), is_anybodys=True)

    async def _pass(self, request: Request) -> Response:
        """Who is logged in, and the token that their forms must carry: for a page that was opened without a line."""
        account = await self._require_account(request)
        return JSONResponse({"csrf": self._token_of(request), "as": account.address, "name": account.name})

    async def _post(self, request: Request) -> Response:
        account = await self._require_account(request)
        await self._require_token(request)
        async with request.form() as form:
            number = await self._keep(account, form)
        if request.headers.get("sec-fetch-mode") == "navigate":
            return RedirectResponse(PAGE_PATH, status_code=303)
        line = await anyio.to_thread.run_sync(self._record.received, number)
        return self._bubbles(request, [line])

    async def _keep(self, account: Account, form: FormData) -> int:
        """Keep what the form says, and give its number. Raises HTTPException where it is not kept."""
        _refuse_anothers(form.get("as"), account, "这个浏览器里换了人登录，这条没有发。")
        try:
            incoming = await self._incoming(account, form)
            return await anyio.to_thread.run_sync(self._record.keep, account, incoming)
        except PhotoRefused as refused:
            raise HTTPException(400, str(refused)) from refused
        except StorageError as error:
            raise HTTPException(503, "没有存下来，请再发一次。") from error

    async def _incoming(self, account: Account, form: FormData) -> Incoming:
        """The form as a message; its picture is kept first, so that a message never names one that is not there."""
        text, client_id, answers, waited = (form.get(name, "") for name in ("text", "id", "answers", "waited"))
        if not all(isinstance(each, str) for each in (text, client_id, answers, waited)):
            raise HTTPException(400, "这里只收文字。")
        photo = form.get("photo")
        has_photo = isinstance(photo, UploadFile) and bool(photo.size)
        if not (str(text).strip() or has_photo) or len(str(text)) > LONGEST_TEXT:
            raise HTTPException(400, "这条消息是空的或太长。")
        if not _CLIENT_ID.fullmatch(str(client_id)):
            raise HTTPException(400, "这条消息没有编号，请刷新页面再发。")
        attachments: list[Any] = []
        if isinstance(photo, UploadFile) and has_photo:
            attachments.append(await anyio.to_thread.run_sync(self._record.keep_photo, await photo.read()))
        return Incoming(
            channel=NAME,
            message_id=f"{account.address}:{client_id}",
            account=account.address,
            text=str(text),
            # by the browser's stopwatch, not its clock, which may be wrong
            sent_at=self._now() - timedelta(seconds=min(_number(str(waited)), _WAITED_AT_MOST)),
            attachments=tuple(attachments),
            reply_to=str(answers) or None,
        )

    async def _news(self, request: Request) -> Response:
        account = await self._reader(request)
        have = _have(request)
        is_new_page = have.received == have.sent == 0
        return await self._some(request, self._record.lines, account.address, None if is_new_page else have)

    async def _earlier(self, request: Request) -> Response:
        account = await self._reader(request)
        return await self._some(request, self._record.earlier, account.address, _have(request))

    async def _some(self, request: Request, find: Callable[..., Any], address: str, have: Have | None) -> Response:
        found, has_more = await anyio.to_thread.run_sync(find, address, have)
        answer = self._bubbles(request, found)
        answer.headers["X-More"] = "1" if has_more else "0"
        return answer

    async def _photo(self, request: Request) -> Response:
        account = await self._require_account(request)
        number, at = request.path_params["number"], request.path_params["at"]
        found = await anyio.to_thread.run_sync(self._record.photo, account.address, number, at)
        if found is None:
            raise HTTPException(404, "没有这张照片。")
        path, media_type = found
        # like the words, a picture stays on no phone that may be lost
        return FileResponse(path, media_type=media_type, headers={"Cache-Control": "no-store"})

    async def _reader(self, request: Request) -> Account:
        """Who is logged in, if the page that asks is theirs."""
        account = await self._require_account(request)
        _refuse_anothers(request.query_params.get("as"), account, "这个浏览器里换了人登录，请刷新。")
        return account

    async def _require_account(self, request: Request) -> Account:
        account = await anyio.to_thread.run_sync(self._who, request)
        if account is None:
            raise HTTPException(401, _NOT_LOGGED_IN)
        return account

    def _bubbles(self, request: Request, found: Sequence[Line]) -> Response:
        now = self._now()
        feed = tuple(bubble_of(line, now, self._urgent_prefix) for line in found)
        return self._render(request, "_bubbles.html", chat={"feed": feed})


def _refuse_anothers(whose: object, account: Account, why: str) -> None:
    """Raises HTTPException where the page is somebody else's; one that doesn't say whose it is was never filled."""
    if (whose or account.address) != account.address:
        raise HTTPException(409, why)


def _have(request: Request) -> Have:
    """What the page says that it has; nonsense is nothing."""
    asked = request.query_params
    try:
        until = datetime.fromisoformat(asked.get("until", ""))
    except ValueError:
        until = None
    is_moment = until is not None and until.tzinfo is not None and until > _NEVER_BEFORE
    return Have(_number(asked.get("in", "")), _number(asked.get("out", "")), until if is_moment else None)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
