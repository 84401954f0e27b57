"""Who is let in by a code, and what is asked of the assistant itself."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assistant.storage.invitations import invite
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Flag, Report, Worker
from tests.turn.rehearsal import REPLIES, Rehearsal

SAYINGS = REPLIES.sayings


def invited(rehearsal: Rehearsal, name: str = "李大姐") -> str:
    with rehearsal.database.writing() as session:
        worker = session.exec(select(Worker).where(Worker.name == name)).one()
        return invite(Ledger(session, rehearsal.clock.now()), worker)


def say(rehearsal: Rehearsal, author: str, text: str, **more: object) -> str:
    rehearsal.send(author, text, None, **more)
    rehearsal.run()
    return rehearsal.told(str(more.get("chat", author)))[-1]


def test_a_code_makes_the_account_a_workers_whose_reports_count(rehearsal: Rehearsal) -> None:
    code = invited(rehearsal)

    assert say(rehearsal, "new-phone", f"绑定 {code}") == SAYINGS.joined.format(name="李大姐")
    say(rehearsal, "new-phone", "3-2-601 gas.hose")

    assert rehearsal.open_flags() == ["3-2-601 gas.hose P2 x1"]


def test_a_code_that_comes_twice_binds_once_and_says_the_same(rehearsal: Rehearsal) -> None:
    code = invited(rehearsal)

    assert say(rehearsal, "new-phone", code) == say(rehearsal, "new-phone", code)
    assert [each.address for each in accounts(rehearsal) if each.address == "new-phone"] == ["new-phone"]


@pytest.mark.parametrize("text", ["ABCD-EFGH-JKMN", "{late}"])
def test_a_code_that_opens_nothing_lets_nobody_in(rehearsal: Rehearsal, text: str) -> None:
    code = invited(rehearsal)
    rehearsal.clock.move_to(rehearsal.clock.now() + timedelta(days=8))

    assert say(rehearsal, "stranger", text.format(late=code)) == SAYINGS.code_opens_nothing
    assert say(rehearsal, "stranger", "3-2-601 gas.leak") == SAYINGS.unknown_account
    assert rehearsal.rows(Flag) == []


def test_a_code_in_a_group_binds_nobody(rehearsal: Rehearsal) -> None:
    code = invited(rehearsal)

    assert say(rehearsal, "new-phone", code, chat="the-group", is_group=True) == SAYINGS.code_in_group
    assert "new-phone" not in {each.address for each in accounts(rehearsal)}


def test_nobody_takes_over_a_colleagues_account(rehearsal: Rehearsal) -> None:
    assert say(rehearsal, "liu", invited(rehearsal)) == SAYINGS.code_of_other_account


def test_a_report_in_which_a_code_stands_stays_a_report(rehearsal: Rehearsal) -> None:
    say(rehearsal, "liu", f"3-2-501 gas.hose 表号{invited(rehearsal)}")

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]


def test_today_lists_what_is_due_until_tonight_and_nothing_else(rehearsal: Rehearsal) -> None:
    before = say(rehearsal, "liu", "今天有什么事？")
    say(rehearsal, "liu", "3-2-501 gas.hose")
    not_yet = say(rehearsal, "liu", "今天有什么事")
    rehearsal.clock.move_to(rehearsal.clock.now() + timedelta(days=30))

    late = answer(rehearsal, "liu", "今天有什么事")

    assert before == not_yet == SAYINGS.nothing_due
    assert late.startswith(SAYINGS.day_list_head.format(count=1))
    assert "3-2-501" in late
    assert answer(rehearsal, "li", "今天有什么事") == SAYINGS.nothing_due


@pytest.mark.parametrize(
    ("kinds", "asks"),
    [
        (["voice"], SAYINGS.voice_needs_words),
        (["photo"], SAYINGS.photo_needs_words),
        (["location"], SAYINGS.place_needs_words),
    ],
)
def test_what_comes_without_words_is_kept_and_asked_about(rehearsal: Rehearsal, kinds: list[str], asks: str) -> None:
    attachments = [{"kind": kind} for kind in kinds]

    assert say(rehearsal, "liu", "", attachments=attachments) == asks
    assert rehearsal.rows(Flag) == []


def test_in_a_group_nobodys_list_is_read_out(rehearsal: Rehearsal) -> None:
    say(rehearsal, "liu", "3-2-501 gas.hose")
    rehearsal.clock.move_to(rehearsal.clock.now() + timedelta(days=30))

    rehearsal.send("liu", "今天有什么事", chat="the-group", is_group=True)
    rehearsal.run()

    assert rehearsal.told("the-group") == [SAYINGS.today_in_group]


def test_help_is_one_message_and_reports_nothing(rehearsal: Rehearsal) -> None:
    assert say(rehearsal, "liu", "怎么用？") == SAYINGS.help
    assert [each.intent for each in rehearsal.rows(Report)] == ["question"]  # type: ignore[attr-defined]


def answer(rehearsal: Rehearsal, author: str, text: str) -> str:
    """What this message was answered with, whatever reminders fell due meanwhile."""
    rehearsal.run()
    item = rehearsal.send(author, text)
    rehearsal.run()
    return next(row.text for row in rehearsal.outbox() if row.idempotency_key == f"reply:{item}")


def accounts(rehearsal: Rehearsal) -> list[Account]:
    with rehearsal.database.reading() as session:
        return list(session.exec(select(Account)))
