"""The parts of a door that an answer adds to the door that was asked about."""

import pytest

from assistant.storage.tables import Household, Matter
from tests.turn.rehearsal import Rehearsal


def doors_with_a_matter(rehearsal: Rehearsal) -> list[str]:
    with rehearsal.database.reading() as session:
        matters = [row for row in rehearsal.rows(Matter) if isinstance(row, Matter)]
        return [session.get_one(Household, row.household_id).key for row in matters if row.state.stands]


@pytest.mark.parametrize(
    ("half", "answer", "whole"),
    [
        ("3-?-501", "2单元", "3-2-501"),
        ("3-?-501", "是二单元哈", "3-2-501"),
        ("?-2-501", "12栋", "12-2-501"),
        ("?-2-501", "十二栋", "12-2-501"),
        ("?-2-501", "a座", "A-2-501"),
    ],
)
def test_a_part_alone_completes_the_door_that_was_asked_about(
    rehearsal: Rehearsal, half: str, answer: str, whole: str
) -> None:
    rehearsal.worker_says(f"{half} gas.hose")

    rehearsal.worker_says(answer)

    assert doors_with_a_matter(rehearsal) == [whole]


def test_a_move_from_the_door_that_was_asked_about_ends_at_the_whole_door(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("5-?-6F gas.leak")

    rehearsal.worker_says("move 5-?-6F ?-1-602")

    assert doors_with_a_matter(rehearsal) == ["5-1-602"]


@pytest.mark.parametrize("answer", ["3栋", "2单元有人在吵", "三单元", "收到"])
def test_what_is_no_part_that_fits_leaves_the_door_as_it_was(rehearsal: Rehearsal, answer: str) -> None:
    rehearsal.worker_says("?-2-501 gas.hose" if answer != "3栋" else "5-?-501 gas.hose")

    rehearsal.worker_says(answer)

    assert doors_with_a_matter(rehearsal) == ["?-2-501" if answer != "3栋" else "5-?-501"]


def test_a_part_that_comes_hours_later_answers_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-?-501 gas.hose")
    rehearsal.wait(hours=5)

    rehearsal.worker_says("2单元")

    assert doors_with_a_matter(rehearsal) == ["3-?-501"]
