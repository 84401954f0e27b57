"""Who asked that a person's data be erased, and each run of the retention job."""

from datetime import date

from pydantic import AwareDatetime
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import JSON, Personal, code


class ErasureBase(Personal):
    """A person's data is to go: all that may goes at once, the rest when the matter that holds it has ended.

    ``called`` is whom it is about, and is emptied when it is ``done_at``. ``ground`` is a code, ``counts`` how many
    rows of each sort went.
    """

    retention: Retention = Field(default=Retention.LEDGER, sa_type=code(Retention))
    household_id: int = Field(foreign_key="households.id", index=True)
    called: str
    worker_id: int = Field(foreign_key="workers.id")
    ground: str
    asked_at: AwareDatetime
    done_at: AwareDatetime | None = None
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)


class Erasure(ErasureBase, table=True):
    __tablename__ = "erasures"

    id: int | None = Field(default=None, primary_key=True)


class RetentionRunBase(Personal):
    """What the retention job took away in a day; ``worker_id`` is None where it came by itself."""

    retention: Retention = Field(default=Retention.LEDGER, sa_type=code(Retention))
    on_day: date
    at: AwareDatetime
    worker_id: int | None = Field(default=None, foreign_key="workers.id")
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)


class RetentionRun(RetentionRunBase, table=True):
    __tablename__ = "retention_runs"

    id: int | None = Field(default=None, primary_key=True)
