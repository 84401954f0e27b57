"""The web chat: a page on which a worker writes, and sees what the assistant and others answer.

A message is in intake, committed, before the page hears that we have it; the page gives it its id before it sends it,
so that a message sent twice is one. What is told to the worker stands in the outbox: the page shows what was sent, and
``send`` has nothing to carry, because the page fetches it when the live stream says that something has changed.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

import anyio.to_thread
from sqlmodel import Session, col, or_, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.channels.base import Incoming, Limits, Outgoing
from assistant.domain.errors import StorageError
from assistant.storage.database import Database
from assistant.storage.tables import IntakeItem, IntakeState, OutboxMessage

NAME = "web"
PAGE_PATH = "/chat"
POST_PATH = "/chat/messages"
NEWS_PATH = "/chat/news"

_LONGEST_TEXT = 20_000
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_SHOWN_AT_FIRST = 40
#: what was sent so lately is told again in the news: a message held for later has a lower number than its followers
_JUST_SENT = timedelta(minutes=2)


class Render(Protocol):
    """Makes a page of a template."""

    def __call__(self, request: Request, template: str, status: int = 200, **context: object) -> Response: ...


@dataclass(frozen=True)
class Account:
    """Who writes on this page: the channel's name for them, and how the page calls them."""

    address: str
    name: str


@dataclass(frozen=True)
class Bubble:
    """One message of the chat. ``lines`` are a reply's; ``at`` is in the community's zone."""

    row_id: int
    is_mine: bool
    at: datetime
    at_said: str
    text: str = ""
    client_id: str = ""
    is_set_aside: bool = False
    lines: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    key: str = ""
    is_urgent: bool = False


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
    """The web chat of one account. ``receive`` keeps an Incoming for good, or raises StorageError."""

    name = NAME
    limits = Limits(text_length=_LONGEST_TEXT, buttons=8, is_idempotent=True)

    def __init__(
        self,
        database: Database,
        receive: Callable[[Incoming], int],
        now: Callable[[], datetime],
        account: Account,
        *,
        render: Render,
        require_token: Callable[[Request], Awaitable[None]],
        greeting: str,
        urgent_prefix: str,
        examples: tuple[str, ...] = (),
    ) -> None:
        self._database = database
        self._receive = receive
        self._now = now
        self._account = account
        self._render = render
        self._require_token = require_token
        self._greeting = greeting
        self._urgent_prefix = urgent_prefix
        self._examples = examples

    def send(self, outgoing: Outgoing) -> str:
        """Nothing to carry: the page reads the outbox. The key is the name under which a tap answers it."""
        return outgoing.key

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PAGE_PATH, self._page),
            Route(POST_PATH, self._post, methods=["POST"]),
            Route(NEWS_PATH, self._news),
        ]

    def chat(self) -> Chat:
        """The chat as it stands. Blocks on the database."""
        with self._database.reading() as session:
            feed = self._feed(session, after_in=None, after_out=None)
        return Chat(self._account.name, feed, self._greeting, self._examples, str(uuid4()))

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
            row_id = await anyio.to_thread.run_sync(self._receive, incoming)
        except StorageError as error:
            raise HTTPException(503, "没有存下来，请再发一次。") from error
        if request.headers.get("sec-fetch-mode") == "navigate":
            return RedirectResponse(PAGE_PATH, status_code=303)
        mine = await anyio.to_thread.run_sync(self._mine, row_id)
        return self._render(request, "_bubbles.html", chat={"feed": (mine,)})

    async def _news(self, request: Request) -> Response:
        after_in, after_out = (_number(request, name) for name in ("after_in", "after_out"))

        def read() -> tuple[Bubble, ...]:
            with self._database.reading() as session:
                return self._feed(session, after_in, after_out)

        return self._render(request, "_bubbles.html", chat={"feed": await anyio.to_thread.run_sync(read)})

    def _mine(self, row_id: int) -> Bubble:
        with self._database.reading() as session:
            return self._of_intake(session.get_one(IntakeItem, row_id))

    def _feed(self, session: Session, after_in: int | None, after_out: int | None) -> tuple[Bubble, ...]:
        """Both sides in order of time; all of the last ones where nothing is known to the page yet."""
        address = self._account.address
        mine = select(IntakeItem).where(IntakeItem.channel == NAME, IntakeItem.author == address)
        theirs = select(OutboxMessage).where(
            OutboxMessage.channel == NAME,
            OutboxMessage.address == address,
            col(OutboxMessage.sent_at).is_not(None),
        )
        if after_in is not None:
            mine = mine.where(col(IntakeItem.id) > after_in)
        if after_out is not None:
            lately = col(OutboxMessage.sent_at) > self._now() - _JUST_SENT
            theirs = theirs.where(or_(col(OutboxMessage.id) > after_out, lately))
        rows_in = session.exec(mine.order_by(col(IntakeItem.id).desc()).limit(_SHOWN_AT_FIRST)).all()
        rows_out = session.exec(theirs.order_by(col(OutboxMessage.id).desc()).limit(_SHOWN_AT_FIRST)).all()
        bubbles = [self._of_intake(row) for row in rows_in] + [self._of_outbox(row) for row in rows_out]
        return tuple(sorted(bubbles, key=lambda bubble: (bubble.at, not bubble.is_mine, bubble.row_id)))

    def _of_intake(self, row: IntakeItem) -> Bubble:
        assert row.id is not None
        at = row.received_at.astimezone(self._now().tzinfo)
        return Bubble(
            row.id,
            True,
            at,
            self._say(at),
            text=row.text,
            client_id=row.message_id.partition(":")[2],
            is_set_aside=row.state is IntakeState.SET_ASIDE,
        )

    def _of_outbox(self, row: OutboxMessage) -> Bubble:
        assert row.id is not None
        at = (row.sent_at or row.created_at).astimezone(self._now().tzinfo)
        return Bubble(
            row.id,
            False,
            at,
            self._say(at),
            lines=tuple(row.text.splitlines()),
            buttons=tuple(row.buttons),
            key=row.sent_as or row.idempotency_key,
            is_urgent=row.text.startswith(self._urgent_prefix),
        )

    def _say(self, at: datetime) -> str:
        now = self._now()
        return f"{at:%H:%M}" if at.date() == now.date() else f"{at.month}月{at.day}日 {at:%H:%M}"


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 18 else 0
