"""What the tables share: naming of constraints, column types, and the columns every personal table carries.

Import this before any table is defined: ``SQLModel.metadata`` gets its naming convention here, so that each
constraint has the same name on SQLite and PostgreSQL and a migration can find it.

A ``table=True`` model does not validate, so each table has a base without it, and rows are made with ``new(Table,
...)``, which validates first.
"""

from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import AwareDatetime
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from assistant.domain.access import Retention, Sensitivity

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: JSON that PostgreSQL can index. Never change a value in place: the session would not see it.
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

Row = TypeVar("Row", bound=SQLModel)


def code(of: type[StrEnum]) -> sa.Enum:
    """A column type for a code: text in the database, the enum in Python, refused when it is none of its values."""
    return sa.Enum(
        of,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda codes: [member.value for member in codes],
        validate_strings=True,
    )


def new(table: type[Row], **values: Any) -> Row:
    """A row of ``table``, validated by its base. Raises pydantic's ValidationError (a naive datetime, a bad code)."""
    base = next(ancestor for ancestor in table.__mro__[1:] if issubclass(ancestor, SQLModel))
    checked = base.model_validate({name: value for name, value in values.items() if name in base.model_fields})
    row = table(**{name: getattr(checked, name) for name in base.model_fields})
    for name in values.keys() - base.model_fields.keys():
        setattr(row, name, values[name])
    return row


class Personal(SQLModel):
    """What a table with anything personal in it carries: the area that may see it, and when it is erased."""

    area_id: int = Field(foreign_key="areas.id", index=True)
    retention: Retention = Field(sa_type=code(Retention))


class Restricted(Personal):
    """A personal table whose rows may be restricted beyond their area."""

    sensitivity: Sensitivity = Field(default=Sensitivity.ORDINARY, sa_type=code(Sensitivity))


class Withdrawable(SQLModel):
    """A row that a correction or retraction takes back; it stays, with the moment."""

    withdrawn_at: AwareDatetime | None = None
