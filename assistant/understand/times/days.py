"""Stretches of days as pairs: the first day, and the day after the last."""

from collections.abc import Iterator
from datetime import date, timedelta

from assistant.domain.numerals import read_number
from assistant.understand.times.mention import Precision

Days = tuple[date, date]
ONE_DAY = timedelta(days=1)
WEEKDAYS = {name: number for number, name in enumerate("一二三四五六日")} | {"天": 6}
_THIRDS = {"初": (1, 10), "上": (1, 10), "中": (11, 20), "底": (21, 31), "末": (21, 31), "下": (21, 31)}


def one_day(year: int, month: int, day: int) -> Days:
    """Raises ValueError for a day that does not exist (2月30号)."""
    first = date(year, month, day)
    return first, first + ONE_DAY


def whole_month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_away(day: date, months: int) -> Days:
    """The month that is ``months`` after the one of ``day`` (before, when negative)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return whole_month(year, month + 1)


def third_of_month(month: date, which: str) -> Days:
    """月初 and 上旬 are its first ten days, 月底 and 下旬 all after the twentieth."""
    first, last = _THIRDS[which]
    end = whole_month(month.year, month.month)[1]
    return month.replace(day=first), end if last == 31 else month.replace(day=last) + ONE_DAY


def part_of_year(year: int, half: str | None, part: str | None) -> Days:
    """上半年, 下半年, 年初 (two months), 年中 (June and July), 年底 (two months)."""
    first, last = {"上": (1, 6), "下": (7, 12)}.get(half or "") or {"初": (1, 2), "中": (6, 7)}.get(
        part or "", (11, 12)
    )
    return date(year, first, 1), whole_month(year, last)[1]


def in_week(today: date, weeks: int, day: str | None) -> Days:
    """A day (一 … 日, or 末 for both of the weekend) of the week ``weeks`` from now; the whole week without one."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    if day is None:
        return monday, monday + timedelta(days=7)
    if day == "末":
        return monday + timedelta(days=5), monday + timedelta(days=7)
    first = monday + timedelta(days=WEEKDAYS[day])
    return first, first + ONE_DAY


def each_day(days: Days) -> Iterator[date]:
    """Every day of the stretch, in order."""
    day = days[0]
    while day < days[1]:
        yield day
        day += ONE_DAY


def precision_of(days: Days) -> Precision:
    """How exactly a stretch of this length was said: a day, a week (up to ten days), a month (up to two) or a year."""
    length = (days[1] - days[0]).days
    if length == 1:
        return Precision.DAY
    return Precision.WEEK if length <= 10 else Precision.MONTH if length <= 62 else Precision.YEAR


def small_number(numeral: str | None) -> int:
    """A day, month or hour as written; 0 for none."""
    return int(read_number(numeral or "") or 0)


def lunar_day_number(said: str) -> int:
    """初五, 廿一, 二十, 15."""
    if said.startswith("廿"):
        return 20 + small_number(said[1:])
    return small_number(said.removeprefix("初"))
