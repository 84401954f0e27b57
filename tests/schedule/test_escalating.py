"""Silence is told upwards: the worker first, then the coordinator, then the community, never further."""

from datetime import timedelta

import pytest

from assistant.domain.access import AreaLevel
from assistant.storage import escalations
from assistant.storage.tables import Purpose
from tests.schedule.test_alarms import whole_street  # noqa: F401  the community with all its levels
from tests.turn.rehearsal import START, Rehearsal

GRID, COMMUNITY = AreaLevel.GRID, AreaLevel.COMMUNITY


def climbed(rehearsal: Rehearsal) -> list[tuple[str, AreaLevel, timedelta]]:
    with rehearsal.database.reading() as session:
        return [(step.key, step.to, step.at - START) for step in escalations.since(session, 0)]


def notices_to(rehearsal: Rehearsal, who: str) -> list[str]:
    rows = rehearsal.outbox(Purpose.NOTICE)
    return [each.text for each in rows if each.address == who and each.idempotency_key.startswith("late")]


@pytest.mark.parametrize(
    ("says", "first", "later"),
    [
        ("3-2-501 elder.fall", timedelta(days=1), timedelta(days=1)),
        ("3-2-501 fire.clutter", timedelta(days=7), timedelta(days=3)),
        ("3-2-501 gas.service", timedelta(days=33), timedelta(days=30)),
    ],
    ids=["P1", "P2", "P3"],
)
def test_what_is_overdue_is_told_to_the_coordinator_and_later_to_the_community(
    whole_street: Rehearsal,  # noqa: F811
    says: str,
    first: timedelta,
    later: timedelta,
) -> None:
    whole_street.worker_says(says)

    whole_street.wait(days=(first + later).days + 20)

    steps = list(dict.fromkeys(climbed(whole_street)))
    assert steps == [("3-2-501", GRID, first), ("3-2-501", COMMUNITY, first + later)]
    assert "3-2-501" in notices_to(whole_street, "wang")[0]
    assert "刘大姐" in notices_to(whole_street, "community")[0]
    assert whole_street.told("street") == [] or all("本周" in each for each in whole_street.told("street"))


def test_what_is_closed_in_time_is_told_to_nobody(whole_street: Rehearsal) -> None:  # noqa: F811
    whole_street.worker_says("3-2-501 fire.clutter")
    whole_street.worker_says("close 3-2-501 fire.clutter")

    whole_street.wait(days=15)

    assert climbed(whole_street) == []


def test_the_coordinator_is_not_woken_by_what_fell_due_at_night(whole_street: Rehearsal) -> None:  # noqa: F811
    whole_street.clock.move_on(timedelta(hours=13))  # 23:00
    whole_street.worker_says("3-2-501 elder.fall")

    whole_street.wait(hours=34)

    assert climbed(whole_street) == [("3-2-501", GRID, timedelta(hours=22 + 24))]  # 08:00 of the second morning


def test_all_that_stayed_undone_is_one_message(whole_street: Rehearsal) -> None:  # noqa: F811
    whole_street.worker_says("3-2-501 elder.fall; 3-2-502 elder.fall; 1-1-101 elder.fall")

    whole_street.wait(days=1)

    [notice] = notices_to(whole_street, "wang")
    assert [door in notice for door in ("3-2-501", "3-2-502", "1-1-101")] == [True] * 3


def test_a_p0_that_was_heard_but_not_ended_comes_back_to_the_coordinator(whole_street: Rehearsal) -> None:  # noqa: F811
    whole_street.worker_says("3-2-501 gas.leak")
    whole_street.coordinator_says("收到")

    whole_street.wait(hours=13)

    assert {to for _, to, _ in climbed(whole_street)} == set()  # at night
    whole_street.wait(hours=10)
    assert {to for _, to, _ in climbed(whole_street)} == {GRID}
