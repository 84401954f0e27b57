"""Migrations make exactly the tables; a newer database is refused, and a failure leaves nothing behind."""

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

import assistant.storage.tables  # noqa: F401
from assistant.domain.errors import DatabaseIsNewer
from assistant.storage.database import Database


def test_the_migrations_make_exactly_the_tables(empty_url: str) -> None:
    database = Database.open(empty_url)

    with database.engine.connect() as connection:
        only_here = partial(_belongs_on, connection.dialect.name)
        opts = {"compare_type": True, "compare_server_default": True, "include_object": only_here}
        context = MigrationContext.configure(connection, opts=opts)
        difference = compare_metadata(context, SQLModel.metadata)

    database.close()
    assert difference == []


def test_a_database_that_is_up_to_date_is_opened_as_it_is(database_url: str) -> None:
    before = _version(database_url)

    Database.open(database_url).close()

    assert _version(database_url) == before


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database_url: str) -> None:
    database = Database.open(database_url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        tables_before = sorted(sa.inspect(connection).get_table_names())
    database.close()

    with pytest.raises(DatabaseIsNewer, match=r"更新版本的微光.*9999.*没有改动"):
        Database.open(database_url)

    assert _version(database_url) == "9999"
    assert _tables(database_url) == tables_before


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    database = Database.open(empty_url, migrated=False)
    with database.engine.begin() as connection:
        # the migration will stumble over this table, after it has made others
        connection.exec_driver_sql("CREATE TABLE outbox (id INTEGER)")
    database.close()

    with pytest.raises(sa.exc.DBAPIError, match="outbox"):
        Database.open(empty_url)

    assert _tables(empty_url) == ["outbox"]


def _belongs_on(dialect: str, item: Any, *_: Any) -> bool:
    """Not an index that our tables want on the other kind of database alone."""
    return getattr(item, "info", {}).get("only_on", dialect) == dialect


def _version(url: str) -> str:
    database = Database.open(url, migrated=False)
    with database.engine.connect() as connection:
        version: str = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    database.close()
    return version


def _tables(url: str) -> list[str]:
    database = Database.open(url, migrated=False)
    with database.engine.connect() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
    database.close()
    return names
