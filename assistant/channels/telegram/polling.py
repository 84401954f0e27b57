"""Asking Telegram for what came: nothing is acknowledged before it is kept.

Telegram takes the next question's ``offset`` for the receipt of all before it, so the offset moves only past what
intake has committed. What can't be read is counted and passed by: it would come again for ever, and hold up everybody.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from assistant.channels.base import Incoming, SendFailed
from assistant.channels.telegram.api import Api
from assistant.channels.telegram.reading import Commands, read_update, tapped
from assistant.domain.errors import NotUnderstood

_log = logging.getLogger(__name__)


class Polling:
    """One reader of one bot's updates; a second one is refused by Telegram (409) and waits its turn."""

    def __init__(
        self,
        api: Api,
        receive: Callable[[Incoming], object],
        commands: Commands,
        now: Callable[[], datetime],
        wait: int = 25,
    ) -> None:
        self._api = api
        self._receive = receive
        self._commands = commands
        self._now = now
        self._wait = wait
        self._offset: int | None = None
        self.unreadable = 0

    def look(self) -> bool:
        """Take what came, and keep it. Was there anything?

        Raises StorageError (then Telegram gives the rest again) and SendFailed.
        """
        updates = self._api.updates(self._offset, self._wait)
        kept: list[tuple[Any, Incoming]] = []
        try:
            for data in updates:
                incoming = self._take(data)
                if incoming is not None:
                    kept.append((data, incoming))
                number = data.get("update_id") if isinstance(data, dict) else None
                if isinstance(number, int):
                    self._offset = max(self._offset or 0, number + 1)
        finally:
            # each sign costs a call, and a slow one would hold up what came after the tap
            for data, incoming in kept:
                after_keeping(self._api, data, incoming)
        return bool(updates)

    def _take(self, data: Any) -> Incoming | None:
        try:
            incoming = read_update(data, self._commands, self._now())
        except NotUnderstood as fault:
            self.unreadable += 1
            _log.warning("telegram: %s", fault.what)
            return None
        if incoming is not None:
            self._receive(incoming)
        return incoming


def after_keeping(api: Api, data: Any, incoming: Incoming) -> None:
    """Show on the worker's screen that a tap has arrived. A tap that can't be shown so is kept all the same."""
    tap = tapped(data)
    if tap is None:
        return
    try:
        api.end_waiting(tap)
        if incoming.reply_to is not None:
            api.take_buttons_away(incoming.where, incoming.reply_to)
    except SendFailed as failure:
        _log.info("telegram: a tap's sign stays: %s", failure.why)
