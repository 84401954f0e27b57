"""The small community of the console's tests, with two doors in its address book."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from assistant.storage.database import Database
from assistant.storage.tables import Household, Resident
from tests.console.world import World, build_world

Record = Callable[[], tuple[list[object], list[object]]]


@pytest.fixture
def world(database: Database) -> World:
    made = build_world(database)
    for key in ("3-2-501", "3-2-502"):
        made.has_household(key)
    with database.writing() as session:
        for row in session.exec(select(Household)):
            row.in_address_book = True
    return made


@pytest.fixture
def record(database: Database) -> Record:
    """Everything that an import could change, to be compared before and after."""

    def read() -> tuple[list[object], list[object]]:
        with database.reading() as session:
            doors = [row.model_dump() for row in session.exec(select(Household).order_by("id"))]
            people = [row.model_dump() for row in session.exec(select(Resident).order_by("id"))]
        return doors, people

    return read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for the files that are taken out."""
    made = tmp_path / "out"
    made.mkdir()
    return made
