"""Telegram on its double, by long poll and by webhook."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette

from assistant.channels.telegram import WEBHOOK_PATH, Api, Polling, TelegramChannel, webhook_route
from assistant.domain.errors import StorageError
from tests.channels.suite.rig import Can, Keeper, Rig, Rigs, Shown
from tests.channels.telegram_double import CHAT, DATE, TOKEN, TelegramDouble, edited, tap, written

_SECRET = "shibboleth"
_PHOTO = [{"file_id": "F1", "file_unique_id": "U1", "width": 1, "height": 1, "file_size": 9}]
_GARBAGE: tuple[Any, ...] = ("update", {"update_id": 0, "message": {"text": "无头"}}, {"update_id": 0}, None)


def _now() -> datetime:
    return datetime.fromtimestamp(DATE + 300, UTC)


class _Telegram:
    """What both ways of getting at updates share; ``_deliver`` is what sets them apart."""

    can = frozenset(Can)

    def __init__(self, double: TelegramDouble, api: Api) -> None:
        self.double = double
        self.api = api
        self.keeper = Keeper()
        self.channel = TelegramChannel(api, lambda: 0.0, seconds_between=0)
        self.address = str(CHAT)
        self._number = 0
        self._last: Any = None

    def _deliver(self, update: Any) -> None:
        raise NotImplementedError

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _give(self, update: Any) -> None:
        self._last = update
        self._deliver(update)

    def writes(self, text: str) -> None:
        self._give(written(self._next(), text))

    def gives_again(self) -> None:
        self._deliver(self._last)

    def shows(self) -> list[Shown]:
        return [Shown(asked["text"], tuple(_labels(asked)), asked.get("file")) for asked in self.double.said()]

    def taps(self, label: str) -> None:
        [*_, (under, asked)] = [(500 + at, asked) for at, asked in enumerate(self.double.said(), 1)]
        keyboard = json.loads(asked["reply_markup"])["inline_keyboard"]
        labels = {button["callback_data"]: button["text"] for row in keyboard for button in row}
        data = next(data for data, text in labels.items() if text == label)
        self._give(tap(self._next(), data, under, labels))

    def edits(self, text: str) -> None:
        self._give(edited(self._next(), text, self._last["message"]["message_id"]))

    def photographs(self, caption: str) -> None:
        self._give(written(self._next(), None, caption=caption, photo=_PHOTO))

    def writes_in_group(self, text: str) -> None:
        self._give(written(self._next(), text, chat=-1001))

    def is_busy_once(self, seconds: int) -> None:
        self.double.refuses("sendMessage", 429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def is_blocked(self) -> None:
        self.double.refuses("sendMessage", 403, "Forbidden: bot was blocked by the user")

    def hears_garbage(self) -> None:
        for update in _GARBAGE:
            self._deliver(update)


class _ByPoll(_Telegram):
    def __init__(self, double: TelegramDouble, api: Api) -> None:
        super().__init__(double, api)
        self.polling = Polling(api, self.keeper, {}, _now, wait=0)

    def _deliver(self, update: Any) -> None:
        if update not in self.double.updates:
            self.double.gives(update)
        self._look()

    def _look(self) -> None:
        try:
            self.polling.look()
        except StorageError:
            return

    def is_acknowledged(self) -> bool:
        self._look()
        return self.double.updates == []


class _ByWebhook(_Telegram):
    def __init__(self, double: TelegramDouble, api: Api) -> None:
        super().__init__(double, api)
        self.site = Starlette(routes=[webhook_route(api, self.keeper, {}, _now, _SECRET)])
        self._status = 0

    def _deliver(self, update: Any) -> None:
        async def post() -> int:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.site), base_url="http://us") as client:
                headers = {"X-Telegram-Bot-Api-Secret-Token": _SECRET}
                return (await client.post(WEBHOOK_PATH, content=json.dumps(update), headers=headers)).status_code

        self._status = asyncio.run(post())

    def is_acknowledged(self) -> bool:
        return self._status == 200

    def hears_garbage(self) -> None:
        super().hears_garbage()
        asyncio.run(self._post_broken())

    async def _post_broken(self) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.site), base_url="http://us") as client:
            await client.post(WEBHOOK_PATH, content=b"{", headers={"X-Telegram-Bot-Api-Secret-Token": _SECRET})
            await client.post(WEBHOOK_PATH, json=written(1, "冒充的"), headers={})


def _labels(asked: dict[str, str]) -> list[str]:
    markup = json.loads(asked.get("reply_markup", "{}"))
    return [button["text"] for row in markup.get("inline_keyboard", ()) for button in row]


@contextmanager
def _by_poll() -> Iterator[Rig]:
    with TelegramDouble().running() as double, Api(TOKEN, double.url) as api:
        yield _ByPoll(double, api)


@contextmanager
def _by_webhook() -> Iterator[Rig]:
    with TelegramDouble().running() as double, Api(TOKEN, double.url) as api:
        yield _ByWebhook(double, api)


RIGS: Rigs = {"telegram by poll": _by_poll, "telegram by webhook": _by_webhook}
