"""How a matter ends: at the worker's word, or at the coordinator's after it."""

import pytest

from assistant.domain.followups import FollowUpState, MatterState
from assistant.storage.tables import FollowUp, Matter
from tests.turn.rehearsal import REPLIES, Rehearsal

DONE = REPLIES.buttons.done


@pytest.mark.parametrize("kind", ["fire.clutter", "gas.service"])
def test_a_p2_or_p3_ends_at_the_workers_own_word(rehearsal: Rehearsal, kind: str) -> None:
    rehearsal.worker_says(f"3-2-501 {kind}")

    rehearsal.worker_says(f"close 3-2-501 {kind}")

    assert rehearsal.open_flags() == []
    assert rehearsal.follow_ups(FollowUpState.OPEN) == []
    follow_up = rehearsal.rows(FollowUp)[0]
    assert isinstance(follow_up, FollowUp)
    assert (follow_up.state, follow_up.ended_by_report_id) == (FollowUpState.DONE, 2)
    assert rehearsal.told("wang") == []


@pytest.mark.parametrize("kind", ["gas.leak", "elder.fall"])
def test_a_p0_or_p1_waits_for_the_coordinators_word(rehearsal: Rehearsal, kind: str) -> None:
    rehearsal.worker_says(f"3-2-501 {kind}")

    rehearsal.worker_says(f"close 3-2-501 {kind}")

    assert len(rehearsal.open_flags()) == 1
    assert _state(rehearsal) is MatterState.PROPOSED
    assert "同意办结" in rehearsal.told("wang")[-1]


def test_a_coordinator_who_agrees_ends_it(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")
    rehearsal.worker_says("close 3-2-501 gas.leak")

    rehearsal.coordinator_says(REPLIES.buttons.agree_to_close)

    assert rehearsal.open_flags() == []
    assert rehearsal.follow_ups(FollowUpState.OPEN, FollowUpState.OVERDUE) == []
    assert _state(rehearsal) is MatterState.SETTLED


def test_a_coordinator_who_sends_it_back_opens_it_again(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("close 3-2-501 elder.fall")

    rehearsal.coordinator_says(REPLIES.buttons.send_back)

    assert _state(rehearsal) is MatterState.OPEN
    assert rehearsal.open_flags() == ["3-2-501 elder.fall P1 x1"]


def test_a_worker_can_not_give_the_coordinators_word(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")
    rehearsal.worker_says("close 3-2-501 gas.leak")

    rehearsal.worker_says(REPLIES.buttons.agree_to_close)

    assert _state(rehearsal) is MatterState.PROPOSED


def test_a_matter_that_comes_up_again_after_its_end_is_a_new_one(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.worker_says("close 3-2-501 fire.clutter")

    rehearsal.worker_says("3-2-501 fire.clutter")

    assert rehearsal.open_flags() == ["3-2-501 fire.clutter P2 x1"]
    assert [row.state for row in rehearsal.rows(Matter) if isinstance(row, Matter)] == [
        MatterState.SETTLED,
        MatterState.OPEN,
    ]


def test_a_matter_that_is_found_again_while_its_end_was_proposed_stands_open(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("close 3-2-501 elder.fall")

    rehearsal.worker_says("3-2-501 elder.fall")

    assert _state(rehearsal) is MatterState.OPEN
    assert rehearsal.open_flags() == ["3-2-501 elder.fall P1 x2"]


def test_a_flag_for_a_missed_visit_ends_when_somebody_is_met(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 missed")
    rehearsal.worker_says("3-2-501 missed")
    before = rehearsal.open_flags(), rehearsal.follow_ups(FollowUpState.OPEN)

    rehearsal.worker_says("3-2-501 met")

    assert before == (["3-2-501 None P3 x2"], ["3-2-501 worker None open x2"])
    assert rehearsal.open_flags() == []
    assert rehearsal.follow_ups() == ["3-2-501 worker None done x2"]


def test_somebody_met_next_door_ends_nothing_here(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 missed")

    rehearsal.worker_says("3-2-502 met")

    assert rehearsal.open_flags() == ["3-2-501 None P3 x1"]


def _state(rehearsal: Rehearsal) -> MatterState:
    [matter] = rehearsal.rows(Matter)
    assert isinstance(matter, Matter)
    return matter.state
