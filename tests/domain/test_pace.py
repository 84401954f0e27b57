"""How far silence carries a promise, and how an alarm climbs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.access import AreaLevel
from assistant.domain.pace import Pace, Pursued, Step, climbs_to, next_step
from assistant.domain.reports import Severity

DUE = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
PACE = Pace()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
URGENT = Pursued(Severity.P1, DUE)
PROMPTED = replace(URGENT, prompted_at=DUE, escalated_to=AreaLevel.GRID, escalated_at=DUE)


def test_before_it_is_due_nothing_is_done_until_then() -> None:
    assert next_step(URGENT, DUE - HOUR, PACE) == Step(False, None, DUE)


def test_when_it_falls_due_the_worker_is_asked_and_the_coordinator_told() -> None:
    step = next_step(URGENT, DUE, PACE)

    assert (step.asks, step.escalates_to, step.look_at) == (True, AreaLevel.GRID, DUE + DAY)


def test_the_community_is_told_a_day_after_the_coordinator_however_late_that_was() -> None:
    told_late = replace(PROMPTED, escalated_at=DUE + 3 * DAY)

    early = next_step(told_late, DUE + 4 * DAY - HOUR, PACE)
    later = next_step(told_late, DUE + 4 * DAY, PACE)

    assert (early.escalates_to, later.escalates_to) == (None, AreaLevel.COMMUNITY)


def test_silence_alone_never_reaches_the_street() -> None:
    at_the_community = replace(PROMPTED, escalated_to=AreaLevel.COMMUNITY, escalated_at=DUE + DAY)

    assert next_step(at_the_community, DUE + 90 * DAY, PACE).escalates_to is None


def test_a_worker_whom_the_mornings_list_told_is_asked_when_it_falls_due_all_the_same() -> None:
    listed = replace(URGENT, prompted_at=DUE - 2 * HOUR)

    assert next_step(listed, DUE, PACE).asks


def test_an_overdue_promise_is_asked_after_again_a_week_later_and_not_before() -> None:
    asked = [next_step(PROMPTED, DUE + days * DAY, PACE).asks for days in (1, 6, 7)]

    assert asked == [False, False, True]


def test_a_clock_that_was_set_back_asks_nothing_again() -> None:
    assert next_step(PROMPTED, DUE - 2 * DAY, PACE) == Step(False, None, DUE)
    assert not next_step(PROMPTED, DUE, PACE).asks


@pytest.mark.parametrize(
    ("severity", "coordinator", "community"),
    [
        (Severity.P0, 12 * HOUR, 12 * HOUR),
        (Severity.P1, 0 * HOUR, DAY),
        (Severity.P2, 0 * HOUR, 3 * DAY),
        (Severity.P3, 3 * DAY, 30 * DAY),
    ],
)
def test_how_long_silence_takes_to_climb(severity: Severity, coordinator: timedelta, community: timedelta) -> None:
    assert (PACE.coordinator_after(severity), PACE.community_after(severity)) == (coordinator, community)


_MOMENTS = st.integers(0, 24 * 40).map(lambda hours: DUE + hours * HOUR)


@given(
    severity=st.sampled_from([Severity.P0, Severity.P1, Severity.P2, Severity.P3]),
    looks=st.lists(_MOMENTS, min_size=1, max_size=20).map(sorted),
)
def test_whenever_one_looks_each_level_is_told_once_and_there_is_always_a_next_look(
    severity: Severity, looks: list[datetime]
) -> None:
    promise, told = Pursued(severity, DUE), []
    for now in looks:
        step = next_step(promise, now, PACE)
        assert step.look_at > now
        told += [step.escalates_to] if step.escalates_to else []
        promise = replace(
            promise,
            prompted_at=now if step.asks else promise.prompted_at,
            escalated_to=step.escalates_to or promise.escalated_to,
            escalated_at=now if step.escalates_to else promise.escalated_at,
        )
        again = next_step(promise, now, PACE)
        assert (again.asks, again.escalates_to) == (False, None)

    assert told == [AreaLevel.GRID, AreaLevel.COMMUNITY][: len(told)]


def test_a_p0_climbs_from_the_grid_to_the_street_and_stays_there() -> None:
    levels = [climbs_to(told) for told in (None, AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET)]

    assert levels == [AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET, AreaLevel.STREET]
