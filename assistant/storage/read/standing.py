"""Conditions on flags and promises that several lists share."""

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import col

from assistant.domain.reports import EvidenceState
from assistant.storage.tables import FindingRow, Flag
from assistant.storage.tables.reports import UNSURE

#: written out, because SQLite uses the index of what stands or runs only where it reads the same words
STANDS = sa.text("flags.state IN ('open', 'proposed')")
RUNS = sa.text("follow_ups.state IN ('open', 'overdue')")

_UNSURE = sa.text(f"findings.{UNSURE}")
_FROM_THE_PERSON = (EvidenceState.SEEN, EvidenceState.SELF_REPORTED)


def rests_on_hearsay() -> ColumnElement[bool]:
    """Does a flag rest on hearsay or a guess alone, so that somebody should go and look?"""
    findings = sa.select(col(FindingRow.id)).where(col(FindingRow.withdrawn_at).is_(None))
    told = findings.where(
        col(FindingRow.report_id) == Flag.report_id,
        col(FindingRow.household_id) == Flag.household_id,
        sa.or_(col(Flag.kind).is_(None), col(FindingRow.kind) == Flag.kind),
        _UNSURE,
    )
    seen = findings.where(
        col(FindingRow.matter_id) == Flag.matter_id,
        col(FindingRow.state).in_(_FROM_THE_PERSON),
    )
    return sa.and_(told.exists(), ~seen.exists())
