"""python-telegram-bot's ``Bot`` for callers that are not asynchronous: its calls run on one event loop of their own.

    with Api(token, base_url) as api:
        api.updates(offset=None, wait=30)

Errors of the library never leave this file: what could not be done is ``SendFailed``, with ``retry_after`` where
Telegram names it, and ``for_good`` where asking again is no use. A call that timed out may have been carried out.
"""

import asyncio
import json
import logging
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlencode

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, error
from telegram.request import HTTPXRequest

from assistant.channels.base import SendFailed

OFFICIAL = "https://api.telegram.org"
_TAKES_AT_MOST = 20.0
_FILE_TAKES_AT_MOST = 60.0
_CLOSES_WITHIN = 3.0
#: with several at once, a chat's messages could overtake each other on the way
_POSTS_AT_ONCE = 1
_UPDATES = ("message", "edited_message", "callback_query")
#: what Telegram answers when an edit changes nothing: it stands as it should
_UNCHANGED = "not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
#: refusals of a chat, which no further try mends
_NO_SUCH_CHAT = ("chat not found", "peer_id_invalid", "user is deactivated", "chat_id is empty")
#: a button may bear so many bytes of our own
_BUTTON_BYTES = 64

Given = TypeVar("Given")


class MessageGone(Exception):
    """The message that was to be changed is not there, or too old."""


class Api:
    """The calls that we make. Safe to use from several threads."""

    def __init__(self, token: str, base_url: str = OFFICIAL) -> None:
        # these write every address that they ask, and ours bear the token; the last also writes people's words
        for name in ("httpx", "httpcore", "telegram"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._token = token
        self._base_url = base_url.rstrip("/")
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._has_left = Event()
        self._asking: Future[list[Any]] | None = None
        # environment proxies are read by the HTTP library only
        # given up after five seconds, as the library does by itself, a message that was sent is sent again
        patience = _TAKES_AT_MOST - 1
        self._lines = (
            HTTPXRequest(connection_pool_size=8, read_timeout=patience, write_timeout=patience),
            HTTPXRequest(connection_pool_size=1),
        )
        self._bot = Bot(
            token,
            f"{self._base_url}/bot",
            base_file_url=f"{self._base_url}/file/bot",
            request=self._lines[0],
            get_updates_request=self._lines[1],
        )

    def __enter__(self) -> "Api":
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Calls can be made from now on."""
        self._thread.start()

    def leave(self) -> None:
        """Ask for no more updates: a question that waits is given up, and what it would have brought comes again."""
        self._has_left.set()
        asking = self._asking
        if asking is not None:
            asking.cancel()

    def stop(self) -> None:
        """No call can be made any more; what was still on its way is given up."""
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._shut_down(), self._loop).result(_CLOSES_WITHIN)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _shut_down(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # the bot's own shutdown leaves them open: it was never initialised, which would ask getMe
        for line in self._lines:
            await line.shutdown()

    def updates(self, offset: int | None, wait: int) -> list[Any]:
        """What came since, as Telegram wrote it; asking with ``offset`` tells it that all before is ours.

        Nothing once it was left.
        """
        self._asking = asyncio.run_coroutine_threadsafe(self._updates(offset, wait), self._loop)
        if self._has_left.is_set():
            self._asking.cancel()
        try:
            return self._result(self._asking, _TAKES_AT_MOST + wait)
        except SendFailed:
            if self._has_left.is_set():
                return []
            raise

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

    def say_file(self, chat: str, name: str, content: bytes) -> str:
        """Send a file; the id under which it stands in that chat."""
        sent = self._call(self._bot.send_document(chat, content, filename=name), _FILE_TAKES_AT_MOST)
        return str(sent.message_id)

    def change(self, chat: str, message: str, text: str, buttons: Sequence[str] = ()) -> None:
        """Put other words in place of those of a message that we sent. Nothing when they stand there already.

        Raises MessageGone where there is no such message to change any more.
        """
        self._unless_unchanged(self._bot.edit_message_text(text, chat, int(message), reply_markup=_keyboard(buttons)))

    def file(self, reference: str, at_most: int) -> bytes:
        """The content of a file that somebody sent; ``for_good`` when it has more than ``at_most`` bytes."""
        file = self._call(self._bot.get_file(reference), _TAKES_AT_MOST)
        if (file.file_size or 0) > at_most:
            raise SendFailed(f"文件太大({file.file_size} 字节)", for_good=True)
        content = bytes(self._call(file.download_as_bytearray(), _FILE_TAKES_AT_MOST))
        if len(content) > at_most:
            raise SendFailed(f"文件太大({len(content)} 字节)", for_good=True)
        return content

    def poll_from_now_on(self) -> None:
        """No webhook any more: Telegram refuses to be asked while there is one. What waits is kept."""
        self._call(self._bot.delete_webhook(drop_pending_updates=False), _TAKES_AT_MOST)

    def post_to(self, url: str, secret: str) -> None:
        """Have updates posted to ``url`` from now on, one after the other, with ``secret`` to show."""
        self._call(
            self._bot.set_webhook(url, secret_token=secret, allowed_updates=_UPDATES, max_connections=_POSTS_AT_ONCE),
            _TAKES_AT_MOST,
        )

    def show_commands(self, described: Mapping[str, str]) -> None:
        """The menu of commands, each with what it does."""
        self._call(self._bot.set_my_commands(list(described.items())), _TAKES_AT_MOST)

    def end_waiting(self, tap: str) -> None:
        """Take away the sign that a tapped button shows."""
        self._call(self._bot.answer_callback_query(tap), _TAKES_AT_MOST)

    def take_buttons_away(self, chat: str, message: str) -> None:
        """Buttons that were used can't be pressed again. Nothing when they are gone already."""
        with suppress(MessageGone):
            self._unless_unchanged(self._bot.edit_message_reply_markup(chat, int(message)))

    def _unless_unchanged(self, asked: Coroutine[Any, Any, Any]) -> None:
        try:
            self._call(asked, _TAKES_AT_MOST)
        except SendFailed as failure:
            said = failure.why.lower()
            if any(each in said for each in _GONE):
                raise MessageGone from failure
            if _UNCHANGED not in said:
                raise

    def _call(self, asked: Coroutine[Any, Any, Given], takes_at_most: float) -> Given:
        return self._result(asyncio.run_coroutine_threadsafe(asked, self._loop), takes_at_most)

    def _result(self, future: "Future[Given]", takes_at_most: float) -> Given:
        try:
            return future.result(takes_at_most)
        except TimeoutError as late:
            future.cancel()
            raise SendFailed("Telegram 没有回音") from late
        except CancelledError as stopped:
            raise SendFailed("程序正在停,没有等到 Telegram 的回音") from stopped
        except error.RetryAfter as busy:
            after = busy.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
            raise SendFailed(f"Telegram 请等 {seconds:.0f} 秒", retry_after=seconds) from busy
        except error.InvalidToken as refused:
            # not the chat's fault: nothing may be set aside for it, and the library's own words bear the token
            raise SendFailed("Telegram 不认这个机器人的密钥,请核对 WEIGUANG_TELEGRAM_TOKEN") from refused
        except (error.Forbidden, error.ChatMigrated) as refused:
            raise SendFailed(refused.message, for_good=True) from refused
        except error.BadRequest as refused:
            is_gone = any(each in refused.message.lower() for each in _NO_SUCH_CHAT)
            raise SendFailed(refused.message, for_good=is_gone) from refused
        except error.TelegramError as failure:
            raise SendFailed(failure.message.replace(self._token, "…")) from failure


def _keyboard(buttons: Sequence[str]) -> InlineKeyboardMarkup | None:
    """One button a line: on a phone, two Chinese labels side by side are cut short."""
    if not buttons:
        return None
    rows = [
        [InlineKeyboardButton(label, callback_data=label if len(label.encode()) <= _BUTTON_BYTES else f"#{number}")]
        for number, label in enumerate(buttons)
    ]
    return InlineKeyboardMarkup(rows)
