"""Quiet hours: when they begin and end."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from assistant.schedule.quiet import QuietHours

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(21), time(8), ZONE)
NOON = QuietHours(time(12), time(14), ZONE)
NEVER = QuietHours(time(8), time(8), ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-05T{text}:00+08:00")


@pytest.mark.parametrize(
    ("hours", "moment", "quiet"),
    [
        (NIGHT, "20:59", False),
        (NIGHT, "21:00", True),
        (NIGHT, "00:00", True),
        (NIGHT, "07:59", True),
        (NIGHT, "08:00", False),
        (NOON, "11:59", False),
        (NOON, "12:00", True),
        (NOON, "14:00", False),
        (NEVER, "08:00", False),
    ],
)
def test_quiet_hours_begin_and_end_on_the_minute(hours: QuietHours, moment: str, quiet: bool) -> None:
    assert hours.are_at(at(moment)) is quiet


@pytest.mark.parametrize(("moment", "over"), [("22:00", "2026-03-06T08:00+08:00"), ("03:00", "2026-03-05T08:00+08:00")])
def test_they_are_over_the_next_morning(moment: str, over: str) -> None:
    assert NIGHT.over_at(at(moment)) == datetime.fromisoformat(over)


def test_they_are_those_of_the_community_wherever_the_moment_was_written_down() -> None:
    assert NIGHT.are_at(datetime.fromisoformat("2026-03-05T14:00:00+00:00"))
