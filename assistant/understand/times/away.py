"""三天前, 半个小时后, 两周内, 近三个月: so much before or after the moment of the message."""

from datetime import date, datetime, time, timedelta

from assistant.understand.numbers.amounts import read_amount
from assistant.understand.times.days import ONE_DAY, Days, month_away, precision_of
from assistant.understand.times.mention import Precision

_MINUTES = {"分钟": 1, "刻钟": 15, "小时": 60, "钟头": 60}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
_PRECISIONS = {
    "分钟": Precision.MINUTE,
    "刻钟": Precision.MINUTE,
    "小时": Precision.HOUR,
    "钟头": Precision.HOUR,
}

#: 1967年前 is no number of years ago
LONGEST = 120

Moments = tuple[datetime, datetime]


def away(at: datetime, amount: str, unit: str, side: str, *, is_more: bool) -> tuple[Moments, Precision] | None:
    """From when until when, in the zone of ``at``; None when the words are no amount or the calendar ends.

    ``side`` is 前, 后, 内 (from now on) or 近 (up to now); ``is_more``: 多 was said (三天多前). Days are whole days,
    months whole months, years whole years.
    """
    count = read_amount(amount) if amount != "半" else None
    low, high = (count.low, count.high) if count else (0.5, 0.5) if amount == "半" else (0.0, 0.0)
    half = 0.5 if "半" in unit else 0.0
    name = unit.replace("个", "").replace("半", "")
    if not high or high > LONGEST:
        return None
    try:
        near = _shift(at, low + half, name, side)
        far = _shift(at, high + half + is_more, name, side)
    except (OverflowError, ValueError):
        return None
    if side in ("内", "里"):
        return (at, far[1]), Precision.VAGUE
    if side == "近":
        return (far[0], at), Precision.VAGUE
    since, until = min(near[0], far[0]), max(near[1], far[1])
    return (since, until), _PRECISIONS.get(name) or precision_of((since.date(), until.date()))


def _shift(at: datetime, count: float, unit: str, side: str) -> Moments:
    sign = -1 if side in ("前", "近") else 1
    if unit in _MINUTES:
        minutes = _MINUTES[unit] * count
        moment = at + sign * timedelta(minutes=minutes)
        slack = timedelta(minutes=30 if minutes >= 120 else 5)
        return moment - slack, moment + slack
    if unit in _DAYS:
        return _midnights(at, _one(at.date() + sign * timedelta(days=round(_DAYS[unit] * count))))
    if unit == "月" and count < 1:  # 半个月前
        return _midnights(at, _one(at.date() + sign * timedelta(days=15)))
    if unit == "年" and count == int(count):
        year = at.year + sign * int(count)
        return _midnights(at, (date(year, 1, 1), date(year + 1, 1, 1)))
    return _midnights(at, month_away(at.date(), sign * round(count * (12 if unit == "年" else 1))))


def _one(day: date) -> Days:
    return day, day + ONE_DAY


def _midnights(at: datetime, days: Days) -> Moments:
    first, last = (datetime.combine(day, time(), at.tzinfo) for day in days)
    return first, last
