"""Corrections and retractions: what is taken back, what is filed anew, and what stays on record."""

from datetime import timedelta

import pytest

from assistant.domain.followups import FollowUpState, MatterState
from assistant.storage.tables import (
    FindingRow,
    Flag,
    FollowUp,
    Household,
    Matter,
    OutboxMessage,
    Purpose,
    Report,
    Visit,
)
from tests.turn.rehearsal import REPLIES, START, Rehearsal


def standing(rehearsal: Rehearsal, table: type) -> list[str]:
    """The doors of the rows that were not withdrawn."""
    doors = {row.id: row.key for row in rehearsal.rows(Household) if isinstance(row, Household)}
    return [doors[row.household_id] for row in rehearsal.rows(table) if row.withdrawn_at is None]  # type: ignore[attr-defined]


def test_a_correction_files_everything_under_the_right_door(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    reply = rehearsal.worker_says("move 3-2-501 3-2-502")

    assert "3-2-501" in reply
    assert "3-2-502" in reply
    assert rehearsal.open_flags() == ["3-2-502 gas.hose P2 x1"]
    assert rehearsal.follow_ups(FollowUpState.OPEN) == [
        "3-2-502 worker gas.hose open x1",
        "3-2-502 gas gas.hose open x1",
    ]
    assert standing(rehearsal, FindingRow) == standing(rehearsal, Visit) == ["3-2-502"]


def test_both_versions_stay_with_their_lines_in_the_ledger(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("move 3-2-501 3-2-502")

    assert len(rehearsal.rows(FindingRow)) == len(rehearsal.rows(Visit)) == len(rehearsal.rows(Flag)) == 2
    assert rehearsal.verbs("findings") == ["found", "withdrawn", "found"]
    assert rehearsal.verbs("flags") == ["raised", "cancelled", "raised"]
    first, correction = (row for row in rehearsal.rows(Report) if isinstance(row, Report))
    assert (first.text, correction.amends_id) == ("3-2-501 met gas.hose", first.id)


def test_what_a_correction_only_says_again_is_no_repeat(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    rehearsal.worker_says("move 3-2-501 3-2-502 and 3-2-502 met gas.hose")

    assert rehearsal.open_flags() == ["3-2-502 gas.hose P2 x1"]
    assert standing(rehearsal, Visit) == ["3-2-502"]


def test_what_a_correction_says_anew_counts(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")

    rehearsal.worker_says("move 3-2-501 3-2-502 and 3-2-502 elder.fall")

    assert rehearsal.open_flags() == ["3-2-502 elder.fall P1 x1", "3-2-502 gas.hose P2 x1"]


def test_only_the_kinds_that_a_correction_names_move(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose fire.clutter")

    rehearsal.worker_says("move 3-2-501 3-2-502 gas.hose")

    assert sorted(rehearsal.open_flags()) == ["3-2-501 fire.clutter P2 x1", "3-2-502 gas.hose P2 x1"]
    assert standing(rehearsal, Visit) == ["3-2-501"]


def test_a_correction_can_be_corrected(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.worker_says("move 3-2-501 3-2-502")

    rehearsal.worker_says("move 3-2-502 3-2-601")

    assert rehearsal.open_flags() == ["3-2-601 gas.hose P2 x1"]
    assert rehearsal.follow_ups(FollowUpState.OPEN) == [
        "3-2-601 worker gas.hose open x1",
        "3-2-601 gas gas.hose open x1",
    ]


def test_a_deadline_after_a_correction_still_counts_from_the_report(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.wait(hours=5)

    rehearsal.worker_says("move 3-2-501 3-2-502")

    due = [row.due_at for row in rehearsal.rows(FollowUp) if isinstance(row, FollowUp) and not row.state.has_ended]
    assert due == [START + timedelta(days=7)] * 2


def test_a_bare_address_moves_the_case_whose_door_was_asked_for(rehearsal: Rehearsal) -> None:
    asked = rehearsal.worker_says("?-?-601 gas.hose")

    rehearsal.worker_says("move ?-?-601 3-2-601")

    assert asked.endswith("？")
    assert rehearsal.open_flags() == ["3-2-601 gas.hose P2 x1"]


def test_a_p0_that_moves_is_told_again_with_the_right_door(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    rehearsal.worker_says("move 3-2-501 3-2-502")

    assert ["3-2-501" in rehearsal.told("wang")[0], "3-2-502" in rehearsal.told("wang")[-1]] == [True, True]
    assert "3-2-502" in rehearsal.told("gas")[-1]


def test_a_repeat_that_was_filed_wrongly_is_parted_from_the_open_matter(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.wait(days=1)
    rehearsal.worker_says("3-2-501 gas.hose")

    rehearsal.worker_says("move 3-2-501 3-2-502")

    assert sorted(rehearsal.open_flags()) == ["3-2-501 gas.hose P2 x1", "3-2-502 gas.hose P2 x1"]
    assert "3-2-501 worker gas.hose open x1" in rehearsal.follow_ups(FollowUpState.OPEN)
    times = [(row.times, row.state) for row in rehearsal.rows(Matter) if isinstance(row, Matter)]
    assert times == [(1, MatterState.OPEN), (1, MatterState.OPEN)]


def test_a_correction_of_something_that_was_never_said_records_what_it_says(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("move 2-1-302 3-2-502 and 3-2-502 gas.hose")

    assert rehearsal.open_flags() == ["3-2-502 gas.hose P2 x1"]


def test_a_retraction_takes_back_all_that_the_last_report_did(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("1-1-101 met fire.clutter")
    rehearsal.worker_says("3-2-501 met gas.hose; 3-2-502 met")

    reply = rehearsal.worker_says("withdraw")

    assert reply == REPLIES.sayings.withdrawn
    assert rehearsal.open_flags() == ["1-1-101 fire.clutter P2 x1"]
    assert rehearsal.follow_ups(FollowUpState.OPEN) == ["1-1-101 worker fire.clutter open x1"]
    assert standing(rehearsal, Visit) == ["1-1-101"]
    report = rehearsal.rows(Report)[1]
    assert isinstance(report, Report)
    assert report.retracted_at == START


def test_a_second_retraction_takes_back_the_report_before(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("1-1-101 met fire.clutter")
    rehearsal.worker_says("3-2-501 met gas.hose")

    rehearsal.worker_says("withdraw")
    rehearsal.worker_says("withdraw")

    assert rehearsal.open_flags() == []
    assert standing(rehearsal, Visit) == []


def test_a_retraction_with_nothing_to_take_back_says_so(rehearsal: Rehearsal) -> None:
    assert rehearsal.worker_says("withdraw") == REPLIES.sayings.retraction_not_found


def test_nobody_takes_back_what_another_worker_said(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")

    rehearsal.send("li", "withdraw")
    rehearsal.run()

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]


def test_a_retracted_repeat_leaves_the_first_report_as_it_was(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.worker_says("3-2-501 gas.hose")
    assert rehearsal.open_flags() == ["3-2-501 gas.hose P1 x2"]

    rehearsal.worker_says("withdraw")

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]
    assert rehearsal.follow_ups(FollowUpState.OPEN) == [
        "3-2-501 worker gas.hose open x1",
        "3-2-501 gas gas.hose open x1",
    ]


def test_a_retracted_closing_opens_the_matter_again_with_a_new_follow_up(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.worker_says("close 3-2-501 fire.clutter")
    assert rehearsal.open_flags() == []

    rehearsal.worker_says("withdraw")

    assert rehearsal.open_flags() == ["3-2-501 fire.clutter P2 x1"]
    assert rehearsal.follow_ups() == [
        "3-2-501 worker fire.clutter done x1",
        "3-2-501 worker fire.clutter open x1",
    ]


def test_a_retracted_p0_is_told_to_those_who_were_called(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    rehearsal.worker_says("withdraw")

    assert "撤回" in rehearsal.told("wang")[-1]
    assert "3-2-501" in rehearsal.told("wang")[-1]


def test_a_prompt_that_waits_for_the_morning_is_not_sent_when_its_reason_went_away(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=23)

    rehearsal.worker_says("withdraw")
    rehearsal.wait(days=2)

    assert [row for row in rehearsal.rows(OutboxMessage) if row.purpose is Purpose.PROMPT] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("first", ["3-2-501 met gas.hose", "3-2-501 gas.leak", "3-2-501 met"])
def test_taking_back_a_correction_puts_things_where_they_were(rehearsal: Rehearsal, first: str) -> None:
    rehearsal.worker_says(first)
    before = rehearsal.open_flags(), standing(rehearsal, Visit), standing(rehearsal, FindingRow)
    rehearsal.worker_says("move 3-2-501 3-2-502")

    rehearsal.worker_says("withdraw")

    after = rehearsal.open_flags(), standing(rehearsal, Visit), standing(rehearsal, FindingRow)
    assert after == before


def test_taking_back_the_report_after_its_correction_leaves_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("move 3-2-501 3-2-502")

    rehearsal.worker_says("withdraw")
    rehearsal.worker_says("withdraw")

    assert rehearsal.open_flags() == []
    assert rehearsal.follow_ups(FollowUpState.OPEN, FollowUpState.OVERDUE) == []
    assert standing(rehearsal, Visit) == standing(rehearsal, FindingRow) == []


def receipt(rehearsal: Rehearsal, number: int) -> str:
    """The channel's name for the worker's ``number``-th message of ours."""
    mine = [at for at, sent in enumerate(rehearsal.channel.sent, 1) if sent.address == "liu"]
    return f"sent-{mine[number - 1]}"


def test_a_tap_on_an_older_receipt_takes_back_that_report_and_no_other(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("3-2-502 met gas.hose")

    reply = rehearsal.worker_says(REPLIES.buttons.withdraw, reply_to=receipt(rehearsal, 1))

    assert reply == REPLIES.sayings.withdrawn
    assert rehearsal.open_flags() == ["3-2-502 gas.hose P2 x1"]


def test_a_second_tap_on_a_receipt_takes_nothing_more_back(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("3-2-502 met gas.hose")
    rehearsal.worker_says(REPLIES.buttons.withdraw, reply_to=receipt(rehearsal, 2))

    rehearsal.worker_says(REPLIES.buttons.withdraw, reply_to=receipt(rehearsal, 2))

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]


def test_somebody_elses_receipt_cannot_be_used_to_take_back(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    rehearsal.coordinator_says(REPLIES.buttons.withdraw, reply_to=receipt(rehearsal, 1))

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]


def test_a_repeat_of_something_that_was_closed_and_opened_again_can_still_be_taken_back(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")
    rehearsal.worker_says("3-2-501 gas.leak")
    rehearsal.worker_says("close 3-2-501 gas.leak")

    for _ in range(3):
        rehearsal.worker_says("withdraw")

    assert rehearsal.open_flags() == []
    assert rehearsal.follow_ups(FollowUpState.OPEN, FollowUpState.OVERDUE) == []
