"""Every value that stands in any table, for tests that look for a word that must be gone."""

import json

from sqlmodel import Session, SQLModel, select

import assistant.storage.tables  # noqa: F401
from assistant.storage.database import Database


def where_is(database: Database, word: str) -> set[str]:
    """The columns, ``table.column``, in which ``word`` stands somewhere."""
    with database.reading() as session:
        return {
            f"{table.name}.{column.name}"
            for table in SQLModel.metadata.sorted_tables
            for row in session.execute(select(table)).mappings()
            for column in table.columns
            if word in _plain(row[column.name])
        }


def count(session: Session, table: type[SQLModel]) -> int:
    """How many rows a table has."""
    return len(session.exec(select(table)).all())


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
