"""What was brought in from spreadsheets, and what was taken out, by whom and for what."""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Index
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import JSON, Personal, code


class ImportState(StrEnum):
    """Where a spreadsheet that somebody sent stands. Only DONE ever changed a record."""

    #: its rows are being read
    READING = "reading"
    #: it can be brought in, once the person who sent it says so
    READY = "ready"
    #: something in it is wrong: nothing of it can be brought in
    FAULTY = "faulty"
    DONE = "done"
    #: put aside by the person who sent it
    DROPPED = "dropped"


class ImportBase(Personal):
    """A spreadsheet and what came of it. ``content`` goes as soon as the file is done with, whatever became of it.

    ``preview`` is what the page shows of it: counts, faults with their remedies, the first rows.
    """

    retention: Retention = Field(default=Retention.TRANSIT, sa_type=code(Retention))
    worker_id: int = Field(foreign_key="workers.id", index=True)
    form: str
    file_name: str
    content: bytes | None = None
    state: ImportState = Field(default=ImportState.READING, sa_type=code(ImportState))
    preview: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    received_at: AwareDatetime
    done_at: AwareDatetime | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0


class Import(ImportBase, table=True):
    __tablename__ = "imports"

    id: int | None = Field(default=None, primary_key=True)


class ExportBase(Personal):
    """One file that left the system: which form, of which days, how many rows, and the purpose that was given."""

    retention: Retention = Field(default=Retention.LEDGER, sa_type=code(Retention))
    worker_id: int = Field(foreign_key="workers.id")
    form: str
    file_kind: str
    since_on: date
    until_on: date
    purpose: str
    purpose_note: str | None = None
    with_restricted: bool = False
    rows: int
    made_at: AwareDatetime


class Export(ExportBase, table=True):
    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_area_id_made_at", "area_id", "made_at"),)

    id: int | None = Field(default=None, primary_key=True)
