"""A moment, day or longer stretch that a message names."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    """Where it lies as seen from the message."""

    PAST = "past"
    #: it holds the moment of the message (今天, 这周, 现在)
    PRESENT = "present"
    FUTURE = "future"
    #: 每周二, 天天: ``starts_at`` is the next time, or the one under way
    RECURRING = "recurring"


class Precision(StrEnum):
    """How exactly it was said."""

    MINUTE = "minute"
    HOUR = "hour"
    #: 上午, 今晚黑
    PART_OF_DAY = "part_of_day"
    DAY = "day"
    #: several days, a week
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    #: 这几天, 改天, 等哈: the limits are ours
    VAGUE = "vague"


class Bound(StrEnum):
    """What 前, 后 and 从 make of it (周五之前, 从国庆开始)."""

    BEFORE = "before"
    AFTER = "after"
    SINCE = "since"


@dataclass(frozen=True)
class TimeMention:
    """``text[start:end]`` means ``starts_at`` up to, not including, ``ends_at``; both aware, in the community's zone.

    ``weekdays`` (0 Monday … 6 Sunday) tell on which days a recurring one falls; empty means daily or monthly.
    """

    start: int
    end: int
    starts_at: datetime
    ends_at: datetime
    direction: Direction
    precision: Precision
    bound: Bound | None = None
    weekdays: frozenset[int] = frozenset()
