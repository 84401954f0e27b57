"""Days of the Chinese calendar: lunar dates and feasts as days of the common one.

The table of lunar years is data (``knowledge/language/times.yaml``); a year outside it has no lunar days, and then the
words yield no time rather than a wrong one.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from knowledge.language import LunarYear, TimeWords

LONG, SHORT = 30, 29


class Calendar:
    """Feasts and lunar days of the years that the table knows."""

    def __init__(self, words: TimeWords) -> None:
        self._years: Mapping[int, LunarYear] = words.lunar_years
        self._solar = words.solar_feasts
        self._lunar = words.lunar_feasts
        self._terms = frozenset(words.solar_terms)

    def lunar_day(self, year: int, month: int, day: int, *, is_leap: bool = False) -> date | None:
        """The day of the lunar ``year`` (which starts at 春节); day 0 is the month's last. None when it can't be."""
        if year not in self._years or not 1 <= month <= 12:
            return None
        first, leap, months, _, _ = self._years[year]
        index = month - 1 + (1 if leap and (month > leap or (is_leap and month == leap)) else 0)
        length = LONG if months[index] == "大" else SHORT
        day = day or length
        if not 1 <= day <= length or (is_leap and month != leap):
            return None
        before = sum(LONG if size == "大" else SHORT for size in months[:index])
        return date.fromisoformat(f"{year}-{first}") + timedelta(days=before + day - 1)

    def lunar_month(self, year: int, month: int) -> tuple[date, date] | None:
        """First day of the lunar month and the day after its last."""
        first, last = self.lunar_day(year, month, 1), self.lunar_day(year, month, 0)
        return None if first is None or last is None else (first, last + timedelta(days=1))

    def feast(self, name: str, year: int) -> tuple[date, date] | None:
        """First day of the feast of the lunar or common ``year`` (除夕 ends it), and the day after its last."""
        if name in self._solar:
            month, day, length = self._solar[name]
            first: date | None = date(year, month, day)
        elif name in self._lunar:
            month, day, length = self._lunar[name]
            first = self.lunar_day(year, month, day)
        elif name in self._terms and year in self._years:
            row, length = self._years[year], 1
            first = date.fromisoformat(f"{year}-{row[3] if name.startswith('清明') else row[4]}")
        else:
            return None
        return None if first is None else (first, first + timedelta(days=length))
