"""What workers told us and what we understood of it: reports, readings, visits, findings."""

from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.domain.reports import EvidenceState, FraudStage, Intent, VisitOutcome
from assistant.storage.columns import JSON, Personal, Restricted, Withdrawable, code

#: the channel of the reports that nobody wrote: the daily round's
ROUND = "round"


class ReportBase(Restricted):
    """A message in the worker's words, kept until its time is over or its people ask to have it erased.

    ``text`` is what was typed, with each character that no database can hold (NUL, a lone surrogate) replaced by one
    U+FFFD so that quotes keep their places; ``text_bytes`` (UTF-8, surrogatepass) then has the original. ID, card and
    phone numbers were masked, character for character, before anything was stored. ``intent`` is None when nobody
    could read it: then ``unread_because`` says why, and a person must look. Of a report with ``erased_at`` the row
    stays, without its words.
    """

    channel: str
    message_id: str
    estate_id: int | None = Field(default=None, foreign_key="estates.id")
    worker_id: int | None = Field(default=None, foreign_key="workers.id")
    account_id: int | None = Field(default=None, foreign_key="accounts.id")
    text: str
    text_bytes: bytes | None = None
    sent_at: AwareDatetime
    received_at: AwareDatetime
    intent: Intent | None = Field(default=None, sa_type=code(Intent))
    unread_because: str | None = None
    #: the question that was put back, if any
    asked: str | None = None
    #: the earlier report that this one corrects or retracts
    amends_id: int | None = Field(default=None, foreign_key="reports.id", index=True)
    retracted_at: AwareDatetime | None = None
    erased_at: AwareDatetime | None = None


class Report(ReportBase, table=True):
    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("channel", "message_id"),
        Index("ix_reports_worker_id_sent_at", "worker_id", "sent_at"),
        Index("ix_reports_account_id_id", "account_id", "id"),
        Index("ix_reports_received_at", "received_at"),
        Index("ix_reports_area_id_sent_at", "area_id", "sent_at"),
    )

    id: int | None = Field(default=None, primary_key=True)


class ReadingBase(Personal):
    """What a version of the knowledge understood of a report; the newest is the one in force.

    ``content`` is ``domain.reports.Reading`` as JSON (storage/codec.py).
    """

    report_id: int = Field(foreign_key="reports.id", index=True)
    knowledge_version: str
    made_at: AwareDatetime
    content: dict[str, Any] = Field(sa_type=JSON)


class ReadingMade(ReadingBase, table=True):
    __tablename__ = "readings"

    id: int | None = Field(default=None, primary_key=True)


class VisitBase(Personal, Withdrawable):
    """One contact with a household, with its outcome."""

    report_id: int = Field(foreign_key="reports.id", index=True)
    household_id: int = Field(foreign_key="households.id")
    worker_id: int | None = Field(default=None, foreign_key="workers.id")
    outcome: VisitOutcome = Field(sa_type=code(VisitOutcome))
    at: AwareDatetime


class Visit(VisitBase, table=True):
    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_household_id_at", "household_id", "at"),
        Index("ix_visits_worker_id_at", "worker_id", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)


#: of the findings that nobody has seen; SQLite uses their index only where a question has these very words
UNSURE = "state IN ('hearsay', 'unverified')"


class FindingBase(Restricted, Withdrawable):
    """One thing that a report states about a household, with the words it came from.

    ``quote == report.text[quote_start:quote_end]``; ``circumstances`` is a sorted list of codes, ``figures`` the
    numbers that came with it. A negated or resolved finding is a row too.
    """

    report_id: int = Field(foreign_key="reports.id", index=True)
    reading_id: int = Field(foreign_key="readings.id")
    household_id: int = Field(foreign_key="households.id", index=True)
    matter_id: int | None = Field(default=None, foreign_key="matters.id", index=True)
    kind: str
    state: EvidenceState = Field(sa_type=code(EvidenceState))
    stage: FraudStage | None = Field(default=None, sa_type=code(FraudStage))
    quote: str
    quote_start: int = Field(ge=0)
    quote_end: int = Field(ge=0)
    circumstances: list[str] = Field(default_factory=list, sa_type=JSON)
    figures: dict[str, float] = Field(default_factory=dict, sa_type=JSON)
    found_at: AwareDatetime
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class FindingRow(FindingBase, table=True):
    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_kind_found_at", "kind", "found_at"),
        Index(
            "ix_findings_unsure",
            "report_id",
            "household_id",
            "kind",
            "state",
            "withdrawn_at",
            sqlite_where=text(f"{UNSURE} AND withdrawn_at IS NULL"),
            postgresql_where=text(f"{UNSURE} AND withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
