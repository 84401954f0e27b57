"""What is counted about the service, from the record of a small community."""

import pytest

from assistant.monitoring.figures import Figures, figures
from tests.turn.rehearsal import ZONE, Rehearsal


@pytest.fixture
def counted(rehearsal: Rehearsal) -> "Counted":
    return Counted(rehearsal)


class Counted:
    """The community, and its figures now."""

    def __init__(self, community: Rehearsal) -> None:
        self.community = community

    def now(self) -> Figures:
        with self.community.database.reading() as session:
            return figures(session, self.community.clock.now().astimezone(ZONE))


def test_an_empty_record_counts_nothing(counted: Counted) -> None:
    now = counted.now()

    assert (now.received, now.set_aside, now.unacknowledged, now.outbox_waiting) == ({}, {}, 0, 0)
    assert set(now.prompts_today) == {0}


def test_a_message_is_counted_as_received_and_as_handled(counted: Counted) -> None:
    counted.community.worker_says("3-2-501 gas.hose")

    assert sum(counted.now().received.values()) == sum(counted.now().handled.values()) == 1


def test_an_alarm_stands_unacknowledged_and_grows_older(counted: Counted) -> None:
    counted.community.worker_says("3-2-501 gas.leak")
    counted.community.wait(minutes=7)

    now = counted.now()

    assert now.unacknowledged == 1
    assert now.unacknowledged_age == pytest.approx(7 * 60, abs=1)
    assert now.acknowledged_after == []


def test_prompts_are_counted_by_the_day_and_by_nobodys_name(counted: Counted) -> None:
    counted.community.worker_says("3-2-501 gas.hose")
    by_hour: dict[int, int] = {}

    for _ in range(10 * 24):
        counted.community.wait(hours=1)
        hour = counted.community.clock.now().astimezone(ZONE).hour
        by_hour[hour] = max(by_hour.get(hour, 0), sum(counted.now().prompts_today))

    assert by_hour[20] >= 1
    assert by_hour[0] == 0
