"""What follows from what was found: matters, flags, follow-ups, verdicts, and the ledger of all that was done."""

from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Index, text
from sqlmodel import Field

from assistant.domain.access import AreaLevel, Retention
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity
from assistant.storage.columns import JSON, Personal, Restricted, code


class MatterBase(Restricted):
    """One kind of finding at one household, from its first finding to its end: what ``OpenMatter`` is read from.

    ``times`` counts the reports that stated it anew; the deadline counts from ``first_found_at``.
    """

    household_id: int = Field(foreign_key="households.id")
    kind: str
    severity: Severity = Field(sa_type=code(Severity))
    state: MatterState = Field(default=MatterState.OPEN, sa_type=code(MatterState))
    first_found_at: AwareDatetime
    last_found_at: AwareDatetime
    times: int = Field(default=1, ge=1)
    settled_at: AwareDatetime | None = None
    #: the report whose words ended it, or proposed to
    settled_by_report_id: int | None = Field(default=None, foreign_key="reports.id")
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class Matter(MatterBase, table=True):
    __tablename__ = "matters"
    __table_args__ = (
        Index("ix_matters_household_id_state", "household_id", "state"),
        # all that the charts read
        Index("ix_matters_charts", "area_id", "state", "first_found_at", "settled_at", "kind", "severity"),
    )

    id: int | None = Field(default=None, primary_key=True)


class FlagBase(Restricted):
    """What a rule of one rule book concluded about a household, until it is settled.

    ``quote_start:quote_end`` marks the words in the report's text. A P0 asks for an acknowledgement: ``called_at`` is
    the last time somebody was told, ``climbed_to`` the level that was told last, and ``call_at`` when the next call
    goes out unless somebody acknowledges (None: no more calls).
    """

    household_id: int = Field(foreign_key="households.id")
    report_id: int = Field(foreign_key="reports.id", index=True)
    matter_id: int | None = Field(default=None, foreign_key="matters.id", index=True)
    rule: str
    theme: str
    kind: str | None = None
    severity: Severity = Field(sa_type=code(Severity))
    #: 0 for P0 … 4 for P-: what lists sort by
    urgency: int = Field(ge=0, le=4)
    why: str
    quote_start: int | None = None
    quote_end: int | None = None
    rule_book_version: str
    state: MatterState = Field(default=MatterState.OPEN, sa_type=code(MatterState))
    raised_at: AwareDatetime
    first_raised_at: AwareDatetime
    #: when a person opened it again, the last time: who acknowledges it, and how soon, counts from there
    reopened_at: AwareDatetime | None = None
    times: int = Field(default=1, ge=1)
    superseded_by_id: int | None = Field(default=None, foreign_key="flags.id")
    ended_at: AwareDatetime | None = None
    ended_because: str | None = None
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by_id: int | None = Field(default=None, foreign_key="workers.id")
    called_at: AwareDatetime | None = None
    climbed_to: AreaLevel | None = Field(default=None, sa_type=code(AreaLevel))
    call_at: AwareDatetime | None = None
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class Flag(FlagBase, table=True):
    __tablename__ = "flags"
    __table_args__ = (
        Index("ix_flags_household_id_state", "household_id", "state"),
        # all that a rule's tally reads
        Index("ix_flags_rule_raised_at", "rule", "raised_at", "area_id", "state"),
        Index("ix_flags_severity_first_raised_at", "severity", "first_raised_at"),
        # what lists are made of: all that they filter and sort by, of the flags that stand; with the state, or SQLite
        # fetches each row for it
        Index(
            "ix_flags_standing",
            "area_id",
            "household_id",
            "urgency",
            "raised_at",
            "theme",
            "state",
            "kind",
            "report_id",
            "matter_id",
            "acknowledged_at",
            sqlite_where=text("state IN ('open', 'proposed')"),
            postgresql_where=text("state IN ('open', 'proposed')"),
        ),
        # the same for a search of reasons; a reason may be longer than PostgreSQL lets an entry of an index be
        Index(
            "ix_flags_told",
            "area_id",
            "household_id",
            "urgency",
            "raised_at",
            "theme",
            "state",
            "kind",
            "report_id",
            "matter_id",
            "acknowledged_at",
            "why",
            sqlite_where=text("state IN ('open', 'proposed')"),
            info={"only_on": "sqlite"},
        ).ddl_if(dialect="sqlite"),
        Index(
            "ix_flags_call_at",
            "call_at",
            sqlite_where=text("call_at IS NOT NULL"),
            postgresql_where=text("call_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)


class VerdictBase(Personal):
    """What a coordinator said of a flag: right, or not, and why."""

    flag_id: int = Field(foreign_key="flags.id", index=True)
    worker_id: int = Field(foreign_key="workers.id")
    is_right: bool
    reason: str | None = None
    at: AwareDatetime
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class Verdict(VerdictBase, table=True):
    __tablename__ = "verdicts"

    id: int | None = Field(default=None, primary_key=True)


class FollowUpBase(Restricted):
    """A promise to act (the states: domain/followups.py). ``worker_id`` is whom the assistant reminds.

    ``look_at`` is when the schedule must next look at it, None once it has ended: the only column that finding what
    is due reads. ``escalated_to`` is the level that was last told of its silence, ``owner_told_at`` the last time that
    an owner other than the worker had word of it.
    """

    household_id: int = Field(foreign_key="households.id")
    report_id: int = Field(foreign_key="reports.id", index=True)
    matter_id: int | None = Field(default=None, foreign_key="matters.id", index=True)
    flag_id: int | None = Field(default=None, foreign_key="flags.id", index=True)
    worker_id: int | None = Field(default=None, foreign_key="workers.id", index=True)
    owner: Responder = Field(sa_type=code(Responder))
    what: str
    rule: str
    kind: str | None = None
    severity: Severity = Field(sa_type=code(Severity))
    state: FollowUpState = Field(default=FollowUpState.OPEN, sa_type=code(FollowUpState))
    due_at: AwareDatetime
    first_found_at: AwareDatetime
    times: int = Field(default=1, ge=1)
    look_at: AwareDatetime | None = None
    prompted_at: AwareDatetime | None = None
    escalated_to: AreaLevel | None = Field(default=None, sa_type=code(AreaLevel))
    escalated_at: AwareDatetime | None = None
    owner_told_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    #: what the end rests on: the report that told, or a person's word on the page
    ended_by_report_id: int | None = Field(default=None, foreign_key="reports.id")
    ended_because: str | None = None
    #: the follow-up that this one takes up again
    reopens_id: int | None = Field(default=None, foreign_key="follow_ups.id")
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class FollowUp(FollowUpBase, table=True):
    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_household_id_state", "household_id", "state"),
        Index(
            "ix_follow_ups_running",
            "area_id",
            "due_at",
            "household_id",
            "state",
            "owner",
            "severity",
            "flag_id",
            sqlite_where=text("state IN ('open', 'overdue')"),
            postgresql_where=text("state IN ('open', 'overdue')"),
        ),
        # the next promise of a household is the first of its entries
        Index(
            "ix_follow_ups_next",
            "household_id",
            "due_at",
            "area_id",
            "state",
            "owner",
            sqlite_where=text("state IN ('open', 'overdue')"),
            postgresql_where=text("state IN ('open', 'overdue')"),
        ),
        Index(
            "ix_follow_ups_look_at",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
        Index(
            "ix_follow_ups_worker_id_look_at",
            "worker_id",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)


class ActionBase(Personal):
    """One line of the ledger: who did what, when, to which row. Never changed, never deleted (triggers refuse).

    ``before`` and ``after`` hold the changed columns as codes, numbers, ids and moments, no words of anybody; a row
    that came into being has no ``before``. ``worker_id`` is None when the assistant itself acted.
    """

    at: AwareDatetime
    verb: str
    worker_id: int | None = Field(default=None, foreign_key="workers.id")
    #: the report that led to it
    report_id: int | None = Field(default=None, foreign_key="reports.id", index=True)
    household_id: int | None = Field(default=None, foreign_key="households.id", index=True)
    subject: str
    subject_id: int
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    why: str | None = None
    retention: Retention = Field(default=Retention.LEDGER, sa_type=code(Retention))


#: the verbs of who looked, took out and erased; SQLite uses the index below only where a question has these very words
LOOKS = (
    "verb IN ('viewed', 'searched', 'looked_up', 'took_out', "
    "'handed_over', 'erasure_asked', 'person_erased', 'cleared_out')"
)


class Action(ActionBase, table=True):
    __tablename__ = "actions"
    __table_args__ = (
        Index("ix_actions_subject_subject_id", "subject", "subject_id"),
        Index("ix_actions_looks", "id", sqlite_where=text(LOOKS), postgresql_where=text(LOOKS)),
    )

    id: int | None = Field(default=None, primary_key=True)
