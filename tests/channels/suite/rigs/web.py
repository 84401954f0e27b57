"""The web chat: a browser that posts and asks for news; what was sent stands on record, as the outbox writes it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.channels.base import Incoming, Limits, Outgoing
from assistant.channels.web import NAME, POST_PATH, Account, WebChannel
from assistant.channels.web_page import NEWS_PATH, Have
from tests.channels.suite.rig import Can, Keeper, Rig, Rigs, Shown

_LIU = Account("liu", "刘大姐")
_NOW = datetime(2026, 3, 5, 10, tzinfo=UTC)


@dataclass(frozen=True)
class _Line:
    row_id: int
    is_received: bool
    text: str
    name: str
    buttons: tuple[str, ...] = ()
    at: datetime = _NOW
    is_set_aside: bool = False
    photos: tuple[int, ...] = ()


@dataclass
class _Record:
    """Where the chat stands, in memory."""

    keeper: Keeper
    sent: list[_Line] = field(default_factory=list)

    def keep(self, account: Account, incoming: Incoming) -> int:
        return self.keeper(incoming)

    def keep_photo(self, content: bytes) -> Mapping[str, Any]:
        return {"kind": "photo", "digest": "d1", "media_type": "image/jpeg", "size": len(content)}

    def photo(self, address: str, number: int, at: int) -> tuple[Path, str] | None:
        return None

    def received(self, number: int) -> _Line:
        return _Line(number, True, self.keeper.kept[number].text, self.keeper.kept[number].message_id)

    def lines(self, address: str, have: Have | None) -> tuple[Iterable[_Line], bool]:
        return self.sent, False

    def earlier(self, address: str, before: Have) -> tuple[Iterable[_Line], bool]:
        return (), False


class _Outbox:
    """The channel with what the outbox does after it: a row says under which name it was sent, once for each key."""

    name = NAME

    def __init__(self, channel: WebChannel, record: _Record) -> None:
        self._channel = channel
        self._record = record

    @property
    def limits(self) -> Limits:
        return self._channel.limits

    def send(self, outgoing: Outgoing) -> str:
        sent_as = self._channel.send(outgoing)
        if sent_as not in [each.name for each in self._record.sent]:
            self._record.sent.append(_Line(len(self._record.sent), False, outgoing.text, sent_as, outgoing.buttons))
        return sent_as


def _render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    feed = [{"text": each.text, "name": each.name, "buttons": each.buttons} for each in context["chat"]["feed"]]
    return JSONResponse(feed, status)


async def _any_token(request: Request) -> None:
    """The page's token is looked at in the console's own tests."""


class _Browser:
    can = frozenset({Can.REPEAT, Can.TAP, Can.PHOTO, Can.GARBAGE})

    def __init__(self) -> None:
        self.keeper = Keeper()
        self.address = _LIU.address
        record = _Record(self.keeper)
        web = WebChannel(
            record,
            lambda: _NOW,
            lambda request: _LIU,
            render=_render,
            require_token=_any_token,
            token_of=lambda request: "",
            login_path="/login",
            greeting="您好",
            urgent_prefix="【紧急】",
        )
        self.channel = _Outbox(web, record)
        self._site = Starlette(routes=web.routes())
        self._numbers = count(1)
        self._last: dict[str, Any] = {}
        self._status = 0

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self._site), base_url="http://us") as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())

    def _post(self, text: str, **more: Any) -> None:
        files = more.pop("files", None)
        self._last = {"data": {"text": text, "id": f"client-{next(self._numbers):08}", **more}, "files": files}
        self.gives_again()

    def writes(self, text: str) -> None:
        self._post(text)

    def gives_again(self) -> None:
        self._status = self._ask("POST", POST_PATH, **self._last).status_code

    def is_acknowledged(self) -> bool:
        return self._status == 200

    def taps(self, label: str) -> None:
        bearer = next(each for each in reversed(self._feed()) if label in each["buttons"])
        self._post(label, answers=bearer["name"])

    def photographs(self, caption: str) -> None:
        self._post(caption, files={"photo": ("a.jpg", b"\xff\xd8\xff", "image/jpeg")})

    def hears_garbage(self) -> None:
        for data in ({}, {"text": " ", "id": "client-x"}, {"text": "没有编号"}, {"text": "坏编号", "id": "../../etc"}):
            self._ask("POST", POST_PATH, data=data)

    def shows(self) -> list[Shown]:
        return [Shown(each["text"], tuple(each["buttons"])) for each in self._feed()]

    def _feed(self) -> list[dict[str, Any]]:
        return list(self._ask("GET", NEWS_PATH).json())


@contextmanager
def _web() -> Iterator[Rig]:
    yield _Browser()  # type: ignore[misc]  # what it can't do is not in ``can``


RIGS: Rigs = {"web": _web}
