"""Rows as they were at an earlier moment, from the ledger's lines: who was known then, and what was known of them.

    lines = lines_of(session, "residents", household_ids)
    as_it_was(lines, resident, "lives_alone", at)         # the value that held at ``at``
    was_there(lines, resident.id, at)                     # had it come into being by then?

A row without lines (an address book that was brought in before there was a ledger) was always there. Words are never on
the ledger, so only codes, numbers and days can be told as they were.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from assistant.storage.tables import Action


@dataclass(frozen=True)
class Line:
    """One change: when, and the columns that it changed as they were before (None: the row came into being)."""

    at: datetime
    before: Mapping[str, Any] | None


#: by row id, the newest line first
Lines = Mapping[int, Sequence[Line]]


def lines_of(session: Session, subject: str, household_ids: Sequence[int]) -> Lines:
    """The lines about a table's rows at these households that set or changed something."""
    found: dict[int, list[Line]] = defaultdict(list)
    rows = session.exec(
        select(Action.subject_id, Action.at, Action.before, Action.after)
        .where(Action.subject == subject, col(Action.household_id).in_(household_ids))
        .order_by(col(Action.id).desc())
    )
    for subject_id, at, before, after in rows:
        if after is not None:
            found[subject_id].append(Line(at, before))
    return found


def was_there(lines: Lines, row_id: int | None, at: datetime) -> bool:
    """Had the row come into being by ``at``?"""
    made = [line.at for line in lines.get(row_id or 0, ()) if line.before is None]
    return not made or min(made) <= at


def as_it_was(lines: Lines, row: SQLModel, column: str, at: datetime) -> Any:
    """The column's value at ``at``; as it is now where nothing changed it since."""
    value = getattr(row, column)
    for line in lines.get(row.id, ()):  # type: ignore[attr-defined]
        if line.at <= at:
            break
        if line.before is not None and column in line.before:
            value = line.before[column]
    return value


def read_moment(value: datetime | str | None) -> datetime | None:
    """A moment of a row or of a line."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def read_day(value: date | str | None) -> date | None:
    """A day of a row or of a line."""
    return date.fromisoformat(value) if isinstance(value, str) else value
