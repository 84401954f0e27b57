"""Answers to prompts and a coordinator's word by door, in the plain language of the fakes."""

import pytest

from assistant.domain.followups import FollowUpState, MatterState
from assistant.storage.tables import FollowUp, Matter, Question
from tests.turn.rehearsal import REPLIES, Rehearsal

BUTTONS = REPLIES.buttons


def matter(rehearsal: Rehearsal) -> MatterState:
    [row] = rehearsal.rows(Matter)
    assert isinstance(row, Matter)
    return row.state


def test_done_on_a_p1_asks_what_was_seen_and_ends_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=25)

    reply = rehearsal.worker_says(BUTTONS.done)

    assert reply.startswith("3-2-501")
    assert len(rehearsal.rows(Question)) == 1
    assert matter(rehearsal) is MatterState.OPEN


def test_a_vague_answer_to_what_was_seen_is_asked_once_more(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=25)
    asked = rehearsal.worker_says(BUTTONS.done)

    again = rehearsal.worker_says("好的")

    assert again == asked
    assert matter(rehearsal) is MatterState.OPEN


def test_a_coordinator_cannot_end_a_p1_that_nobody_looked_at(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")

    rehearsal.coordinator_says("3-2-501 同意办结")

    assert matter(rehearsal) is MatterState.OPEN


def test_a_coordinator_ends_by_door_what_the_worker_told_is_over(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("close 3-2-501 elder.fall")

    rehearsal.coordinator_says("3-2-501 同意办结")

    assert matter(rehearsal) is MatterState.SETTLED


def test_what_was_sent_back_gives_the_worker_a_new_promise(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.worker_says("close 3-2-501 elder.fall")

    rehearsal.coordinator_says("3-2-501 退回,还没去看")

    assert matter(rehearsal) is MatterState.OPEN
    assert rehearsal.follow_ups() == ["3-2-501 worker elder.fall done x1", "3-2-501 worker elder.fall open x1"]
    assert "还没去看" in rehearsal.told("liu")[-1]


def test_what_was_closed_is_opened_again_with_its_history(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.worker_says("close 3-2-501 fire.clutter")

    rehearsal.coordinator_says("3-2-501 重新打开")

    assert matter(rehearsal) is MatterState.OPEN
    assert rehearsal.verbs("matters") == ["opened", "settled", "reopened"]
    assert rehearsal.open_flags() == ["3-2-501 fire.clutter P2 x1"]


def test_not_yet_keeps_it_and_asks_again_before_long(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.wait(days=7, hours=1)

    rehearsal.worker_says(BUTTONS.not_yet)

    assert matter(rehearsal) is MatterState.OPEN
    [row] = rehearsal.rows(FollowUp)
    assert isinstance(row, FollowUp)
    assert row.look_at is not None
    assert "not_yet" in rehearsal.verbs("follow_ups")


@pytest.mark.parametrize("answer", ["李大姐", "转给李大姐"])
def test_a_promise_passes_to_a_colleague_and_keeps_its_day(rehearsal: Rehearsal, answer: str) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.wait(days=7, hours=1)
    rehearsal.worker_says(BUTTONS.refer)

    rehearsal.worker_says(answer)

    old, new = (row for row in rehearsal.rows(FollowUp) if isinstance(row, FollowUp))
    assert (old.state, new.reopens_id, new.due_at) == (FollowUpState.REFERRED, old.id, old.due_at)
    assert "3-2-501" in rehearsal.told("li")[-1]


def test_a_body_outside_wants_a_reason(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.wait(days=7, hours=1)
    rehearsal.worker_says(BUTTONS.refer)

    asked = rehearsal.worker_says("燃气公司")
    rehearsal.worker_says("要他们来关阀")

    assert asked == REPLIES.sayings.ask_why_referred.format(whom="燃气公司")
    states = [row.state for row in rehearsal.rows(FollowUp) if isinstance(row, FollowUp)]
    assert states[0] is FollowUpState.REFERRED
    assert "要他们来关阀" in rehearsal.told("gas")[-1]


def test_withdrawn_is_answer_enough_to_what_was_wrong(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.worker_says("move 3-2-502 3-2-501")

    rehearsal.worker_says("withdraw")

    assert rehearsal.open_flags() == []
