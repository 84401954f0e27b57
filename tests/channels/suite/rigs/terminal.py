"""The terminal: a person at the keyboard, and what stands on the screen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from assistant.channels.terminal import Terminal
from tests.channels.suite.rig import Can, Keeper, Rig, Rigs, Shown

_BUTTON = re.compile(r"\[(\d+)\] (\S+)")
_MARGIN = 7


class _Screen:
    can = frozenset({Can.TAP})

    def __init__(self) -> None:
        self.keeper = Keeper()
        self.address = "liu"
        self._printed: list[str] = []
        self.channel = Terminal(self.address, lambda: datetime(2026, 3, 5, 10, tzinfo=UTC), self._printed.append)

    def writes(self, text: str) -> None:
        self.keeper(self.channel.incoming(text))

    def taps(self, label: str) -> None:
        number = next(number for number, each in _BUTTON.findall(self._printed[-1]) if each == label)
        self.writes(number)

    def shows(self) -> list[Shown]:
        shown = []
        for printed in self._printed:
            lines = [line[_MARGIN:] if line.startswith(" " * _MARGIN) else line for line in printed.splitlines()]
            buttons = tuple(label for _, label in _BUTTON.findall(lines[-1]))
            text = "\n".join(lines[:-1] if buttons else lines)
            shown.append(Shown(text.partition("▸ ")[2], buttons))
        return shown


@contextmanager
def _terminal() -> Iterator[Rig]:
    yield _Screen()  # type: ignore[misc]  # what it can't do is not in ``can``


RIGS: Rigs = {"terminal": _terminal}
