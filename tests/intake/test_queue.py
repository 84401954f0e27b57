"""The intake: kept once, in order, one message of a chat at a time, whoever asks."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from assistant import intake
from assistant.channels.base import Incoming
from assistant.storage.database import Database
from assistant.storage.tables import Evidence, IntakeItem, IntakeState, Report
from tests.turn.rehearsal import START, Rehearsal


def incoming(number: int, author: str = "liu", text: str = "3-2-501 met") -> Incoming:
    return Incoming(channel="test", message_id=f"m{number}", account=author, text=text, sent_at=START)


def test_a_message_is_committed_when_put_returns(rehearsal: Rehearsal) -> None:
    item_id, is_new = intake.put(rehearsal.database, incoming(1), START)

    with rehearsal.database.reading() as session:
        item = session.get_one(IntakeItem, item_id)
    assert is_new
    assert (item.text, item.state, item.received_at) == ("3-2-501 met", IntakeState.WAITING, START)


def test_the_same_message_again_is_the_one_that_is_there(rehearsal: Rehearsal) -> None:
    first = intake.put(rehearsal.database, incoming(1), START)

    again = intake.put(rehearsal.database, incoming(1, text="other words"), START)

    assert again == (first[0], False)
    assert [row.text for row in rehearsal.rows(IntakeItem)] == ["3-2-501 met"]  # type: ignore[attr-defined]


def test_the_same_number_on_another_channel_is_another_message(rehearsal: Rehearsal) -> None:
    intake.put(rehearsal.database, incoming(1), START)

    _, is_new = intake.put(
        rehearsal.database, Incoming(channel="web", message_id="m1", account="liu", text="hello", sent_at=START), START
    )

    assert is_new


def test_the_same_message_from_many_threads_at_once_is_one(rehearsal: Rehearsal) -> None:
    found: list[tuple[int, bool]] = []
    threads = [
        threading.Thread(target=lambda: found.append(intake.put(rehearsal.database, incoming(1), START)))
        for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({item_id for item_id, _ in found}) == 1
    assert sum(is_new for _, is_new in found) == 1


@pytest.mark.parametrize(("author", "noted"), [("liu", ["F1"]), ("nobody knows", [])])
def test_a_strangers_file_is_not_noted_for_fetching(author: str, noted: list[str], rehearsal: Rehearsal) -> None:
    photo = {"kind": "photo", "file_id": "F1"}

    intake.put(rehearsal.database, replace(incoming(1, author, text=""), attachments=(photo,)), START)

    assert [row.reference for row in rehearsal.rows(Evidence)] == noted  # type: ignore[attr-defined]


def test_the_oldest_that_may_be_handled_comes_first(rehearsal: Rehearsal) -> None:
    ids = [intake.put(rehearsal.database, incoming(number), START)[0] for number in range(3)]

    with rehearsal.database.reading() as session:
        assert intake.next_waiting(session, START) == ids[0]


def test_a_chat_whose_first_message_waits_lets_the_others_pass(rehearsal: Rehearsal) -> None:
    first, behind = (intake.put(rehearsal.database, incoming(number), START)[0] for number in range(2))
    other, _ = intake.put(rehearsal.database, incoming(9, author="li"), START)
    with rehearsal.database.writing() as session:
        session.get_one(IntakeItem, first).next_attempt_at = START + timedelta(seconds=5)

    with rehearsal.database.reading() as session:
        now, later = (intake.next_waiting(session, START + timedelta(seconds=each)) for each in (0, 5))

    assert (now, later) == (other, first)
    assert behind not in (now, later)


@pytest.mark.postgres
def test_two_processes_never_handle_the_same_chat_side_by_side(postgres_url: str) -> None:
    from tests.turn.rehearsal import settle_community

    database = Database.open(postgres_url)
    settle_community(database)
    rehearsal = Rehearsal(database)
    for number in range(30):
        intake.put(database, incoming(number, "liu", f"3-2-501 met gas.hose number-{number}"), START)
        intake.put(database, incoming(100 + number, "li", f"3-2-501 met gas.hose other-{number}"), START)
    second = Rehearsal(Database.open(postgres_url))
    threads = [threading.Thread(target=each.run) for each in (rehearsal, second)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rehearsal.wait(minutes=30)  # what lost the race for a row is tried again after its back-off
    second.database.close()

    with database.reading() as session:
        for worker_id, word in ((1, "number"), (2, "other")):
            texts = session.exec(
                select(Report.text).where(Report.worker_id == worker_id).order_by(col(Report.id))
            ).all()
            assert [text.split()[-1] for text in texts] == [f"{word}-{number}" for number in range(30)]
    assert rehearsal.open_flags() == ["3-2-501 gas.hose P1 x60"]
    assert rehearsal.follow_ups() == ["3-2-501 worker gas.hose open x60", "3-2-501 gas gas.hose open x60"]
    rehearsal.database.close()
