"""What coordinators say of flags, and how each rule fares by it."""

import pytest
from sqlmodel import col, select

from assistant.domain.errors import NotAllowed
from assistant.domain.followups import MatterState
from assistant.domain.precision import Tally
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag
from assistant.storage.verdicts import judge, tallies
from tests.publishing.conftest import Office

LIU, WANG = 1, 3


def say(office: Office, number: int, is_right: bool, worker: int = WANG) -> None:
    with office.rehearsal.database.writing() as session:
        flag = session.exec(select(Flag).order_by(col(Flag.id))).all()[number]
        judge(Ledger(session, office.rehearsal.clock.now(), worker), flag, is_right)


def found(office: Office) -> dict[str, Tally]:
    with office.rehearsal.database.reading() as session:
        return {each.rule: each for each in tallies(session)}


@pytest.fixture
def three_flags(office: Office) -> Office:
    office.rehearsal.worker_says("3-2-502 met gas.hose; 3-2-601 met gas.hose; 1-1-101 met gas.service")
    return office


def test_each_rule_is_counted_by_what_was_said_of_its_flags(three_flags: Office) -> None:
    say(three_flags, 0, True)
    say(three_flags, 1, False)

    assert found(three_flags) == {
        "gas.hose": Tally("gas.hose", 2, 1, 1),
        "gas.service": Tally("gas.service", 1, 0, 0),
    }


def test_the_last_word_on_a_flag_counts(three_flags: Office) -> None:
    say(three_flags, 0, True)
    say(three_flags, 0, False)

    assert found(three_flags)["gas.hose"] == Tally("gas.hose", 2, 0, 1)


def test_a_flag_that_was_taken_back_is_not_counted(three_flags: Office) -> None:
    three_flags.rehearsal.worker_says("withdraw")

    assert found(three_flags) == {}


def test_a_verdict_settles_nothing_and_stands_in_the_ledger(three_flags: Office) -> None:
    say(three_flags, 0, False)

    states = {row.state for row in three_flags.rehearsal.rows(Flag) if isinstance(row, Flag)}
    assert states == {MatterState.OPEN}
    assert three_flags.rehearsal.verbs("verdicts") == ["dismissed"]


def test_a_worker_does_not_judge(three_flags: Office) -> None:
    with pytest.raises(NotAllowed):
        say(three_flags, 0, True, worker=LIU)


def test_only_flags_since_then_are_counted(three_flags: Office) -> None:
    three_flags.rehearsal.wait(days=1)

    with three_flags.rehearsal.database.reading() as session:
        assert tallies(session, three_flags.rehearsal.clock.now()) == []
