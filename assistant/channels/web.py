"""The web chat: a page on which a worker writes, and sees what the assistant and others answer.

A message is in intake, committed, before the page hears that we have it; the page gives it its id before it sends it,
so that a message sent twice is one. What is told to the worker stands in the outbox: the page shows what was sent, and
``send`` has nothing to carry, because the page fetches it when the live stream says that something has changed.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import uuid4

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.channels.base import Incoming, Limits, Outgoing
from assistant.domain.errors import StorageError

NAME = "web"
PAGE_PATH = "/chat"
POST_PATH = "/chat/messages"
NEWS_PATH = "/chat/news"

_LONGEST_TEXT = 20_000
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Render(Protocol):
    """Makes a page of a template."""

    def __call__(self, request: Request, template: str, status: int = 200, **context: object) -> Response: ...


class Line(Protocol):
    """One message of the chat as it stands on record; ``at`` is aware."""

    @property
    def row_id(self) -> int: ...
    @property
    def is_received(self) -> bool: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def is_set_aside(self) -> bool: ...
    @property
    def buttons(self) -> tuple[str, ...]: ...


class Record(Protocol):
    """Where the chat's messages stand. Each call blocks on the database."""

    def keep(self, incoming: Incoming) -> int:
        """Keep a message for good and give its number. Raises StorageError when it can't be kept."""
        ...

    def received(self, number: int) -> Line:
        """The message of that number."""
        ...

    def lines(self, address: str, since: tuple[int, int] | None) -> Iterable[Line]:
        """The chat in order of time; with ``since`` (highest number received, sent) what came after."""
        ...


@dataclass(frozen=True)
class Account:
    """Who writes on this page: the channel's name for them, and how the page calls them."""

    address: str
    name: str


@dataclass(frozen=True)
class Bubble:
    """One message as the page shows it: an own one, or a reply in lines. ``at`` is in the community's zone."""

    row_id: int
    is_mine: bool
    at: datetime
    at_said: str
    text: str
    lines: tuple[str, ...]
    name: str
    is_set_aside: bool
    buttons: tuple[str, ...]
    is_urgent: bool


@dataclass(frozen=True)
class Chat:
    """What the chat's template shows."""

    worker: str
    feed: tuple[Bubble, ...]
    greeting: str
    examples: tuple[str, ...]
    next_id: str
    post_path: str = POST_PATH
    news_path: str = NEWS_PATH
    longest: int = _LONGEST_TEXT


class WebChannel:
    """The web chat of one account."""

    name = NAME
    limits = Limits(text_length=_LONGEST_TEXT, buttons=8, is_idempotent=True)

    def __init__(
        self,
        record: Record,
        now: Callable[[], datetime],
        account: Account,
        *,
        render: Render,
        require_token: Callable[[Request], Awaitable[None]],
        greeting: str,
        urgent_prefix: str,
        examples: tuple[str, ...] = (),
    ) -> None:
        self._record = record
        self._now = now
        self._account = account
        self._render = render
        self._require_token = require_token
        self._greeting = greeting
        self._urgent_prefix = urgent_prefix
        self._examples = examples

    def send(self, outgoing: Outgoing) -> str:
        """Nothing to carry: the page reads the record. The key is the name under which a tap answers it."""
        return outgoing.key

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PAGE_PATH, self._page),
            Route(POST_PATH, self._post, methods=["POST"]),
            Route(NEWS_PATH, self._news),
        ]

    def chat(self) -> Chat:
        """The chat as it stands. Blocks on the database."""
        return Chat(self._account.name, self._feed(None), self._greeting, self._examples, str(uuid4()))

    async def _page(self, request: Request) -> Response:
        return self._render(request, "chat.html", chat=await anyio.to_thread.run_sync(self.chat))

    async def _post(self, request: Request) -> Response:
        await self._require_token(request)
        form = await request.form()
        text, client_id, answers = (form.get(name, "") for name in ("text", "id", "answers"))
        if not isinstance(text, str) or not isinstance(client_id, str) or not isinstance(answers, str):
            raise HTTPException(400, "这里只收文字。")
        if not text.strip() or len(text) > _LONGEST_TEXT or not _CLIENT_ID.fullmatch(client_id):
            raise HTTPException(400, "这条消息是空的或太长。")
        incoming = Incoming(
            channel=NAME,
            message_id=f"{self._account.address}:{client_id}",
            account=self._account.address,
            text=text,
            sent_at=self._now(),
            reply_to=answers or None,
        )
        try:
            number = await anyio.to_thread.run_sync(self._record.keep, incoming)
        except StorageError as error:
            raise HTTPException(503, "没有存下来，请再发一次。") from error
        if request.headers.get("sec-fetch-mode") == "navigate":
            return RedirectResponse(PAGE_PATH, status_code=303)
        mine = self._bubble(await anyio.to_thread.run_sync(self._record.received, number))
        return self._render(request, "_bubbles.html", chat={"feed": (mine,)})

    async def _news(self, request: Request) -> Response:
        since = (_number(request, "after_in"), _number(request, "after_out"))
        feed = await anyio.to_thread.run_sync(self._feed, since)
        return self._render(request, "_bubbles.html", chat={"feed": feed})

    def _feed(self, since: tuple[int, int] | None) -> tuple[Bubble, ...]:
        return tuple(map(self._bubble, self._record.lines(self._account.address, since)))

    def _bubble(self, line: Line) -> Bubble:
        now = self._now()
        at = line.at.astimezone(now.tzinfo)
        return Bubble(
            row_id=line.row_id,
            is_mine=line.is_received,
            at=at,
            at_said=f"{at:%H:%M}" if at.date() == now.date() else f"{at.month}月{at.day}日 {at:%H:%M}",
            text=line.text,
            lines=tuple(line.text.splitlines()),
            # a page's own id, without the account that makes it unlike anybody else's
            name=line.name.partition(":")[2] if line.is_received else line.name,
            is_set_aside=line.is_set_aside,
            buttons=line.buttons,
            is_urgent=line.text.startswith(self._urgent_prefix),
        )


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 18 else 0
