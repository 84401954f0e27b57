"""The record as it was: old reports are decided from what was known then, not from what is known today."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from assistant.domain.reports import CareGrade, KnownHousehold, OpenMatter, PersonOnRecord
from assistant.storage import history, records
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.past import Past
from assistant.storage.tables import Estate, FollowUp, Household, Resident
from tests.turn.rehearsal import START, ZONE, Rehearsal, settle_community

DOOR = "3-2-502"


@pytest.fixture
def rehearsal(database: Database) -> Rehearsal:
    settle_community(database)
    return Rehearsal(database)


def known(rehearsal: Rehearsal, at: datetime, door: str = DOOR) -> KnownHousehold:
    """What the past says of a door just before ``at``."""
    with rehearsal.database.reading() as session:
        place = session.exec(select(Household).where(Household.key == door)).one()
        estate = session.get_one(Estate, place.estate_id)
        return Past(session, estate, [place], ZONE).known(place, set(), at.astimezone(ZONE))


def live(rehearsal: Rehearsal, door: str = DOOR) -> KnownHousehold:
    """What a turn that begins now would be given."""
    now = rehearsal.clock.now().astimezone(ZONE)
    with rehearsal.database.reading() as session:
        place = session.exec(select(Household).where(Household.key == door)).one()
        estate = session.get_one(Estate, place.estate_id)
        (one,) = history.with_history(session, estate, records.known(session, [place], now), (), now)
        return one


def tell_of(rehearsal: Rehearsal, called: str, **told: object) -> None:
    """Put on record, now, who lives there, or what is newly known of them."""
    with rehearsal.database.writing() as session:
        ledger = Ledger(session, rehearsal.clock.now())
        place = session.exec(select(Household).where(Household.key == DOOR)).one()
        there = session.exec(
            select(Resident).where(Resident.household_id == place.id, Resident.called == called)
        ).first()
        if there is None:
            row = new(Resident, area_id=place.area_id, household_id=place.id, called=called, **told)
            ledger.adds(row, "told_of")
        else:
            ledger.changes(there, "told_of", **told)


def test_who_was_told_of_later_was_not_known_then(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says(f"{DOOR} met")
    rehearsal.clock.move_on(timedelta(days=2))
    tell_of(rehearsal, "李婆婆", birth_year=1940, lives_alone=True)

    assert known(rehearsal, START + timedelta(days=1)).people == ()
    assert known(rehearsal, START + timedelta(days=3)).people == (PersonOnRecord("李婆婆", 86, True, None),)


def test_what_was_learned_of_somebody_later_was_not_known_then(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says(f"{DOOR} met")
    tell_of(rehearsal, "李婆婆", birth_year=1940)
    rehearsal.clock.move_on(timedelta(days=2))
    tell_of(rehearsal, "李婆婆", lives_alone=True, disabled=True)
    rehearsal.clock.move_on(timedelta(days=2))
    tell_of(rehearsal, "李婆婆", disabled=False)

    people = [known(rehearsal, START + timedelta(days=day)).people[0] for day in (1, 3, 5)]
    assert [(one.lives_alone, one.disabled) for one in people] == [(None, None), (True, True), (True, False)]


def test_a_grade_of_care_that_was_given_later_did_not_hold_then(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says(f"{DOOR} met")
    tell_of(rehearsal, "李婆婆", birth_year=1940)
    rehearsal.clock.move_on(timedelta(days=2))
    tell_of(rehearsal, "李婆婆", care_grade=CareGrade.RED)
    rehearsal.clock.move_on(timedelta(days=2))
    tell_of(rehearsal, "李婆婆", care_grade=CareGrade.BLUE)

    grades = [known(rehearsal, START + timedelta(days=day)).people[0].care_grade for day in (1, 3, 5)]
    assert grades == [None, CareGrade.RED, CareGrade.BLUE]


def test_who_has_moved_away_since_lived_there_then(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says(f"{DOOR} met")
    tell_of(rehearsal, "李婆婆", lives_alone=True)
    rehearsal.clock.move_on(timedelta(days=9))
    tell_of(rehearsal, "李婆婆", moved_away_on=date(2026, 3, 10))

    assert [one.name for one in known(rehearsal, START + timedelta(days=2)).people] == ["李婆婆"]
    assert known(rehearsal, START + timedelta(days=10)).people == ()


def test_whoever_came_with_the_address_book_was_always_known(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 met")

    assert [one.name for one in known(rehearsal, START + timedelta(days=1), "3-2-501").people] == ["张大爷"]


def test_a_promise_that_was_late_then_is_late_then_though_it_has_ended_since(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says(f"{DOOR} gas.hose")
    rehearsal.wait(days=9)
    rehearsal.worker_says(f"close {DOOR} gas.hose")

    def overdue(days: float) -> list[bool]:
        return [matter.is_overdue for matter in known(rehearsal, START + timedelta(days=days)).open]

    assert (overdue(6), overdue(8), overdue(10)) == ([False], [True], [])


def test_a_day_that_was_moved_since_counts_as_it_stood(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says(f"{DOOR} gas.hose")
    rehearsal.clock.move_on(timedelta(days=9))
    with rehearsal.database.writing() as session:
        for row in session.exec(select(FollowUp).order_by(col(FollowUp.id))):
            Ledger(session, rehearsal.clock.now()).changes(row, "revised", due_at=START + timedelta(days=30))

    assert known(rehearsal, START + timedelta(days=8)).open == (OpenMatter("gas.hose", date(2026, 3, 5), 1, True),)
    assert known(rehearsal, START + timedelta(days=10)).open == (OpenMatter("gas.hose", date(2026, 3, 5), 1, False),)


def test_the_past_of_this_moment_is_what_a_turn_is_given(rehearsal: Rehearsal) -> None:
    rehearsal.worker_says(f"{DOOR} (李婆婆) met gas.hose")
    rehearsal.wait(days=3)
    rehearsal.worker_says(f"{DOOR} missed")
    rehearsal.wait(days=5)
    rehearsal.worker_says(f"{DOOR} met gas.hose")
    rehearsal.wait(days=8)

    now = rehearsal.clock.now()
    past, present = known(rehearsal, now), live(rehearsal)
    assert present.open
    assert present.open[0].is_overdue
    assert (past.people, past.open, past.misses_in_a_row) == (present.people, present.open, present.misses_in_a_row)
    assert (past.open_rules, past.last_contact_on) == (present.open_rules, present.last_contact_on)
    assert sorted(past.found, key=str) == sorted(present.found, key=str)
    assert set(past.spoke) == set(present.spoke)
