"""The daily round: what the calendar and the record alone call for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlmodel import select

from assistant.decide import decide
from assistant.domain.casework import Decision
from assistant.domain.reports import CareGrade, KnownHousehold, Reading, Severity
from assistant.storage.tables import ROUND, FollowUp, Purpose, Report, Resident
from assistant.turn.rounds import Rounds
from rules.engine.book import load_rules
from rules.engine.reference import ReferenceMatcher
from tests.turn.rehearsal import MINDS, REPLIES, ZONE, Rehearsal

MATCHER = ReferenceMatcher(load_rules())


def deciding(reading: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]:
    return decide(reading, known, at, MATCHER)


@pytest.fixture
def seen_once(rehearsal: Rehearsal) -> Rehearsal:
    """张大爷, 82 and alone, was met at the beginning."""
    rehearsal.turn = replace(rehearsal.turn, minds=replace(MINDS, decide=deciding))
    rehearsal.worker_says("3-2-501 met")
    return rehearsal


def go_round(rehearsal: Rehearsal, at: time | None = time(8)) -> None:
    rounds = Rounds(rehearsal.database, rehearsal.clock, ZONE, at)
    while rounds.look(rehearsal.turn.minds):
        pass


def rounds_on_record(rehearsal: Rehearsal) -> int:
    return sum(isinstance(row, Report) and row.channel == ROUND for row in rehearsal.rows(Report))


@pytest.mark.parametrize(("days", "flags"), [(6, []), (7, ["3-2-501 None P2 x1"])])
def test_who_was_not_seen_for_a_week_is_flagged_without_a_message(
    seen_once: Rehearsal, days: int, flags: list[str]
) -> None:
    seen_once.clock.move_on(timedelta(days=days))

    go_round(seen_once)

    assert seen_once.open_flags() == flags


def test_a_round_in_which_nothing_follows_leaves_no_trace(seen_once: Rehearsal) -> None:
    go_round(seen_once)

    assert rounds_on_record(seen_once) == 0


def test_a_round_is_made_once_a_day_also_after_a_restart(seen_once: Rehearsal) -> None:
    seen_once.clock.move_on(timedelta(days=7))
    go_round(seen_once)
    go_round(seen_once)

    assert rounds_on_record(seen_once) == 1
    assert seen_once.open_flags() == ["3-2-501 None P2 x1"]


def test_what_was_said_yesterday_is_not_said_again_today(seen_once: Rehearsal) -> None:
    seen_once.clock.move_on(timedelta(days=7))
    go_round(seen_once)
    seen_once.clock.move_on(timedelta(days=1))
    go_round(seen_once)

    assert rounds_on_record(seen_once) == 1


@pytest.mark.parametrize("at", [time(10, 1), None], ids=["later today", "never"])
def test_no_round_is_made_before_its_time(seen_once: Rehearsal, at: time | None) -> None:
    seen_once.clock.move_on(timedelta(days=7))

    go_round(seen_once, at)

    assert rounds_on_record(seen_once) == 0


def test_the_flag_of_a_round_ends_when_somebody_is_met(seen_once: Rehearsal) -> None:
    seen_once.clock.move_on(timedelta(days=7))
    go_round(seen_once)

    seen_once.worker_says("3-2-501 met")

    assert seen_once.open_flags() == []


def test_the_worker_is_reminded_of_what_a_round_promised(seen_once: Rehearsal) -> None:
    seen_once.clock.move_on(timedelta(days=7))
    go_round(seen_once)

    seen_once.wait(days=1, hours=1)

    assert [each.address for each in seen_once.outbox(Purpose.PROMPT)] == ["liu"]


def unseen_is_urgent(reading: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]:
    """As the rule book says, but whoever was not seen for a week is a P0."""
    return tuple(
        replace(each, severity=Severity.P0, flags=tuple(replace(flag, severity=Severity.P0) for flag in each.flags))
        for each in deciding(reading, known, at)
    )


def alarms(rehearsal: Rehearsal) -> list[str | None]:
    return [each.address for each in rehearsal.outbox(Purpose.ALARM)]


def test_a_p0_of_a_round_is_called_and_climbs_until_somebody_hears_it(seen_once: Rehearsal) -> None:
    seen_once.turn = replace(seen_once.turn, minds=replace(MINDS, decide=unseen_is_urgent))
    seen_once.clock.move_on(timedelta(days=7))

    go_round(seen_once)
    seen_once.run()
    first = alarms(seen_once)
    seen_once.wait(minutes=11)

    assert first == ["liu", "wang"]
    assert alarms(seen_once).count("wang") == 2


def test_a_p0_that_somebody_heard_is_not_called_again_by_the_next_days_round(seen_once: Rehearsal) -> None:
    seen_once.turn = replace(seen_once.turn, minds=replace(MINDS, decide=unseen_is_urgent))
    seen_once.clock.move_on(timedelta(days=7))
    go_round(seen_once)
    seen_once.run()
    seen_once.coordinator_says(REPLIES.buttons.acknowledge)
    before = alarms(seen_once)

    seen_once.wait(hours=23)
    seen_once.clock.move_on(timedelta(hours=1))
    go_round(seen_once)
    seen_once.wait(hours=1)

    assert alarms(seen_once) == before


@pytest.fixture
def in_red(rehearsal: Rehearsal) -> Rehearsal:
    """The community gave 张大爷 the red grade; nobody was there yet."""
    rehearsal.turn = replace(rehearsal.turn, minds=replace(MINDS, decide=deciding))
    with rehearsal.database.writing() as session:
        session.exec(select(Resident)).one().care_grade = CareGrade.RED
    return rehearsal


def promised(rehearsal: Rehearsal) -> list[str]:
    return [each.rule for each in rehearsal.rows(FollowUp) if isinstance(each, FollowUp) and each.ended_at is None]


def test_whom_nobody_was_with_yet_is_due_on_the_first_day(in_red: Rehearsal) -> None:
    go_round(in_red)

    assert promised(in_red) == ["elder.care-red-due"]


@pytest.mark.parametrize(("outcome", "due"), [("met", []), ("missed", ["elder.care-red-due", "visit.missed-frail"])])
def test_only_a_contact_ends_what_is_due_never_a_miss(in_red: Rehearsal, outcome: str, due: list[str]) -> None:
    go_round(in_red)

    in_red.worker_says(f"3-2-501 {outcome}")

    assert promised(in_red) == due


def test_done_says_that_somebody_was_seen_or_spoken_to(in_red: Rehearsal) -> None:
    go_round(in_red)
    in_red.wait(hours=10)
    in_red.worker_says(REPLIES.buttons.done)
    in_red.clock.move_on(timedelta(hours=14))
    go_round(in_red)

    assert promised(in_red) == ["elder.care-red-due"]
    assert in_red.open_flags() == ["3-2-501 None P3 x1"]


def test_a_contact_a_day_is_asked_for_again_the_next_day(in_red: Rehearsal) -> None:
    in_red.worker_says("3-2-501 met")
    in_red.clock.move_on(timedelta(days=1))
    go_round(in_red)

    assert in_red.open_flags() == ["3-2-501 None P3 x1"]


def test_what_is_due_today_is_asked_of_the_worker_and_a_silent_day_reaches_the_coordinator(in_red: Rehearsal) -> None:
    in_red.worker_says("3-2-501 met")
    in_red.clock.move_on(timedelta(days=1))
    go_round(in_red)
    in_red.wait(hours=10)
    asked = [each.address for each in in_red.outbox(Purpose.PROMPT)]
    told = [each.address for each in in_red.outbox(Purpose.NOTICE)]
    in_red.clock.move_on(timedelta(hours=14))
    go_round(in_red)
    in_red.wait(hours=10)

    assert (asked, told) == (["liu"], [])
    assert "wang" in [each.address for each in in_red.outbox(Purpose.NOTICE)]
