"""Fresh databases, on SQLite and on PostgreSQL."""

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
