"""Whatever a message does to us: its words are kept, the worker hears so, and it stops nobody else."""

from datetime import timedelta

import pytest

from assistant.storage.tables import IntakeItem, IntakeState, Report
from assistant.storage.text import Storable
from tests.turn.rehearsal import REPLIES, Rehearsal

KEPT = REPLIES.sayings.kept_but_set_aside


def test_a_poison_message_is_tried_again_then_set_aside_and_the_worker_is_told(rehearsal: Rehearsal) -> None:
    rehearsal.send("liu", "boom 3-2-501")

    rehearsal.run()
    states = [_item(rehearsal).state]
    for seconds in (1, 5):
        rehearsal.clock.move_on(timedelta(seconds=seconds))
        rehearsal.run()
        states.append(_item(rehearsal).state)

    assert states == [IntakeState.WAITING, IntakeState.WAITING, IntakeState.SET_ASIDE]
    assert rehearsal.told("liu") == [KEPT]
    assert _item(rehearsal).error == "Trouble: this message can not be read"


def test_the_words_of_a_poison_message_are_on_record_for_a_person_to_look_at(rehearsal: Rehearsal) -> None:
    rehearsal.send("liu", "boom 3-2-501")
    rehearsal.wait(hours=3)

    [report] = rehearsal.rows(Report)
    assert isinstance(report, Report)
    assert (report.text, report.intent) == ("boom 3-2-501", None)
    assert report.unread_because == "Trouble: this message can not be read"
    assert "没能处理" in rehearsal.told("wang")[0]


def test_a_poison_message_stops_nobody_else(rehearsal: Rehearsal) -> None:
    rehearsal.send("liu", "boom")
    rehearsal.send("li", "3-2-501 gas.leak")

    rehearsal.run()

    assert rehearsal.open_flags() == ["3-2-501 gas.leak P0 x1"]


def test_the_next_message_of_the_same_chat_waits_its_turn_and_no_longer(rehearsal: Rehearsal) -> None:
    rehearsal.send("liu", "boom")
    rehearsal.send("liu", "3-2-501 gas.leak")
    rehearsal.run()
    before = rehearsal.open_flags()

    rehearsal.clock.move_on(timedelta(seconds=1))
    rehearsal.run()
    rehearsal.clock.move_on(timedelta(seconds=5))
    rehearsal.run()

    assert before == []
    assert rehearsal.open_flags() == ["3-2-501 gas.leak P0 x1"]
    assert rehearsal.told("liu")[0] == KEPT


def test_a_message_that_was_set_aside_can_be_tried_again_by_a_person(rehearsal: Rehearsal) -> None:
    from assistant import intake

    rehearsal.send("liu", "boom 3-2-501 gas.hose")
    rehearsal.wait(hours=3)
    with rehearsal.database.writing() as session:
        item = session.get_one(IntakeItem, 1)
        intake.retry(item, rehearsal.clock.now())
        item.text = "3-2-501 gas.hose"  # what read it has been mended

    rehearsal.run()

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]
    [report] = rehearsal.rows(Report)
    assert isinstance(report, Report)
    assert report.unread_because is None


@pytest.mark.parametrize(
    "typed",
    [
        "🔥🔥🔥",
        "软管\x00老化\x00",
        "电梯\ud83d坏了",
        "\udc00",
        "\x00",
        "啊" * 1_000_000,
        " ",
        "\u200b",
        "3-2-501\x00met",
    ],
    ids=["emoji", "NUL", "half a pair", "the other half", "only NUL", "1 MB", "blank", "zero width", "NUL in a door"],
)
def test_text_that_is_hard_to_hold_is_kept_to_the_character_and_answered(rehearsal: Rehearsal, typed: str) -> None:
    reply = rehearsal.worker_says(typed)

    assert reply
    item = _item(rehearsal)
    assert item.state is IntakeState.DONE
    assert Storable(item.text, item.text_bytes).as_typed() == typed
    [report] = rehearsal.rows(Report)
    assert isinstance(report, Report)
    assert Storable(report.text, report.text_bytes).as_typed() == typed
    assert len(report.text) == len(typed)


def _item(rehearsal: Rehearsal) -> IntakeItem:
    row = rehearsal.rows(IntakeItem)[0]
    assert isinstance(row, IntakeItem)
    return row
