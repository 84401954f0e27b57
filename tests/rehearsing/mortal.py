"""An assistant that can be killed anywhere and starts again on what it had committed.

    mortal.die_at(7)          the seventh reading of the clock from now on ends the process
    mortal.play(step)         true when it lived through the step; else it was started anew and has caught up

Everything reads the clock before and after it commits or sends, so that a death there falls between any two of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from assistant.app import Files, build
from assistant.rehearsing.form import Conversation, Step
from assistant.rehearsing.playing import Player
from assistant.schedule.clock import SetClock
from assistant.settings import Settings

#: after it, whatever was being tried when the process died is tried again
_BACK_AFTER = timedelta(seconds=40)


class Killed(BaseException):
    """The process is gone. No handler of errors may hold it up."""


class MortalClock(SetClock):
    """A clock at whose n-th reading the process dies."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self._readings_left: int | None = None

    def die_at(self, reading: int | None) -> None:
        self._readings_left = reading

    def now(self) -> datetime:
        if self._readings_left is not None:
            self._readings_left -= 1
            if self._readings_left < 1:
                self._readings_left = None
                raise Killed
        return super().now()


class Mortal:
    """Plays steps like ``Player``."""

    def __init__(self, settings: Settings, files: Files, conversation: Conversation) -> None:
        self._settings, self._files = settings, files
        self.clock = MortalClock(conversation.starts_at)
        self.player = Player(build(settings, self.clock, files), self.clock)
        self.player.begin(conversation)

    def die_at(self, reading: int) -> None:
        self.clock.die_at(reading)

    def play(self, step: Step) -> bool:
        """Was it still alive at the end of the step?"""
        end = super(MortalClock, self.clock).now() + (step.passes or timedelta())
        try:
            self.player.play(step)
        except Killed:
            self._start_anew()
            self.clock.move_to(max(end, self.clock.now() + _BACK_AFTER))
            self.player.play(Step(wait=timedelta()))
            return False
        finally:
            self.clock.die_at(None)
        return True

    def _start_anew(self) -> None:
        self.clock.die_at(None)
        self.player.app.close()
        self.player.app = build(self._settings, self.clock, self._files)

    def close(self) -> None:
        self.player.app.close()


@contextmanager
def mortal(settings: Settings, files: Files, conversation: Conversation) -> Iterator[Mortal]:
    there = Mortal(settings, files, conversation)
    try:
        yield there
    finally:
        there.close()
