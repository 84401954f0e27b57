"""The receipt of changed words takes the place of the earlier one, where the worker sees it there."""

from collections.abc import Callable

import pytest

from tests.turn.rehearsal import Rehearsal


def edits(rehearsal: Rehearsal, text: str, name: str = "m-edit") -> str | None:
    """刘大姐 changes what she wrote first; whose place the answer takes."""
    rehearsal.worker_says(text, name, edits="m-first")
    return rehearsal.channel.sent[-1].replaces


@pytest.fixture
def reported(rehearsal: Rehearsal) -> Rehearsal:
    rehearsal.worker_says("3-2-501 gas.hose", "m-first")
    return rehearsal


def test_the_receipt_of_changed_words_takes_the_place_of_the_first_one(reported: Rehearsal) -> None:
    assert edits(reported, "3-2-502 gas.hose") == "sent-1"
    assert reported.channel.sent[-1].text.startswith("3-2-502")


def test_words_that_are_changed_again_take_the_place_of_those_before(reported: Rehearsal) -> None:
    edits(reported, "3-2-502 gas.hose")

    assert edits(reported, "3-2-601 gas.hose", "m-again") == "sent-2"


ELSEWHERE: dict[str, Callable[[Rehearsal], object]] = {
    "the worker wrote since": lambda rehearsal: rehearsal.worker_says("1-1-101 gas.hose"),
    "she was told something since": lambda rehearsal: rehearsal.wait(days=14),
}


@pytest.mark.parametrize("since", ELSEWHERE)
def test_a_receipt_that_stands_further_up_stays_and_the_new_one_comes_below(reported: Rehearsal, since: str) -> None:
    ELSEWHERE[since](reported)

    assert edits(reported, "3-2-502 gas.hose") is None


def test_an_emergency_is_always_told_anew(reported: Rehearsal) -> None:
    reported.worker_says("3-2-501 gas.leak", "m-edit", edits="m-first")

    answers = [each for each in reported.channel.sent if each.address == "liu"]
    assert len(answers) == 2
    assert [each.replaces for each in answers] == [None, None]


def test_a_message_of_its_own_takes_nobodys_place(reported: Rehearsal) -> None:
    reported.worker_says("3-2-502 gas.hose")

    assert reported.channel.sent[-1].replaces is None
