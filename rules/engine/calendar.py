"""The days and seasons that rules may ask for (``{calendar: heat}``): what ``calendar.yaml`` says.

    heat: {label: 高温季, every_year: [06-15/08-31], source: 本项目建议}
    holiday: {label: 法定节假日, days: [2026-01-01/2026-01-03], source: holidays-2026}

A season comes round every year; single days hold in the year that they name. A community adds a declared heat or cold
wave as ``days`` of its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_YEARLY = re.compile(r"(\d\d)-(\d\d)")
_SATURDAY = 5


@dataclass(frozen=True)
class Period:
    """``every_year`` holds (month, day) pairs, first and last, over the year's end where the last is the smaller."""

    name: str
    label: str
    source: str
    every_year: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    days: tuple[tuple[date, date], ...]

    def holds_on(self, day: date) -> bool:
        """Is ``day`` one of its days?"""
        return any(first <= day <= last for first, last in self.days) or any(
            first <= (day.month, day.day) <= last
            if first <= last
            else (day.month, day.day) >= first or (day.month, day.day) <= last
            for first, last in self.every_year
        )

    def knows(self, year: int) -> bool:
        """Does it say anything of that year? (Holidays are announced one year at a time.)"""
        return bool(self.every_year) or any(first.year <= year <= last.year for first, last in self.days)


def yearly(written: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """``06-15/08-31`` or ``06-15``. Raises ValueError."""
    first, _, last = written.partition("/")
    return _month_and_day(first), _month_and_day(last or first)


def dated(written: str) -> tuple[date, date]:
    """``2026-01-01/2026-01-03`` or ``2026-01-01``. Raises ValueError, also when the last day is before the first."""
    first, _, last = written.partition("/")
    span = date.fromisoformat(first), date.fromisoformat(last or first)
    if span[1] < span[0]:
        raise ValueError(written)
    return span


def names_on(periods: Iterable[Period], day: date) -> tuple[str, ...]:
    """The names of the periods that hold on ``day``."""
    return tuple(period.name for period in periods if period.holds_on(day))


def is_working_day(periods: Iterable[Period], day: date) -> bool:
    """Do offices work on ``day``? Monday to Friday but for ``holiday``, and the weekend days named ``workday``."""
    names = names_on(periods, day)
    return "workday" in names or (day.weekday() < _SATURDAY and "holiday" not in names)


def _month_and_day(written: str) -> tuple[int, int]:
    found = _YEARLY.fullmatch(written)
    if found is None:
        raise ValueError(written)
    month, day = int(found[1]), int(found[2])
    date(2024, month, day)  # a leap year: 02-29 is a day
    return month, day
