"""What residents ask for together, where it stands, and who asked."""

from datetime import date

from pydantic import AwareDatetime
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.domain.requests import RequestStage
from assistant.storage.columns import Personal, code


class ResidentRequestBase(Personal):
    """One thing that is asked for at an estate (``about``: 乒乓室); the stages: domain/requests.py.

    ``due_on`` is the day by which the stage should be over. The words of each step are those of the reports that the
    ledger names.
    """

    estate_id: int = Field(foreign_key="estates.id")
    kind: str
    about: str
    stage: RequestStage = Field(default=RequestStage.ASKED, sa_type=code(RequestStage))
    asked_at: AwareDatetime
    stage_at: AwareDatetime
    due_on: date | None = None
    ended_at: AwareDatetime | None = None
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class ResidentRequest(ResidentRequestBase, table=True):
    __tablename__ = "resident_requests"
    __table_args__ = (Index("ix_resident_requests_estate_id_stage", "estate_id", "stage"),)

    id: int | None = Field(default=None, primary_key=True)


class RequestVoiceBase(Personal):
    """One report in which somebody asked for it: who is owed a word back."""

    request_id: int = Field(foreign_key="resident_requests.id", index=True)
    report_id: int = Field(foreign_key="reports.id", index=True)
    household_id: int = Field(foreign_key="households.id")
    worker_id: int | None = Field(default=None, foreign_key="workers.id")
    asked_at: AwareDatetime
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class RequestVoice(RequestVoiceBase, table=True):
    __tablename__ = "request_voices"
    __table_args__ = (UniqueConstraint("request_id", "report_id", "household_id"),)

    id: int | None = Field(default=None, primary_key=True)
