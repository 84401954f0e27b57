"""Guards over every table: what it must carry, so that nobody sees, keeps or mistakes what they should not."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from sqlalchemy import DateTime, Table
from sqlalchemy.exc import StatementError
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from assistant.domain.access import AreaLevel, Retention, Role
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.tables import Area, Worker

#: tables in which nothing belongs to a person, with the reason
NOT_PERSONAL = {
    "areas": "names of areas",
    "estates": "names of estates",
    "stations": "an office with its hours",
}


def _tables() -> list[Table]:
    return list(SQLModel.metadata.sorted_tables)


@pytest.mark.parametrize("table", _tables(), ids=str)
def test_every_personal_table_carries_its_area_and_retention(table: Table) -> None:
    if table.name in NOT_PERSONAL:
        assert "retention" not in table.c, f"{table.name} is personal after all: take it off the list"
        return
    assert {"area_id", "retention"} <= set(table.c.keys())
    assert table.c.retention.nullable is False
    assert [key.target_fullname for key in table.c.area_id.foreign_keys] == ["areas.id"]


@pytest.mark.parametrize("table", _tables(), ids=str)
def test_every_moment_is_stored_in_utc_and_refuses_to_be_naive(table: Table) -> None:
    moments = [column for column in table.c if isinstance(getattr(column.type, "impl", column.type), DateTime)]

    assert all(isinstance(column.type, UTCDateTime) for column in moments)
    assert all(column.name.endswith("_at") or column.name == "at" for column in moments)


@pytest.mark.parametrize("table", _tables(), ids=str)
def test_every_constraint_and_index_has_a_name(table: Table) -> None:
    assert all(constraint.name for constraint in table.constraints)
    assert all(index.name for index in table.indexes)


@pytest.mark.parametrize("table", _tables(), ids=str)
def test_every_foreign_key_column_that_is_searched_backwards_has_an_index(table: Table) -> None:
    # taking back a report, settling a matter, opening a household: these are looked up by what they hang under
    led = {next(iter(index.columns)).name for index in table.indexes}
    led |= {next(iter(each.columns)).name for each in table.constraints if getattr(each, "columns", None)}

    for column in table.c:
        if column.foreign_keys and column.name in ("household_id", "report_id", "matter_id"):
            if table.name in ("outbox",) or column.name in led:
                continue
            pytest.fail(f"{table.name}.{column.name} has no index")


def test_a_naive_moment_is_refused_before_it_reaches_the_database() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        new(Worker, area_id=1, name="刘大姐", role=Role.WORKER, left_at=datetime(2026, 3, 1))


def test_a_naive_moment_is_refused_by_the_database_too(database: Database) -> None:
    with database.writing() as session:
        area = _area(session)
    left = Worker(area_id=area.id, name="刘大姐", role=Role.WORKER, retention=Retention.STANDING)
    left.left_at = datetime(2026, 3, 1)

    with pytest.raises(StatementError, match="timezone"), database.writing() as session:
        session.add(left)


def test_a_moment_comes_back_as_it_was(database: Database) -> None:
    moment = datetime(2026, 3, 5, 10, 0, 0, 123456, tzinfo=UTC)
    with database.writing() as session:
        area = _area(session)
        session.add(new(Worker, area_id=area.id, name="刘大姐", role=Role.WORKER, left_at=moment))

    with database.reading() as session:
        worker = session.get(Worker, 1)

    assert worker is not None
    assert worker.left_at == moment


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValidationError, match="role"):
        new(Worker, area_id=1, name="刘大姐", role="boss")


def test_a_row_that_hangs_under_nothing_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.writing() as session:
        session.add(new(Worker, area_id=4711, name="刘大姐", role=Role.WORKER))


def _area(session: Session) -> Area:
    area = new(Area, level=AreaLevel.GRID, name="第一网格", path="/1/")
    session.add(area)
    session.flush()
    return area
