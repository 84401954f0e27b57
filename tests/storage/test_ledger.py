"""The ledger: it cannot be changed, and says what was and what is."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select, text

from assistant.domain.access import AreaLevel, Role
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Action, Area, Worker

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def worker(database: Database) -> Worker:
    with database.writing() as session:
        session.add(new(Area, level=AreaLevel.GRID, name="第一网格", path="/1/"))
        session.flush()
        return Ledger(session, NOW).adds(new(Worker, area_id=1, name="刘大姐", role=Role.WORKER), "joined")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE actions SET verb = 'nothing'", "UPDATE actions SET at = at", "DELETE FROM actions"],
)
def test_the_ledger_refuses_to_be_changed(database: Database, worker: Worker, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(statement))

    with database.reading() as session:
        assert [line.verb for line in session.exec(select(Action))] == ["joined"]


@pytest.mark.postgres
def test_the_ledger_refuses_to_be_emptied_at_once(postgres_url: str) -> None:
    database = Database.open(postgres_url)

    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text("TRUNCATE actions"))

    database.close()


def test_a_change_is_written_down_with_what_was_and_what_is(database: Database, worker: Worker) -> None:
    with database.writing() as session:
        Ledger(session, NOW, worker_id=worker.id).changes(worker, "left", why="moved away", left_at=NOW)

    with database.reading() as session:
        line = session.exec(select(Action).where(Action.verb == "left")).one()
    assert (line.subject, line.subject_id, line.worker_id, line.why) == ("workers", worker.id, worker.id, "moved away")
    assert (line.before, line.after) == ({"left_at": None}, {"left_at": "2026-03-05T02:00:00+00:00"})


def test_a_change_of_nothing_leaves_no_line(database: Database, worker: Worker) -> None:
    with database.writing() as session:
        Ledger(session, NOW).changes(worker, "renamed", name="刘大姐")

    with database.reading() as session:
        assert session.exec(select(Action).where(Action.verb == "renamed")).first() is None
