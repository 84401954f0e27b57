"""The service station's opening hours and doctor's days: as people write them, and as the tables keep them.

    read_hours("周一至周五 9:00-17:00")     → {"1": [["09:00", "17:00"]], … "5": …}
    openings(hours, date(2026, 3, 5))       → [(time(9), time(17))]; empty when closed

Weekdays are numbers, 1 Monday … 7 Sunday. A day that stands in no line is closed.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from assistant.domain.errors import NotUnderstood

#: weekday (as text) → spans of the day
Hours = Mapping[str, Sequence[Sequence[str]]]

_WEEKDAYS = "一二三四五六日"
_DAY = r"(?:周|星期|礼拜)?(?<!每)([一二三四五六日天末])"
_DAYS = re.compile(rf"{_DAY}(?:\s*[至到~—-]+\s*{_DAY})?")
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[至到~—–-]+\s*(\d{1,2})[:：](\d{2})")
_HOW = "写成“周一至周五 9:00-17:00”,几段用分号隔开"


def read_weekday(text: str) -> int:
    """周二, 星期二 → 2. Raises NotUnderstood."""
    found = re.fullmatch(_DAY, text.strip())
    if found is None or found[1] == "末":
        raise NotUnderstood(f"“{text}”不是星期几", "写成“周二”")
    return _number(found[1])


def read_hours(text: str) -> dict[str, list[list[str]]]:
    """Opening hours as people write them. Raises NotUnderstood where a part has no day or no span."""
    hours: dict[str, list[list[str]]] = {}
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        spans = [_span(found) for found in _SPAN.finditer(part)]
        days = _days(_SPAN.sub("", part))
        if not spans or not days:
            raise NotUnderstood(f"看不懂开门时间“{part.strip()}”", _HOW)
        for day in days:
            hours.setdefault(str(day), []).extend(spans)
    if not hours:
        raise NotUnderstood("开门时间是空的", _HOW)
    return hours


def openings(hours: Hours, day: date) -> list[tuple[time, time]]:
    """When the station is open on ``day``, in order; empty when it is closed."""
    return sorted((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in _on(hours, day))


def is_open(hours: Hours, starts: datetime, ends: datetime) -> bool:
    """Is the station open from ``starts`` until ``ends``, in the community's zone? Where no hours are known: yes."""
    if not hours:
        return True
    spans = openings(hours, starts.date())
    inside = any(opens <= starts.time() and ends.time() <= closes for opens, closes in spans)
    return inside and ends.date() == starts.date()


def _on(hours: Hours, day: date) -> Sequence[Sequence[str]]:
    return hours.get(str(day.isoweekday()), ())


def _days(text: str) -> list[int]:
    days: list[int] = []
    for found in _DAYS.finditer(text):
        if found[1] == "末":
            days += [6, 7]
            continue
        first, last = _number(found[1]), _number(found[2] or found[1])
        days += range(first, last + 1)
    return days or (list(range(1, 8)) if "每天" in text or not text.strip(" ,，、") else [])


def _number(name: str) -> int:
    return _WEEKDAYS.index("日" if name == "天" else name) + 1


def _span(found: re.Match[str]) -> list[str]:
    opens, closes = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    if not opens < closes or closes > (23, 59) or opens[1] > 59 or closes[1] > 59:
        raise NotUnderstood(f"“{found[0]}”不是一段时间", _HOW)
    return [f"{hour:02d}:{minute:02d}" for hour, minute in (opens, closes)]
