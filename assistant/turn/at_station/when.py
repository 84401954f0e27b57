"""Which day or stretch a message at the station means.

The general grammar of times is asked first. It leaves a bare 7号 or 周二 alone, since elsewhere these are doors and
habits; at the station they are days, and always the next ones.
"""

import re
from datetime import date, datetime, timedelta

from assistant.understand.times import Direction, Precision, TimeMention, find_times

_FINE = (Precision.MINUTE, Precision.HOUR)
_OF_ONE_DAY = (*_FINE, Precision.PART_OF_DAY, Precision.DAY)
_DAY_OF_MONTH = re.compile(r"(?<![\d月])(\d{1,2})[号日](?![楼栋门院室])")
_WEEK = re.compile(r"([下这本])个?(?:周|星期|礼拜)")
_WEEKDAY = re.compile(r"(下)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_CLOCK = r"[\d一二三四五六七八九十两]{1,3}(?:点|:)(?:半|一刻|三刻|\d{1,2}分?)?"
_HOUR = re.compile(_CLOCK)
_SPAN = re.compile(rf"{_CLOCK}[到至~\-—–]{_CLOCK}")
_WEEKDAYS = "一二三四五六日"


def day_meant(text: str, at: datetime) -> date | None:
    """The first day that is named, from ``at`` on; None when none is."""
    for mention in _mentions(text, at):
        if mention.precision in _OF_ONE_DAY:
            return mention.starts_at.date()
    return _bare_day(text, at)


def days_meant(text: str, at: datetime) -> list[date]:
    """Every day that is named, in the order of the words (周末 is its Saturday)."""
    days = [
        mention.starts_at.date()
        for mention in _mentions(text, at)
        if mention.precision in _OF_ONE_DAY or mention.ends_at - mention.starts_at <= timedelta(days=3)
    ]
    rest = _without_times(text, at)
    while (day := _bare_day(rest, at)) is not None:
        days.append(day)
        rest = _DAY_OF_MONTH.sub("", rest, count=1) if _DAY_OF_MONTH.search(rest) else _WEEKDAY.sub("", rest, count=1)
    return list(dict.fromkeys(days))


def week_meant(text: str, at: datetime) -> list[date]:
    """The days from ``at`` on of the week that is named (下周); seven days from today where none is."""
    today = at.date()
    monday = today - timedelta(days=today.weekday())
    said = _WEEK.search(text)
    if said is not None and said[1] == "下":
        return [monday + timedelta(days=7 + step) for step in range(7)]
    if said is not None:
        return [day for step in range(7) if (day := monday + timedelta(days=step)) >= today]
    return [today + timedelta(days=step) for step in range(7)]


def stretch_meant(text: str, at: datetime) -> tuple[datetime, datetime] | None:
    """From when until when, where both are said to the hour; None otherwise (下午 alone is none)."""
    for mention in _mentions(text, at):
        if mention.precision in _FINE and _says_until(text[mention.start : mention.end]):
            day = mention.starts_at.date()
            bare = _bare_day(text[: mention.start], at)
            if bare is not None and bare != day:
                shift = bare - day
                return mention.starts_at + shift, mention.ends_at + shift
            return mention.starts_at, mention.ends_at
    return None


def with_hours_of(earlier: str, text: str, at: datetime) -> str:
    """``earlier`` with the hours of ``text`` in place of its own; the day too, where ``text`` names one."""
    span = _SPAN.search(text)
    if span is None or day_meant(text[: span.start()], at) is not None:
        return f"{_without_times(earlier, at)},{text}"
    for pattern in (_SPAN, _HOUR):
        if pattern.search(earlier):
            return pattern.sub(span[0], earlier, count=1)
    said = _mentions(earlier, at)
    end = said[0].end if said else 0
    return earlier[:end] + span[0] + earlier[end:]


def part_meant(text: str, at: datetime) -> tuple[datetime, datetime] | None:
    """What part of one day is named at all: hours, an afternoon, or the whole day."""
    stretch = stretch_meant(text, at)
    if stretch is not None:
        return stretch
    for mention in _mentions(text, at):
        if mention.precision in _OF_ONE_DAY:
            return mention.starts_at, mention.ends_at
    day = _bare_day(text, at)
    if day is None:
        return None
    starts = at.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)
    return starts, starts + timedelta(days=1)


def _says_until(words: str) -> bool:
    return re.search(r"[到至~\-—–]", words) is not None


def _mentions(text: str, at: datetime) -> tuple[TimeMention, ...]:
    zone = at.tzinfo
    assert zone is not None, "a course's moments are aware"
    return tuple(one for one in find_times(text, at, zone) if one.direction is not Direction.RECURRING)


def _without_times(text: str, at: datetime) -> str:
    for mention in reversed(_mentions(text, at)):
        text = text[: mention.start] + "," + text[mention.end :]
    return text


def _bare_day(text: str, at: datetime) -> date | None:
    today = at.date()
    if found := _DAY_OF_MONTH.search(text):
        return _next_day_of_month(int(found[1]), today)
    if found := _WEEKDAY.search(text):
        wanted = _WEEKDAYS.index("日" if found[2] == "天" else found[2])
        ahead = (wanted - today.weekday()) % 7
        if found[1]:
            return today - timedelta(days=today.weekday()) + timedelta(days=7 + wanted)
        return today + timedelta(days=ahead)
    return None


def _next_day_of_month(number: int, today: date) -> date | None:
    month = today.replace(day=1)
    for _ in range(3):
        try:
            day = month.replace(day=number)
        except ValueError:
            day = None
        if day is not None and day >= today:
            return day
        month = (month + timedelta(days=32)).replace(day=1)
    return None
