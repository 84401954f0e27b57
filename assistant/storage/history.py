"""What happened lately, here and behind other doors of the estate: what rules about clusters and repeats look back on.

Only for deciding: understanding a message never depends on what other households said.
The record as it was at an earlier moment is in ``past``.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    FoundBefore,
    KnownHousehold,
    SpokeBefore,
    VisitOutcome,
)
from assistant.storage.tables import Estate, FindingRow, Flag, FollowUp, Household, Report

#: no rule looks back further over the estate, or over one household
LATELY = timedelta(days=92)
LONG = timedelta(days=400)
_ACTIVE = tuple(state for state in EvidenceState if state.is_active)


def themes_of(cases: Sequence[CaseReading]) -> set[str]:
    """The themes that rules may conclude something of from these cases: those said, and those derived from them."""
    said = {finding.theme for case in cases for finding in case.findings}
    derived = {"health" for case in cases if case.measurements}
    derived |= {"elder" for case in cases if case.visit is VisitOutcome.MISSED}
    return said | derived


def with_history(
    session: Session, estate: Estate, known: Sequence[KnownHousehold], themes: Collection[str], at: datetime
) -> tuple[KnownHousehold, ...]:
    """``known`` with what was found and which rules spoke before ``at``, and which open matters are overdue.

    Of the estate (the findings of ``themes``) 92 days are looked back on, of the households themselves 400.
    """
    keys = [one.key for one in known]
    here = _found(session, estate, (col(Household.key).in_(keys),), at, LONG)
    around = _found(session, estate, _of(themes), at, LATELY) if themes else ()
    spoke = _spoke(session, estate, keys, at)
    late = _overdue(session, estate, keys)
    told = []
    for one in known:
        older = tuple(each for each in here if each.key == one.key and each not in around)
        matters = tuple(replace(matter, is_overdue=(one.key, matter.kind) in late) for matter in one.open)
        told.append(replace(one, found=(*older, *around), spoke=tuple(spoke[one.key]), open=matters))
    return tuple(told)


def _of(themes: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (or_(*(col(FindingRow.kind).startswith(f"{theme}.", autoescape=True) for theme in sorted(themes))),)


def _found(
    session: Session, estate: Estate, only: tuple[ColumnElement[bool], ...], at: datetime, back: timedelta
) -> tuple[FoundBefore, ...]:
    rows = session.exec(
        select(FindingRow.kind, Household.key, FindingRow.found_at)
        .join(Household, col(Household.id) == FindingRow.household_id)
        .where(*only)
        .where(FindingRow.found_at > at - back, FindingRow.found_at < at, Household.estate_id == estate.id)
        .where(col(FindingRow.state).in_(_ACTIVE), col(FindingRow.withdrawn_at).is_(None))
        .order_by(col(FindingRow.found_at), col(FindingRow.id))
    )
    return tuple(FoundBefore(kind, key, found_at.astimezone(at.tzinfo).date()) for kind, key, found_at in rows)


def _overdue(session: Session, estate: Estate, keys: Collection[str]) -> set[tuple[str, str | None]]:
    rows = session.exec(
        select(Household.key, FollowUp.kind)
        .join(FollowUp, col(FollowUp.household_id) == Household.id)
        .where(Household.estate_id == estate.id, col(Household.key).in_(keys), Household.scope == "")
        .where(FollowUp.state == FollowUpState.OVERDUE)
    )
    return set(rows)


def _spoke(session: Session, estate: Estate, keys: Collection[str], at: datetime) -> dict[str, list[SpokeBefore]]:
    spoke: dict[str, list[SpokeBefore]] = defaultdict(list)
    rows = session.exec(
        select(Household.key, Flag.rule, Flag.kind, Flag.raised_at)
        .join(Flag, col(Flag.household_id) == Household.id)
        .where(Household.estate_id == estate.id, col(Household.key).in_(keys), Household.scope == "")
        .where(Flag.raised_at > at - LONG, Flag.raised_at < at, Flag.state != MatterState.CANCELLED)
        .order_by(col(Flag.raised_at), col(Flag.id))
    )
    # a rule that only calls somebody in has no flag: its promise says that it spoke
    called = session.exec(
        select(Household.key, FollowUp.rule, FollowUp.kind, Report.sent_at)
        .join(FollowUp, col(FollowUp.household_id) == Household.id)
        .join(Report, col(Report.id) == FollowUp.report_id)
        .where(Household.estate_id == estate.id, col(Household.key).in_(keys), Household.scope == "")
        .where(Report.sent_at > at - LONG, Report.sent_at < at, FollowUp.state != FollowUpState.CANCELLED)
        .order_by(col(Report.sent_at), col(FollowUp.id))
    )
    for key, rule, kind, raised_at in dict.fromkeys((*rows, *called)):
        spoke[key].append(SpokeBefore(rule, kind, raised_at.astimezone(at.tzinfo).date()))
    return spoke
