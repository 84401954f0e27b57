"""What one message leads to: records, answers, and word to others."""

from datetime import timedelta

import pytest

from assistant.domain.access import Retention, Sensitivity
from assistant.domain.followups import FollowUpState
from assistant.domain.reports import Intent
from assistant.storage.codec import from_json
from assistant.storage.tables import (
    Action,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    IntakeItem,
    IntakeState,
    Matter,
    OutboxMessage,
    Purpose,
    ReadingMade,
    Report,
    Resident,
    Visit,
)
from tests.turn.rehearsal import REPLIES, START, Rehearsal


def test_a_report_becomes_visit_finding_flag_and_follow_ups(rehearsal: Rehearsal) -> None:
    reply = rehearsal.worker_says("3-2-501 met gas.hose")

    assert "3-2-501" in reply
    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]
    assert rehearsal.follow_ups() == ["3-2-501 worker gas.hose open x1", "3-2-501 gas gas.hose open x1"]
    assert len(rehearsal.rows(Visit)) == 1
    [finding] = rehearsal.rows(FindingRow)
    [report] = rehearsal.rows(Report)
    assert isinstance(finding, FindingRow)
    assert isinstance(report, Report)
    assert report.text[finding.quote_start : finding.quote_end] == finding.quote == "gas.hose"


def test_the_reading_is_kept_with_the_version_that_made_it_and_can_be_read_back(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    [made] = rehearsal.rows(ReadingMade)
    assert isinstance(made, ReadingMade)
    assert made.knowledge_version == "knowledge-1"
    reading = from_json(made.content)
    assert [finding.kind for finding in reading.cases[0].findings] == ["gas.hose"]


def test_a_flag_keeps_the_rule_book_that_raised_it(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")

    [flag] = rehearsal.rows(Flag)
    assert isinstance(flag, Flag)
    assert (flag.rule, flag.rule_book_version) == ("gas.hose", "rules-1")


def test_every_row_that_changed_has_its_line_in_the_ledger(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    lines = rehearsal.rows(Action)
    written = {(line.subject, line.subject_id) for line in lines if isinstance(line, Action)}
    for table in (Report, Visit, Matter, FindingRow, Flag, FollowUp):
        for row in rehearsal.rows(table):
            assert (table.__tablename__, row.id) in written  # type: ignore[attr-defined]


def test_the_ledger_holds_nobodys_words(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 (张大爷) met gas.hose 这是住户的秘密")

    for line in rehearsal.rows(Action):
        assert isinstance(line, Action)
        assert "秘密" not in f"{line.before}{line.after}{line.why}"
        assert "张大爷" not in f"{line.before}{line.after}{line.why}"


def test_a_message_sent_twice_is_one_report(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose", message_id="same")

    rehearsal.worker_says("3-2-501 met gas.hose", message_id="same")

    assert len(rehearsal.rows(Report)) == 1
    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]
    assert len(rehearsal.outbox(Purpose.REPLY)) == 1


def test_handling_a_message_again_changes_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")
    before = len(rehearsal.rows(Action)), len(rehearsal.rows(OutboxMessage))

    rehearsal.turn.handle(1)

    assert (len(rehearsal.rows(Action)), len(rehearsal.rows(OutboxMessage))) == before


def test_two_households_in_one_message_are_filed_apart(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("1-1-101 met; 3-2-501 gas.hose; place:8栋楼道 fire.clutter")

    assert sorted(rehearsal.open_flags()) == ["3-2-501 gas.hose P2 x1", "place:8栋楼道 fire.clutter P2 x1"]
    assert len(rehearsal.rows(Visit)) == 1


def test_a_repeat_joins_the_open_matter_is_counted_and_keeps_the_first_deadline(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.service")
    rehearsal.wait(days=2)

    rehearsal.worker_says("3-2-501 gas.service")

    assert rehearsal.open_flags() == ["3-2-501 gas.service P2 x2"]  # raised by the repeat
    assert rehearsal.follow_ups(FollowUpState.OPEN) == [
        "3-2-501 worker gas.service open x2",
        "3-2-501 gas gas.service open x2",
    ]
    [matter] = rehearsal.rows(Matter)
    assert isinstance(matter, Matter)
    assert (matter.times, matter.first_found_at) == (2, START)
    due = [row.due_at for row in rehearsal.rows(FollowUp) if isinstance(row, FollowUp)]
    assert due == [START + timedelta(days=9)] * 2  # seven days from the repeat, sooner than thirty from the first


def test_the_deadline_of_a_repeat_counts_from_the_first_discovery(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 elder.fall")
    rehearsal.wait(hours=20)

    rehearsal.worker_says("3-2-501 elder.fall")

    [follow_up] = rehearsal.rows(FollowUp)
    assert isinstance(follow_up, FollowUp)
    assert follow_up.due_at == START + timedelta(days=1)


def test_a_p0_goes_at_once_to_the_coordinator_and_to_the_responder_who_is_called_in(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    for who in ("wang", "gas"):
        [alarm] = rehearsal.told(who)
        assert "紧急" in alarm
        assert "3-2-501" in alarm
        assert "刘大姐" in alarm
    assert {each.purpose for each in rehearsal.outbox(Purpose.ALARM)} == {Purpose.ALARM}
    assert rehearsal.told("li") == []


def test_a_p2_is_told_to_nobody_else(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")

    assert rehearsal.told("wang") == rehearsal.told("gas") == []


def test_an_acknowledged_alarm_says_who_saw_it_and_when(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    rehearsal.coordinator_says(REPLIES.buttons.acknowledge)

    [flag] = rehearsal.rows(Flag)
    assert isinstance(flag, Flag)
    assert flag.acknowledged_at == START
    assert flag.acknowledged_by_id == 3


def test_a_door_that_is_not_fully_known_is_never_taken_for_another(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("?-?-701 gas.hose")
    rehearsal.worker_says("?-?-701 gas.hose")

    assert rehearsal.open_flags() == ["?-?-701 gas.hose P2 x1", "?-?-701 gas.hose P2 x1"]


def test_a_door_of_which_several_fit_is_not_filed_under_one_of_them(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 or:3-2-502 gas.hose")

    [flag] = rehearsal.rows(Flag)
    assert isinstance(flag, Flag)
    place = next(row for row in rehearsal.rows(Household) if row.id == flag.household_id)  # type: ignore[attr-defined]
    assert isinstance(place, Household)
    assert not place.in_address_book


def test_a_person_of_whom_something_was_told_is_put_on_record_once(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-502 (李婆婆) met")
    rehearsal.worker_says("3-2-502 (李婆婆) met")

    there = [row.called for row in rehearsal.rows(Resident) if isinstance(row, Resident)]
    assert there == ["张大爷", "李婆婆"]


def test_a_health_finding_is_restricted_and_a_report_without_one_is_not(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 health.unwell")
    rehearsal.worker_says("3-2-502 met")

    first, second = (row for row in rehearsal.rows(Report) if isinstance(row, Report))
    assert (first.sensitivity, first.retention) == (Sensitivity.HEALTH, Retention.CASE)
    assert (second.sensitivity, second.retention) == (Sensitivity.ORDINARY, Retention.ROUTINE)
    [flag] = rehearsal.rows(Flag)
    assert isinstance(flag, Flag)
    assert flag.sensitivity is Sensitivity.HEALTH


def test_chatter_is_kept_and_answered_and_nothing_follows(rehearsal: Rehearsal) -> None:
    reply = rehearsal.worker_says("今天天气好")

    assert reply == REPLIES.sayings.other
    [report] = rehearsal.rows(Report)
    assert isinstance(report, Report)
    assert report.intent is Intent.OTHER
    assert rehearsal.rows(Flag) == []


def test_somebody_whom_nobody_knows_is_told_so_and_nothing_is_read(rehearsal: Rehearsal) -> None:
    rehearsal.send("stranger", "3-2-501 gas.leak")
    rehearsal.run()

    assert rehearsal.told("stranger") == [REPLIES.sayings.unknown_account]
    assert rehearsal.rows(Report) == []
    [item] = rehearsal.rows(IntakeItem)
    assert isinstance(item, IntakeItem)
    assert (item.state, item.text) == (IntakeState.DONE, "3-2-501 gas.leak")


def test_in_a_group_only_a_receipt_is_said(rehearsal: Rehearsal) -> None:
    rehearsal.send("liu", "3-2-501 gas.leak", chat="the-group", is_group=True)
    rehearsal.run()

    [receipt] = rehearsal.told("the-group")
    assert "3-2-501" not in receipt
    assert rehearsal.open_flags() == ["3-2-501 gas.leak P0 x1"]


@pytest.mark.parametrize("number", ["13812345678", "51012419600101123X", "6222021234567890123"])
def test_id_card_and_phone_numbers_are_masked_before_anything_is_stored(rehearsal: Rehearsal, number: str) -> None:
    rehearsal.worker_says(f"3-2-501 met {number}")

    for table in (IntakeItem, Report, ReadingMade):
        for row in rehearsal.rows(table):
            assert number not in row.model_dump_json()
