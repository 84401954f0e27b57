"""The only reader of time. Everybody else is given a moment."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds that only grow, whatever is done to the machine's clock: for the time between two things."""
    return time.monotonic()


class SetClock:
    """A clock that only moves when it is told to: for rehearsals and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def move_on(self, by: timedelta) -> None:
        self._at += by
