"""A message whose words were changed: these stand instead of those."""

from assistant.storage.tables import Report
from tests.turn.rehearsal import REPLIES, Rehearsal


def edit(rehearsal: Rehearsal, text: str, of: str = "m-first", name: str = "m-edit") -> str:
    item = rehearsal.send("liu", text, name, edits=of)
    rehearsal.run()
    return next(row.text for row in rehearsal.outbox() if row.idempotency_key == f"reply:{item}")


def first(rehearsal: Rehearsal, text: str) -> None:
    rehearsal.send("liu", text, "m-first")
    rehearsal.run()


def test_another_door_takes_the_place_of_the_first(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.hose")

    reply = edit(rehearsal, "3-2-502 gas.hose")

    assert rehearsal.open_flags() == ["3-2-502 gas.hose P2 x1"]
    assert reply.startswith("3-2-502")


def test_another_kind_at_the_same_door_counts_once(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.hose")

    edit(rehearsal, "3-2-501 gas.leak")

    assert rehearsal.open_flags() == ["3-2-501 gas.leak P0 x1"]


def test_a_second_edit_takes_the_place_of_the_first_edit(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.hose")
    edit(rehearsal, "3-2-502 gas.hose")

    edit(rehearsal, "3-2-601 gas.hose", name="m-edit-2")

    assert rehearsal.open_flags() == ["3-2-601 gas.hose P2 x1"]


def test_an_edit_that_says_the_same_moves_nothing(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.leak")
    told = [(row.address, row.text) for row in rehearsal.outbox()]

    reply = edit(rehearsal, "3-2-501  gas.leak")

    assert reply == REPLIES.sayings.corrected
    assert [(row.address, row.text) for row in rehearsal.outbox()][:-1] == told
    assert rehearsal.open_flags() == ["3-2-501 gas.leak P0 x1"]


def test_an_urgent_matter_is_not_taken_back_by_words_that_report_nothing(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.leak")

    edit(rehearsal, "嗯嗯")

    assert rehearsal.open_flags() == ["3-2-501 gas.leak P0 x1"]


def test_who_was_called_for_what_is_no_longer_said_hears_so(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.leak")

    edit(rehearsal, "3-2-501 gas.hose")

    assert any("撤回" in text and "3-2-501" in text for text in rehearsal.told("wang"))
    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]


def test_an_edit_whose_original_is_not_known_is_a_report(rehearsal: Rehearsal) -> None:
    edit(rehearsal, "3-2-501 gas.hose", of="m-lost")

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1"]


def test_nobody_edits_what_somebody_else_reported(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.hose")

    rehearsal.send("li", "3-2-601 gas.hose", "m-edit", edits="m-first")
    rehearsal.run()

    assert rehearsal.open_flags() == ["3-2-501 gas.hose P2 x1", "3-2-601 gas.hose P2 x1"]


def test_both_versions_stay_and_withdrawing_takes_back_the_last(rehearsal: Rehearsal) -> None:
    first(rehearsal, "3-2-501 gas.hose")
    edit(rehearsal, "3-2-502 gas.hose")

    rehearsal.worker_says("withdraw")

    texts = [row.text for row in rehearsal.rows(Report)]  # type: ignore[attr-defined]
    assert texts == ["3-2-501 gas.hose", "3-2-502 gas.hose", "withdraw"]
    assert rehearsal.open_flags() == []
