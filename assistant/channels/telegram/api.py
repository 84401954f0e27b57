"""python-telegram-bot's ``Bot`` for callers that are not asynchronous: its calls run on one event loop of their own.

    with Api(token, base_url) as api:
        api.updates(offset=None, wait=30)

Errors of the library never leave this file: what could not be done is ``SendFailed``, with ``retry_after`` where
Telegram names it, and ``for_good`` where asking again is no use. A call that timed out may have been carried out.
"""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from threading import Thread
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlencode

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, error
from telegram.request import HTTPXRequest

from assistant.channels.base import SendFailed

OFFICIAL = "https://api.telegram.org"
_TAKES_AT_MOST = 20.0
_UPDATES = ("message", "edited_message", "callback_query")
#: what Telegram answers when an edit changes nothing: it stands as it should
_UNCHANGED = "not modified"
#: refusals of a chat, which no further try mends
_NO_SUCH_CHAT = ("chat not found", "peer_id_invalid", "user is deactivated", "chat_id is empty")
#: a button may bear so many bytes of our own
_BUTTON_BYTES = 64

Given = TypeVar("Given")


class Api:
    """The calls that we make. Safe to use from several threads."""

    def __init__(self, token: str, base_url: str = OFFICIAL) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        # environment proxies are read by the HTTP library only
        self._bot = Bot(token, f"{base_url.rstrip('/')}/bot", request=HTTPXRequest(connection_pool_size=8))

    def __enter__(self) -> "Api":
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._bot.shutdown(), self._loop).result(_TAKES_AT_MOST)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def updates(self, offset: int | None, wait: int) -> list[Any]:
        """What came since, as Telegram wrote it; asking with ``offset`` tells it that all before is ours."""
        return self._call(self._updates(offset, wait), _TAKES_AT_MOST + wait)

    async def _updates(self, offset: int | None, wait: int) -> list[Any]:
        asked = {"timeout": wait, "allowed_updates": json.dumps(_UPDATES)} | (
            {} if offset is None else {"offset": offset}
        )
        # as plain data: Bot.get_updates makes objects of all, and one that is malformed would lose its neighbours
        given: Any = await self._bot.request.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=wait + 10
        )
        return list(given) if isinstance(given, list) else []

    def say(self, chat: str, text: str, buttons: Sequence[str] = ()) -> str:
        """Send a text; the id under which it stands in that chat."""
        sent = self._call(self._bot.send_message(chat, text, reply_markup=_keyboard(buttons)), _TAKES_AT_MOST)
        return str(sent.message_id)

    def end_waiting(self, tap: str) -> None:
        """Take away the sign that a tapped button shows."""
        self._call(self._bot.answer_callback_query(tap), _TAKES_AT_MOST)

    def take_buttons_away(self, chat: str, message: str) -> None:
        """Buttons that were used can't be pressed again. Nothing when they are gone already."""
        try:
            self._call(self._bot.edit_message_reply_markup(chat, int(message)), _TAKES_AT_MOST)
        except SendFailed as failure:
            if _UNCHANGED not in failure.why.lower():
                raise

    def _call(self, asked: Coroutine[Any, Any, Given], takes_at_most: float) -> Given:
        future = asyncio.run_coroutine_threadsafe(asked, self._loop)
        try:
            return future.result(takes_at_most)
        except TimeoutError as late:
            future.cancel()
            raise SendFailed("Telegram 没有回音") from late
        except error.RetryAfter as busy:
            after = busy.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
            raise SendFailed(f"Telegram 请等 {seconds:.0f} 秒", retry_after=seconds) from busy
        except (error.Forbidden, error.ChatMigrated, error.InvalidToken) as refused:
            raise SendFailed(refused.message, for_good=True) from refused
        except error.BadRequest as refused:
            is_gone = any(each in refused.message.lower() for each in _NO_SUCH_CHAT)
            raise SendFailed(refused.message, for_good=is_gone) from refused
        except error.TelegramError as failure:
            raise SendFailed(failure.message) from failure


def _keyboard(buttons: Sequence[str]) -> InlineKeyboardMarkup | None:
    """One button a line: on a phone, two Chinese labels side by side are cut short."""
    if not buttons:
        return None
    rows = [
        [InlineKeyboardButton(label, callback_data=label if len(label.encode()) <= _BUTTON_BYTES else f"#{number}")]
        for number, label in enumerate(buttons)
    ]
    return InlineKeyboardMarkup(rows)
