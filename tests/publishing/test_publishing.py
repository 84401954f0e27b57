"""Publishing touches what it must, says why, sends nothing twice, and can be undone."""

import pytest
from sqlmodel import col, select

from assistant.domain.errors import StorageError
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity
from assistant.storage.tables import Flag, FollowUp, KeptRuleBook, Matter, Purpose, ReadingMade, RulePointer
from rules.engine.edition import version_of
from tests.publishing.conftest import OLD_PERSON, OLDER, Office, texts
from tests.rules.conftest import HOSE
from tests.turn.rehearsal import REPLIES

#: the hose of a very old person is a P0
URGENT = texts(gas_rules=texts()["gas.rules.yaml"].replace("severity: P1", "severity: P0"))


def test_a_moved_threshold_supersedes_the_flags_that_it_makes_wrong_and_says_why(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    assert office.standing() == ["3-2-501 gas.hose-old P1"]

    office.publish(OLDER)

    assert office.standing() == ["3-2-501 gas.hose P2"]
    old, new = (row for row in office.rehearsal.rows(Flag) if isinstance(row, Flag))
    assert old.state is MatterState.SUPERSEDED
    assert version_of(OLDER) in (old.ended_because or "")
    assert (old.rule_book_version, new.rule_book_version) == (version_of(texts()), version_of(OLDER))
    assert new.raised_at == old.raised_at


def test_only_the_households_that_a_change_can_reach_are_looked_at(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose; 3-2-502 met gas.hose; 1-1-101 met gas.service")

    outcome = office.publish(OLDER)

    assert (outcome.affected, outcome.touched, outcome.with_something_open) == (2, 1, 3)
    assert office.standing() == ["1-1-101 gas.service P3", "3-2-501 gas.hose P2", "3-2-502 gas.hose P2"]


def test_the_matter_and_the_promise_follow_the_flag(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")

    office.publish(OLDER)

    [matter] = office.rehearsal.rows(Matter)
    [promise] = office.rehearsal.rows(FollowUp)
    assert isinstance(matter, Matter)
    assert isinstance(promise, FollowUp)
    assert matter.severity is Severity.P2
    assert (promise.rule, promise.what, promise.severity) == ("gas.hose", "换软管", Severity.P2)
    assert (promise.due_at - promise.first_found_at).days == 7


def test_a_prompt_that_was_sent_is_not_sent_again(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.rehearsal.wait(days=2)
    office.publish(OLDER)
    office.rehearsal.wait(days=4)

    assert [each.address for each in office.rehearsal.outbox(Purpose.PROMPT)].count("liu") == 1


def test_a_promise_whose_deadline_moves_is_asked_about_on_the_new_day(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.rehearsal.wait(days=2)

    office.publish(OLDER)
    office.rehearsal.wait(days=5)

    assert [each.address for each in office.rehearsal.outbox(Purpose.PROMPT)].count("liu") == 2


def test_publishing_sends_nothing(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose; 3-2-502 met gas.hose")
    before = len(office.rehearsal.outbox())

    office.publish(OLDER)
    office.rehearsal.run()

    assert len(office.rehearsal.outbox()) == before


def test_what_becomes_a_p0_by_publishing_is_called_by_the_schedule_and_climbs(office: Office) -> None:
    office.use(OLDER)
    office.rehearsal.worker_says("3-2-501 met gas.hose")

    outcome = office.publish(URGENT)
    office.rehearsal.run()
    office.rehearsal.wait(minutes=11)

    assert (outcome.revised.raised, outcome.revised.called) == (1, 1)
    assert office.standing() == ["3-2-501 gas.hose-old P0"]
    alarms = [(each.address, each.buttons) for each in office.rehearsal.outbox(Purpose.ALARM)]
    heard = REPLIES.buttons.acknowledge
    assert alarms[:2] == [("liu", [heard]), ("wang", [heard])]
    assert ("wang", [heard]) in alarms[2:]


def test_somebody_who_hears_of_it_ends_the_calls(office: Office) -> None:
    office.use(OLDER)
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.publish(URGENT)
    office.rehearsal.run()

    office.rehearsal.coordinator_says(REPLIES.buttons.acknowledge)
    office.rehearsal.wait(hours=2)

    assert [each.address for each in office.rehearsal.outbox(Purpose.ALARM)].count("wang") == 1


def test_what_is_said_to_be_over_is_called_only_if_the_coordinator_sends_it_back(office: Office) -> None:
    office.use(texts(gas_rules=HOSE + OLD_PERSON))
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.rehearsal.worker_says("close 3-2-501 gas.hose")

    office.publish(URGENT)
    office.rehearsal.wait(minutes=30)
    before = office.rehearsal.outbox(Purpose.ALARM)
    office.rehearsal.coordinator_says("3-2-501退回")
    office.rehearsal.wait(minutes=15)

    assert before == []
    assert [each.address for each in office.rehearsal.outbox(Purpose.ALARM)] == ["liu", "wang"]


def test_many_that_become_a_p0_at_once_are_told_of_in_one_message_and_do_not_climb(office: Office) -> None:
    office.use(OLDER)
    for room in range(501, 508):
        office.rehearsal.worker_says(f"3-2-{room} (李婆婆) met gas.hose")

    office.publish(URGENT)
    office.rehearsal.run()
    office.rehearsal.wait(hours=2)

    [alarm] = [each for each in office.rehearsal.outbox(Purpose.ALARM) if each.address == "wang"]
    assert "7户" in alarm.text
    assert all(f"3-2-{room}" in alarm.text for room in range(501, 508))


def test_an_alarm_that_nobody_heard_goes_on_climbing_under_the_new_book(office: Office) -> None:
    office.use(URGENT)
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    before = [each.address for each in office.rehearsal.outbox(Purpose.ALARM)].count("wang")

    office.publish(URGENT | {"gas.rules.yaml": URGENT["gas.rules.yaml"].replace("当天要换", "马上要换")})
    office.rehearsal.run()
    office.rehearsal.wait(minutes=11)

    assert "马上要换" in next(row for row in office.rehearsal.rows(Flag)[::-1] if isinstance(row, Flag)).why
    assert [each.address for each in office.rehearsal.outbox(Purpose.ALARM)].count("wang") == before + 1


def test_publishing_can_be_undone(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose; 3-2-502 met gas.hose")
    before = office.standing(), office.rehearsal.follow_ups(FollowUpState.OPEN)

    office.publish(OLDER)
    office.publish(texts())

    assert (office.standing(), office.rehearsal.follow_ups(FollowUpState.OPEN)) == before
    assert office.published() == version_of(texts())


def test_publishing_the_same_again_changes_nothing(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.publish(OLDER)
    flags = office.rehearsal.rows(Flag)

    outcome = office.publish(OLDER)

    assert outcome.affected == 0
    assert office.rehearsal.rows(Flag) == flags
    assert len(office.rehearsal.rows(KeptRuleBook)) == 1


def test_what_was_settled_since_is_not_raised_anew(office: Office) -> None:
    office.use(OLDER)
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.rehearsal.worker_says("close 3-2-501 gas.hose")

    office.publish(texts())

    assert office.standing() == []


def test_a_new_rule_speaks_of_what_is_open(office: Office) -> None:
    office.use(texts(gas_rules=HOSE))
    office.rehearsal.worker_says("3-2-501 met gas.hose")

    office.publish(texts())

    assert office.standing() == ["3-2-501 gas.hose-old P1"]


def test_a_rule_that_is_taken_away_takes_its_flag_and_promise_with_it(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.service")

    office.publish(texts(gas_rules=HOSE))

    assert office.standing() == []
    assert office.rehearsal.follow_ups() == ["3-2-501 gas gas.service cancelled x1"]


def test_a_report_that_is_taken_back_takes_back_what_publishing_made_of_it(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.publish(OLDER)

    office.rehearsal.worker_says("withdraw")

    assert office.standing() == []
    assert office.rehearsal.follow_ups(FollowUpState.OPEN, FollowUpState.OVERDUE) == []


def test_the_pointer_and_every_flag_that_moved_stand_in_the_ledger(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")

    office.publish(OLDER)
    office.publish(texts())

    assert office.rehearsal.verbs("rule_books") == ["kept", "kept"]
    assert office.rehearsal.verbs("rule_pointers") == ["published", "published"]
    assert office.rehearsal.verbs("flags").count("superseded") == 2


def test_a_household_whose_reading_is_broken_is_set_aside_and_the_others_go_on(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    office.rehearsal.worker_says("3-2-502 (李婆婆) met gas.hose")
    with office.rehearsal.database.writing() as session:
        broken = session.exec(select(ReadingMade).order_by(col(ReadingMade.id))).first()
        assert broken is not None
        broken.content = {"intent": "nonsense"}

    outcome = office.publish(OLDER)

    assert outcome.set_aside.total() == 1
    assert office.standing() == ["3-2-501 gas.hose-old P1", "3-2-502 gas.hose P2"]


def test_the_draft_changes_nothing_but_its_own_pointer(office: Office) -> None:
    from assistant.publishing.publishing import keep_draft

    office.rehearsal.worker_says("3-2-501 met gas.hose")

    keep_draft(office.rehearsal.database, OLDER, office.rehearsal.clock.now(), 3)

    assert office.published() is None
    assert office.standing() == ["3-2-501 gas.hose-old P1"]
    assert [row.name for row in office.rehearsal.rows(RulePointer) if isinstance(row, RulePointer)] == ["draft"]


def test_messages_are_handled_while_the_books_are_compared_and_are_published_for_too(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")

    outcome = office.publish(OLDER, happens=lambda: office.rehearsal.worker_says("3-2-502 (李婆婆) met gas.hose"))

    assert outcome.affected == 2
    assert office.standing() == ["3-2-501 gas.hose P2", "3-2-502 gas.hose P2"]


def test_what_is_taken_back_while_the_books_are_compared_stays_taken_back(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")

    office.publish(OLDER, happens=lambda: office.rehearsal.worker_says("withdraw"))

    assert office.standing() == []


def test_what_is_corrected_while_the_books_are_compared_is_decided_at_the_right_door(office: Office) -> None:
    office.rehearsal.worker_says("3-2-502 (李婆婆) met")
    office.rehearsal.worker_says("3-2-501 met gas.hose")

    office.publish(OLDER, happens=lambda: office.rehearsal.worker_says("move 3-2-501 3-2-502"))

    assert office.standing() == ["3-2-502 gas.hose P2"]


def test_of_two_who_publish_at_once_the_second_is_told_to_look_again(office: Office) -> None:
    office.rehearsal.worker_says("3-2-501 met gas.hose")
    other = texts(gas_rules=HOSE)

    with pytest.raises(StorageError, match="另一本规则书"):
        office.publish(OLDER, happens=lambda: office.publish(other))

    assert office.published() == version_of(other)
