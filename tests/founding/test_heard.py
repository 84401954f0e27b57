"""Everybody of a fresh community with several estates is heard: nobody's answer waits for an estate to be set."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from assistant.domain.access import Role
from assistant.founding import found, read_file
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.records import estate_of
from assistant.storage.tables import Worker
from knowledge.replies import load_replies

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "community.example.yaml"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def founded(database: Database) -> Database:
    names = load_replies().responders
    with database.writing() as session:
        found(Ledger(session, NOW), read_file(EXAMPLE, names), {name: who for who, name in names.items()})
    return database


def test_each_of_the_example_means_some_estate(founded: Database) -> None:
    with founded.reading() as session:
        meant = {worker.name: estate_of(session, worker, None) for worker in session.exec(select(Worker))}

    assert not [name for name, estate in meant.items() if estate is None]


def test_a_grids_coordinator_means_the_estate_of_the_grid(founded: Database) -> None:
    with founded.reading() as session:
        coordinator = session.exec(select(Worker).where(Worker.name == "何建")).one()
        estate = estate_of(session, coordinator, None)

        assert coordinator.role is Role.COORDINATOR
        assert estate is not None
        assert estate.name == "锦绣园"
