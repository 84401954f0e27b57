"""Tries a draft on the record beside the pages, one after the other, and tells how far it has got.

    tests.begin(draft, 30, since)
    tests.told(draft, 30)                # None where nothing runs: then tests.found(draft, 30), or has_failed

What was found is kept for the draft and the book in use at that time, in this process only: it counts reports, and more
of them come each day. A program that ends in between has lost nothing that can't be asked for again.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from assistant.publishing.desk import Edition, RuleDesk, Tried

_log = logging.getLogger(__name__)
#: what was found that is kept at hand
_KEPT = 6

#: the book in use, the draft, how many days back
_Asked = tuple[str, str, int]


@dataclass(frozen=True)
class Told:
    """How far one has got. ``of`` is 0 until that is known."""

    done: int = 0
    of: int = 0


class Backtests:
    """One for each site."""

    def __init__(self, desk: RuleDesk) -> None:
        self._desk = desk
        self._told: dict[_Asked, Told] = {}
        self._found: dict[_Asked, Tried | None] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="back-test")

    def begin(self, draft: Edition, days: int, since: datetime) -> None:
        """Decide by both books what was reported since then. Returns at once; asked twice, it is done once."""
        asked, told = self._asked(draft, days), Told()
        if self._told.setdefault(asked, told) is told:
            self._found.pop(asked, None)
            work = self._worker.submit(self._desk.backtest, draft, since, self._telling(asked))
            work.add_done_callback(lambda future: self._end(asked, future))

    def told(self, draft: Edition, days: int) -> Told | None:
        """How far it has got; None where it does not run."""
        return self._told.get(self._asked(draft, days))

    def found(self, draft: Edition, days: int) -> Tried | None:
        """What it found; None where it did not run, or broke off."""
        return self._found.get(self._asked(draft, days))

    def has_failed(self, draft: Edition, days: int) -> bool:
        """Did the last one break off?"""
        asked = self._asked(draft, days)
        return asked in self._found and self._found[asked] is None

    def _asked(self, draft: Edition, days: int) -> _Asked:
        return (self._desk.in_use().version, draft.version, days)

    def _telling(self, asked: _Asked) -> Callable[[int, int], None]:
        def tell(done: int, of: int) -> None:
            self._told[asked] = Told(done, of)

        return tell

    def _end(self, asked: _Asked, future: "Future[Tried]") -> None:
        error = future.exception()
        if error is not None:
            # the error's own words may hold somebody's
            _log.error("back-test: %s", type(error).__name__)
        found = dict(self._found)
        found[asked] = future.result() if error is None else None
        # what was found stands before the page hears that it is over
        self._found = dict([*found.items()][-_KEPT:])
        self._told.pop(asked, None)
