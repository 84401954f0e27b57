"""Who had shut us out and writes again is told things again; what is written in a group says nothing of that."""

from sqlmodel import select

from assistant.storage.tables import Account
from tests.turn.rehearsal import START, Rehearsal


def block(rehearsal: Rehearsal) -> None:
    with rehearsal.database.writing() as session:
        session.exec(select(Account).where(Account.address == "liu")).one().blocked_at = START


def is_blocked(rehearsal: Rehearsal) -> bool:
    with rehearsal.database.reading() as session:
        return session.exec(select(Account).where(Account.address == "liu")).one().blocked_at is not None


def test_who_writes_again_in_private_can_be_told_things_again(rehearsal: Rehearsal) -> None:
    block(rehearsal)

    rehearsal.worker_says("3-2-501 gas.hose")

    assert not is_blocked(rehearsal)


def test_what_is_written_in_a_group_opens_nothing(rehearsal: Rehearsal) -> None:
    block(rehearsal)

    rehearsal.worker_says("3-2-501 gas.hose", chat="the group", is_group=True)

    assert is_blocked(rehearsal)
