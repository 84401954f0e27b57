"""Photos, voices and files that came with a message, and where each stands."""

from enum import StrEnum

from pydantic import AwareDatetime
from sqlalchemy import Index, text
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import Personal, code


class EvidenceState(StrEnum):
    """Where a file stands."""

    #: it is still at the channel
    WAITING = "waiting"
    #: in our folder, under its digest
    KEPT = "kept"
    #: too big, of no kind that we take, or gone from the channel: ``why_not`` says which
    REFUSED = "refused"
    #: taken away for good; ``digest`` is there until the folder has let go of it too
    ERASED = "erased"


class EvidenceBase(Personal):
    """One file. ``reference`` is the channel's name for it; ``digest`` and ``media_type`` name it in our folder.

    It belongs to the report of its message, and is seen by whoever may see that.
    """

    area_id: int | None = Field(default=None, foreign_key="areas.id", index=True)  # type: ignore[assignment]
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))
    intake_id: int = Field(foreign_key="intake.id", index=True)
    report_id: int | None = Field(default=None, foreign_key="reports.id", index=True)
    channel: str
    kind: str
    reference: str | None = None
    state: EvidenceState = Field(default=EvidenceState.WAITING, sa_type=code(EvidenceState))
    received_at: AwareDatetime
    next_attempt_at: AwareDatetime
    attempts: int = Field(default=0, ge=0)
    digest: str | None = Field(default=None, index=True)
    media_type: str | None = None
    size: int | None = None
    why_not: str | None = None


class Evidence(EvidenceBase, table=True):
    __tablename__ = "evidence"
    __table_args__ = (
        Index(
            "ix_evidence_waiting",
            "channel",
            "next_attempt_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
