"""What happened lately, here and behind other doors of the estate: what rules about clusters and repeats look back on.

Only for deciding: understanding a message never depends on what other households said. ``known_then`` is the whole
record of a household as it was at a moment, for deciding an old report again.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    FoundBefore,
    KnownHousehold,
    OpenMatter,
    SpokeBefore,
    VisitOutcome,
)
from assistant.storage import records
from assistant.storage.tables import Estate, FindingRow, Flag, FollowUp, Household, Matter, Report, Visit

#: no rule looks back further over the estate, or over one household
_LATELY = timedelta(days=92)
_LONG = timedelta(days=400)
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
    here = _found(session, estate, (col(Household.key).in_(keys),), at, _LONG)
    around = _found(session, estate, _of(themes), at, _LATELY) if themes else ()
    spoke = _spoke(session, estate, keys, at)
    late = _overdue(session, estate, keys)
    told = []
    for one in known:
        older = tuple(each for each in here if each.key == one.key and each not in around)
        matters = tuple(replace(matter, is_overdue=(one.key, matter.kind) in late) for matter in one.open)
        told.append(replace(one, found=(*older, *around), spoke=tuple(spoke[one.key]), open=matters))
    return tuple(told)


def known_then(
    session: Session, estate: Estate, household: Household, themes: Collection[str], at: datetime
) -> KnownHousehold:
    """What was on record of ``household`` just before ``at``, as far as it can be told now (people: as of today)."""
    (now,) = records.known(session, [household], at)
    zone = at.tzinfo
    matters = session.exec(
        select(Matter)
        .where(Matter.household_id == household.id, Matter.first_found_at < at, Matter.state != MatterState.CANCELLED)
        .where(or_(col(Matter.settled_at).is_(None), col(Matter.settled_at) >= at))
        .order_by(col(Matter.first_found_at), col(Matter.id))
    ).all()
    times = dict(
        session.exec(
            select(FindingRow.matter_id, func.count(func.distinct(FindingRow.report_id)))
            .where(FindingRow.household_id == household.id, FindingRow.found_at < at)
            .where(col(FindingRow.state).in_(_ACTIVE), col(FindingRow.withdrawn_at).is_(None))
            .group_by(col(FindingRow.matter_id))
        ).all()
    )
    visits = session.exec(
        select(Visit.outcome, Visit.at)
        .where(Visit.household_id == household.id, Visit.at < at, col(Visit.withdrawn_at).is_(None))
        .order_by(col(Visit.at))
    ).all()
    misses, met_on = 0, None
    for outcome, visited_at in visits:
        if outcome is VisitOutcome.MISSED:
            misses += 1
        elif outcome is not VisitOutcome.NONE:
            misses = 0
            met_on = visited_at if outcome is not VisitOutcome.REFUSED else met_on
    then = replace(
        now,
        open=tuple(
            OpenMatter(matter.kind, matter.first_found_at.astimezone(zone).date(), max(1, times.get(matter.id, 1)))
            for matter in matters
        ),
        misses_in_a_row=misses,
        last_contact_on=met_on.astimezone(zone).date() if met_on is not None else None,
    )
    (then,) = with_history(session, estate, (then,), themes, at)
    return then


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
        .where(Flag.raised_at > at - _LONG, Flag.raised_at < at, Flag.state != MatterState.CANCELLED)
        .order_by(col(Flag.raised_at), col(Flag.id))
    )
    # a rule that only calls somebody in has no flag: its promise says that it spoke
    called = session.exec(
        select(Household.key, FollowUp.rule, FollowUp.kind, Report.sent_at)
        .join(FollowUp, col(FollowUp.household_id) == Household.id)
        .join(Report, col(Report.id) == FollowUp.report_id)
        .where(Household.estate_id == estate.id, col(Household.key).in_(keys), Household.scope == "")
        .where(Report.sent_at > at - _LONG, Report.sent_at < at, FollowUp.state != FollowUpState.CANCELLED)
        .order_by(col(Report.sent_at), col(FollowUp.id))
    )
    for key, rule, kind, raised_at in dict.fromkeys((*rows, *called)):
        spoke[key].append(SpokeBefore(rule, kind, raised_at.astimezone(at.tzinfo).date()))
    return spoke
