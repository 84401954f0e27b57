"""A small community on a fresh database, on SQLite and on PostgreSQL."""

import pytest

from assistant.storage.database import Database
from tests.storage.databases import (
    common_folder,
    database,
    database_url,
    empty_postgres_url,
    empty_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
)
from tests.turn.rehearsal import Rehearsal, settle_community

__all__ = [
    "common_folder",
    "database",
    "database_url",
    "empty_postgres_url",
    "empty_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "sqlite_url",
]


@pytest.fixture
def rehearsal(database: Database) -> Rehearsal:
    settle_community(database)
    return Rehearsal(database)
