"""What happened lately, here and behind other doors of the estate: what rules about clusters and repeats look back on.

Only for deciding: understanding a message never depends on what other households said.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from assistant.domain.followups import MatterState
from assistant.domain.reports import CaseReading, EvidenceState, FoundBefore, KnownHousehold, SpokeBefore, VisitOutcome
from assistant.storage.tables import Estate, FindingRow, Flag, Household

#: no rule looks back further
_LATELY = timedelta(days=92)
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
    """``known`` with what was found in the estate (of ``themes``) and which rules spoke here, in the last 92 days."""
    found = _found(session, estate, themes, at)
    spoke = _spoke(session, estate, [one.key for one in known], at)
    return tuple(replace(one, found=found, spoke=tuple(spoke[one.key])) for one in known)


def _found(session: Session, estate: Estate, themes: Collection[str], at: datetime) -> tuple[FoundBefore, ...]:
    if not themes:
        return ()
    rows = session.exec(
        select(FindingRow.kind, Household.key, FindingRow.found_at)
        .join(Household, col(Household.id) == FindingRow.household_id)
        .where(or_(*(col(FindingRow.kind).startswith(f"{theme}.", autoescape=True) for theme in sorted(themes))))
        .where(FindingRow.found_at > at - _LATELY, FindingRow.found_at < at, Household.estate_id == estate.id)
        .where(col(FindingRow.state).in_(_ACTIVE), col(FindingRow.withdrawn_at).is_(None))
        .order_by(col(FindingRow.found_at), col(FindingRow.id))
    )
    return tuple(FoundBefore(kind, key, found_at.astimezone(at.tzinfo).date()) for kind, key, found_at in rows)


def _spoke(session: Session, estate: Estate, keys: Collection[str], at: datetime) -> dict[str, list[SpokeBefore]]:
    spoke: dict[str, list[SpokeBefore]] = defaultdict(list)
    rows = session.exec(
        select(Household.key, Flag.rule, Flag.kind, Flag.raised_at)
        .join(Flag, col(Flag.household_id) == Household.id)
        .where(Household.estate_id == estate.id, col(Household.key).in_(keys), Household.scope == "")
        .where(Flag.raised_at > at - _LATELY, Flag.raised_at < at, Flag.state != MatterState.CANCELLED)
        .order_by(col(Flag.raised_at), col(Flag.id))
    )
    for key, rule, kind, raised_at in rows:
        spoke[key].append(SpokeBefore(rule, kind, raised_at.astimezone(at.tzinfo).date()))
    return spoke
