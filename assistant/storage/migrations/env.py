"""Alembic's way in: on the connection that ``migrate`` hands over, or (``alembic revision``) on the set database."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import assistant.storage.tables  # noqa: F401  (the tables register themselves)


def _plainly(kind: str, column_type: Any, written: AutogenContext) -> str | Literal[False]:
    # a migration stands for itself: it names no type of ours and no code, which may change after it was written
    if kind != "type":
        return False
    if isinstance(column_type, sa.Enum):
        return f"sa.String(length={column_type.length})"
    if isinstance(column_type, sa.JSON):
        written.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if isinstance(column_type, AutoString):
        return "sa.String()"
    return "sa.DateTime(timezone=True)" if isinstance(column_type, UTCDateTime) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plainly,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


_given = context.config.attributes.get("connection")
if _given is not None:
    _run(_given)
else:
    from assistant.settings import Settings
    from assistant.storage.database import Database

    with Database.open(Settings().database_url, migrated=False).engine.begin() as _connection:
        _run(_connection)
