"""Zones, summer time, month ends and years: the schedule keeps to the community's own day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.decide.promised import promised_moment
from assistant.domain.pace import Pace
from assistant.domain.reports import CaseReading, Quote, TimeSaid
from assistant.schedule.courtesy import Courtesy
from assistant.schedule.quiet import QuietHours
from assistant.schedule.watch import Watch
from assistant.storage.tables import Purpose
from tests.turn.rehearsal import REPLIES, Rehearsal

NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
KOLKATA = ZoneInfo("Asia/Kolkata")


def courtesy(zone: ZoneInfo) -> Courtesy:
    return Courtesy(QuietHours(time(21), time(8), zone))


@pytest.mark.parametrize(
    ("zone", "now", "begins", "ends"),
    [
        (SHANGHAI, "2026-03-05T23:30+08:00", "2026-03-05T08:00+08:00", "2026-03-06T00:00+08:00"),
        (SHANGHAI, "2026-01-31T12:00+08:00", "2026-01-31T08:00+08:00", "2026-02-01T00:00+08:00"),
        (SHANGHAI, "2026-12-31T12:00+08:00", "2026-12-31T08:00+08:00", "2027-01-01T00:00+08:00"),
        (SHANGHAI, "2028-02-28T12:00+08:00", "2028-02-28T08:00+08:00", "2028-02-29T00:00+08:00"),
        # the day on which New York's clocks go forward has 23 hours, the one on which they go back 25
        (NEW_YORK, "2026-03-08T00:30-05:00", "2026-03-08T08:00-04:00", "2026-03-09T00:00-04:00"),
        (NEW_YORK, "2026-11-01T00:30-04:00", "2026-11-01T08:00-05:00", "2026-11-02T00:00-05:00"),
        (KOLKATA, "2026-03-05T20:00+00:00", "2026-03-06T08:00+05:30", "2026-03-07T00:00+05:30"),
    ],
)
def test_a_day_begins_and_ends_by_the_communitys_clock(zone: ZoneInfo, now: str, begins: str, ends: str) -> None:
    moment = datetime.fromisoformat(now)

    assert courtesy(zone).day_begins_at(moment).astimezone(UTC) == datetime.fromisoformat(begins)
    assert courtesy(zone).day_ends_at(moment).astimezone(UTC) == datetime.fromisoformat(ends)


@pytest.mark.parametrize(
    ("now", "over"),
    [("2026-03-07T22:00-05:00", "2026-03-08T08:00-04:00"), ("2026-10-31T22:00-04:00", "2026-11-01T08:00-05:00")],
)
def test_quiet_hours_end_at_eight_also_in_a_night_in_which_the_clocks_change(now: str, over: str) -> None:
    quiet = courtesy(NEW_YORK).quiet

    assert quiet.over_at(datetime.fromisoformat(now)).astimezone(UTC) == datetime.fromisoformat(over)


def test_a_community_elsewhere_is_told_by_its_own_morning(rehearsal: Rehearsal) -> None:
    rehearsal.watch = Watch.over(
        rehearsal.database,
        rehearsal.clock,
        courtesy(NEW_YORK),
        REPLIES,
        lambda _: Pace(),
        lambda day: day.weekday() < 5,
    )
    rehearsal.clock.move_to(datetime(2026, 3, 7, 22, tzinfo=NEW_YORK))
    rehearsal.worker_says("3-2-501 elder.fall")

    rehearsal.wait(hours=40)

    [prompt] = [each for each in rehearsal.outbox(Purpose.PROMPT) if each.address == "liu"]
    assert prompt.created_at.astimezone(NEW_YORK).isoformat() == "2026-03-09T08:00:00-04:00"


def test_a_clock_that_leaps_over_many_days_makes_each_days_list_of_that_day_alone(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter; 3-2-502 gas.service")
    rehearsal.clock.move_on(timedelta(days=29, hours=-1))

    rehearsal.run()

    lists = [each for each in rehearsal.outbox(Purpose.LIST) if each.address == "liu"]
    assert lists == []
    assert len([each for each in rehearsal.outbox(Purpose.PROMPT) if each.address == "liu"]) == 1


def said(day: date, days: int = 1) -> TimeSaid:
    start = datetime.combine(day, time(), SHANGHAI)
    return TimeSaid("due", start, start + timedelta(days=days), Quote("", 0, 0))


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((said(date(2026, 3, 7)),), "2026-03-07T09:00+08:00"),
        ((said(date(2026, 3, 7), days=2),), "2026-03-07T09:00+08:00"),
        ((said(date(2026, 3, 1)),), None),
        ((said(date(2026, 3, 5)),), "2026-03-05T18:00+08:00"),
        ((said(date(2026, 4, 1)), said(date(2026, 3, 31))), "2026-03-31T09:00+08:00"),
        (
            (
                TimeSaid(
                    "due",
                    datetime(2026, 3, 6, 15, tzinfo=SHANGHAI),
                    datetime(2026, 3, 6, 16, tzinfo=SHANGHAI),
                    Quote("", 0, 0),
                ),
            ),
            "2026-03-06T15:00+08:00",
        ),
        ((), None),
    ],
    ids=["a day", "a weekend", "a day that is over", "today", "two days", "an hour", "none"],
)
def test_what_was_promised_for_a_day_is_looked_at_on_that_day(
    times: tuple[TimeSaid, ...], expected: str | None
) -> None:
    moment = promised_moment(CaseReading("3-2-501", times=times), datetime(2026, 3, 5, 10, tzinfo=SHANGHAI))

    assert moment == (None if expected is None else datetime.fromisoformat(expected))
