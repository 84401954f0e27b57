"""What is on record reaches those who understand and decide: no more, no less, in the community's days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from assistant.domain.casework import Decision
from assistant.domain.places import HouseholdKey
from assistant.domain.reports import (
    FoundBefore,
    KnownHousehold,
    Message,
    OpenMatter,
    PersonOnRecord,
    Reading,
    SpokeBefore,
)
from assistant.storage.records import EstateBook
from assistant.storage.tables import Estate, Household
from tests.turn import fakes
from tests.turn.rehearsal import Rehearsal


class Listener:
    """Hears what the minds are given."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.messages: list[Message] = []
        self.known: list[Sequence[KnownHousehold]] = []
        minds = replace(rehearsal.turn.minds, read=self._read, decide=self._decide)
        rehearsal.turn = replace(rehearsal.turn, minds=minds)

    def _read(self, message: Message, addresses: EstateBook) -> Reading:
        self.messages.append(message)
        return fakes.read(message, addresses)

    def _decide(self, reading: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]:
        self.known.append(known)
        return fakes.decide(reading, known, at)

    def told_of(self, key: str) -> KnownHousehold:
        """What the last decision was told of a door."""
        return next(one for one in self.known[-1] if one.key == key)


@pytest.fixture
def heard(rehearsal: Rehearsal) -> Listener:
    return Listener(rehearsal)


def test_people_come_with_the_age_they_have_today(rehearsal: Rehearsal, heard: Listener) -> None:
    rehearsal.worker_says("3-2-501 met")

    assert heard.told_of("3-2-501").people == (PersonOnRecord("张大爷", 82, lives_alone=True, disabled=None),)


def test_open_matters_come_with_their_first_day_and_how_often_they_were_found(
    rehearsal: Rehearsal, heard: Listener
) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.wait(days=1)
    rehearsal.worker_says("3-2-501 gas.hose")

    rehearsal.worker_says("3-2-501 met")

    assert heard.told_of("3-2-501").open == (OpenMatter("gas.hose", date(2026, 3, 5), 2),)


def test_what_is_settled_or_withdrawn_is_not_open(rehearsal: Rehearsal, heard: Listener) -> None:
    rehearsal.worker_says("3-2-501 fire.clutter")
    rehearsal.worker_says("close 3-2-501 fire.clutter")
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.worker_says("withdraw")

    rehearsal.worker_says("3-2-501 met")

    assert heard.told_of("3-2-501").open == ()


@pytest.mark.parametrize(
    ("visits", "misses"),
    [
        (["missed"], 1),
        (["missed", "missed"], 2),
        (["missed", "phone", "missed"], 1),
        (["missed", "met"], 0),
        (["missed", "refused"], 0),
        (["met", "missed", "missed", "missed"], 3),
    ],
)
def test_misses_in_a_row_count_from_the_last_time_that_somebody_answered(
    rehearsal: Rehearsal, heard: Listener, visits: list[str], misses: int
) -> None:
    for outcome in visits:
        rehearsal.worker_says(f"3-2-501 {outcome}")
        rehearsal.wait(hours=1)

    rehearsal.worker_says("3-2-501 gas.hose")

    assert heard.told_of("3-2-501").misses_in_a_row == misses


def test_a_miss_that_was_taken_back_does_not_count(rehearsal: Rehearsal, heard: Listener) -> None:
    rehearsal.worker_says("3-2-501 missed")
    rehearsal.worker_says("withdraw")

    rehearsal.worker_says("3-2-501 gas.hose")

    assert heard.told_of("3-2-501").misses_in_a_row == 0


def test_the_last_contact_is_a_day_of_the_community(rehearsal: Rehearsal, heard: Listener) -> None:
    rehearsal.clock.move_to(datetime.fromisoformat("2026-03-06T00:30:00+08:00"))  # still the 5th in UTC
    rehearsal.worker_says("3-2-501 phone")

    rehearsal.worker_says("3-2-501 missed")

    assert heard.told_of("3-2-501").last_contact_on == date(2026, 3, 6)


def test_a_decision_hears_what_was_found_behind_other_doors_and_which_rules_spoke_here(
    rehearsal: Rehearsal, heard: Listener
) -> None:
    rehearsal.worker_says("3-2-501 gas.hose; 3-2-502 gas.service; 1-1-101 fire.clutter")
    rehearsal.wait(days=1)

    rehearsal.worker_says("3-2-502 gas.hose")

    there = heard.told_of("3-2-502")
    assert there.found == (
        FoundBefore("gas.hose", "3-2-501", date(2026, 3, 5)),
        FoundBefore("gas.service", "3-2-502", date(2026, 3, 5)),
    )
    assert there.spoke == (SpokeBefore("gas.service", "gas.service", date(2026, 3, 5)),)


def test_a_door_that_nobody_named_before_still_has_the_history_of_its_estate(
    rehearsal: Rehearsal, heard: Listener
) -> None:
    rehearsal.worker_says("3-2-501 gas.hose")
    rehearsal.wait(days=1)

    rehearsal.worker_says("9-1-901 gas.hose")

    assert heard.told_of("9-1-901") == KnownHousehold(
        "9-1-901", found=(FoundBefore("gas.hose", "3-2-501", date(2026, 3, 5)),)
    )


def test_the_earlier_messages_of_the_chat_come_oldest_first_without_those_taken_back(
    rehearsal: Rehearsal, heard: Listener
) -> None:
    rehearsal.worker_says("3-2-501 met")
    rehearsal.worker_says("3-2-502 gas.hose")
    rehearsal.worker_says("withdraw")

    rehearsal.worker_says("3-2-601 met")

    assert [each.text for each in heard.messages[-1].before] == ["3-2-501 met", "withdraw"]


def test_another_workers_messages_are_not_among_them(rehearsal: Rehearsal, heard: Listener) -> None:
    rehearsal.send("li", "3-2-501 met")
    rehearsal.run()

    rehearsal.worker_says("3-2-502 met")

    assert heard.messages[-1].before == ()


def test_a_message_without_a_door_comes_with_the_households_last_reported_on_newest_first(
    rehearsal: Rehearsal, heard: Listener
) -> None:
    rehearsal.worker_says("3-2-501 met")
    rehearsal.wait(hours=1)
    rehearsal.worker_says("3-2-502 met")
    rehearsal.wait(hours=1)

    rehearsal.worker_says("上回那家")

    assert [one.key for one in heard.messages[-1].known] == ["3-2-502", "3-2-501"]


def test_a_person_who_is_named_brings_their_household_along(rehearsal: Rehearsal, heard: Listener) -> None:
    rehearsal.worker_says("张大爷今天不错")

    assert [one.key for one in heard.messages[-1].known] == ["3-2-501"]


def test_a_door_that_is_named_is_read_with_its_record(rehearsal: Rehearsal, heard: Listener) -> None:
    rehearsal.send("li", "3-2-502 gas.hose")  # not a door of 刘大姐's lately
    rehearsal.run()

    rehearsal.worker_says("3-2-502 met")

    assert [matter.kind for one in heard.messages[-1].known for matter in one.open] == ["gas.hose"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3-2-501", ["3-2-501"]),
        ("?-?-302", ["2-1-302"]),
        ("3-?-501", ["3-2-501"]),
        ("3-2-?", ["3-2-501", "3-2-502", "3-2-601"]),
        ("3-?-6F", ["3-2-601"]),
        ("?-?-999", []),
    ],
)
def test_the_address_book_narrows_down_what_was_said(rehearsal: Rehearsal, said: str, meant: list[str]) -> None:
    with rehearsal.database.reading() as session:
        book = EstateBook(session, session.get_one(Estate, 1), own_area_id=2)

        assert [str(key) for key in book.matches(HouseholdKey.parse(said), "怡丽佳苑")] == meant
        assert book.matches(HouseholdKey.parse(said), "另一个小区") == ()


def test_the_address_book_takes_the_own_micro_grids_door_where_two_fit(rehearsal: Rehearsal) -> None:
    with rehearsal.database.writing() as session:
        session.add(
            Household(
                area_id=3,
                estate_id=1,
                key="7-1-501",
                in_address_book=True,
                building="7",
                unit="1",
                room="501",
                retention="standing",
            )
        )
    said = HouseholdKey.parse("?-?-501")

    with rehearsal.database.reading() as session:
        mine, hers, nobodys = (
            [str(key) for key in EstateBook(session, session.get_one(Estate, 1), area).matches(said)]
            for area in (2, 3, 1)
        )

    assert (mine, hers) == (["3-2-501"], ["7-1-501"])
    assert nobodys == ["3-2-501", "7-1-501"]
