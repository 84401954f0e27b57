"""Decide recorded reports again, with another rule book, from the record as it was when they were sent.

    for told in told_since(session, since, zone): ...
    backtest(session, old, new, since, zone, on_progress)      # what the new book would have done, beside the old

Writes nothing. A report that can't be decided again (its reading is from another program, its data is broken) is
counted and named, and stops nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sqlmodel import Session, col, select

from assistant.decide import decide
from assistant.domain.casework import Decision, FlagDecided, Responder
from assistant.domain.reports import CaseReading, Intent, KnownHousehold, Reading
from assistant.storage import codec
from assistant.storage.past import EstateFindings, Past
from assistant.storage.tables import Estate, FindingRow, Household, ReadingMade, Report, Visit, Worker
from rules.engine.matcher import Matcher

#: pairs looked up in one go
_AT_ONCE = 500
#: what broken data or another program's reading can raise
FAULTS = (ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Told:
    """What one report says of one household, and what was on record before it. ``at``: community's zone."""

    report: Report
    household: Household
    case: CaseReading
    known: KnownHousehold
    at: datetime

    def decide(self, matcher: Matcher) -> Decision:
        """What follows from it by the rules of that day in the matcher's book."""
        (decision,) = decide(Reading(Intent.REPORT, (self.case,)), (self.known,), self.at, matcher)
        return decision


def told_by(session: Session, report: Report, household: Household, zone: tzinfo) -> Told | None:
    """None where the reading in force says nothing of this household (any more)."""
    estate = session.get_one(Estate, household.estate_id)
    return _told(session, report, household, Past(session, estate, [household], zone), zone)


def told_in_bulk(
    session: Session, pairs: Sequence[tuple[int, int]], zone: tzinfo
) -> Iterator[tuple[int, int, Told | None, str | None]]:
    """``told_by`` for many (report, household) pairs at once, estate by estate; the last is an error's type."""
    estate_of = dict(_estates(session, [household_id for _, household_id in pairs]))
    by_estate: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for report_id, household_id in pairs:
        by_estate[estate_of[household_id]].append((report_id, household_id))
    for estate_id, here in by_estate.items():
        estate = session.get_one(Estate, estate_id)
        findings = EstateFindings(session, estate, zone)
        for start in range(0, len(here), _AT_ONCE):
            some = here[start : start + _AT_ONCE]
            yield from _told_of_some(session, estate, some, findings, zone)
            session.flush()
            for row in list(session.identity_map.values()):
                session.expunge(row)


def _told_of_some(
    session: Session, estate: Estate, pairs: Sequence[tuple[int, int]], findings: EstateFindings, zone: tzinfo
) -> Iterator[tuple[int, int, Told | None, str | None]]:
    report_ids, household_ids = ({pair[i] for pair in pairs} for i in (0, 1))
    reports = {row.id: row for row in session.exec(select(Report).where(col(Report.id).in_(report_ids)))}
    places = {row.id: row for row in session.exec(select(Household).where(col(Household.id).in_(household_ids)))}
    contents: dict[int, dict[str, Any]] = {}
    newest = select(ReadingMade.report_id, ReadingMade.content).where(col(ReadingMade.report_id).in_(report_ids))
    for report_id, content in session.exec(newest.order_by(col(ReadingMade.id))):
        contents[report_id] = dict(content)
    past = Past(session, estate, list(places.values()), zone, findings)
    for report_id, household_id in pairs:
        try:
            told = _told_from(contents.get(report_id), reports[report_id], places[household_id], past, zone)
        except FAULTS as fault:  # an old reading or broken data: counted, shown by its type
            yield report_id, household_id, None, type(fault).__name__
        else:
            yield report_id, household_id, told, None


def _told(session: Session, report: Report, household: Household, past: Past, zone: tzinfo) -> Told | None:
    made = session.exec(
        select(ReadingMade).where(ReadingMade.report_id == report.id).order_by(col(ReadingMade.id).desc())
    ).first()
    return _told_from(made.content if made is not None else None, report, household, past, zone)


def _told_from(
    content: dict[str, Any] | None, report: Report, household: Household, past: Past, zone: tzinfo
) -> Told | None:
    if content is None:
        return None
    reading = codec.from_json(content)
    case = next((each for each in reading.cases if each.key == household.key), None)
    if case is None:
        return None
    at = report.sent_at.astimezone(zone)
    kinds = {finding.kind for finding in case.findings}
    return Told(report, household, case, past.known(household, kinds, at), at)


def _estates(session: Session, household_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    ids = sorted(set(household_ids))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        for household_id, estate_id in session.exec(
            select(Household.id, Household.estate_id).where(col(Household.id).in_(some))
        ):
            if household_id is not None:
                yield household_id, estate_id


def places_told_of(session: Session, since: datetime) -> list[tuple[int, int]]:
    """(report, household) of everything that was reported since then and stands, in the order of the reports."""
    found = select(FindingRow.report_id, FindingRow.household_id).where(
        FindingRow.found_at >= since, col(FindingRow.withdrawn_at).is_(None)
    )
    visited = select(Visit.report_id, Visit.household_id).where(Visit.at >= since, col(Visit.withdrawn_at).is_(None))
    return sorted({*session.exec(found).all(), *session.exec(visited).all()})


@dataclass
class Backtest:
    """What would have been otherwise. Flags are (household key, flag) pairs, in the order of the reports."""

    looked_at: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    newly: list[tuple[str, FlagDecided]] = field(default_factory=list)
    no_longer: list[tuple[str, FlagDecided]] = field(default_factory=list)
    #: (household key, flag by the old book, flag by the new one): the severity differs
    moved: list[tuple[str, FlagDecided, FlagDecided]] = field(default_factory=list)
    #: promises by worker's name and by responder, (old, new)
    by_worker: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_owner: dict[Responder, tuple[int, int]] = field(default_factory=dict)


def backtest(
    session: Session,
    old: Matcher,
    new: Matcher,
    since: datetime,
    zone: tzinfo,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
) -> Backtest:
    """Decide everything reported since ``since`` by both books."""
    result = Backtest()
    names = {row.id: row.name for row in session.exec(select(Worker))}
    places = places_told_of(session, since)
    for number, (_, _, told, error) in enumerate(told_in_bulk(session, places, zone), start=1):
        on_progress(number, len(places))
        if error is not None:
            result.set_aside[error] += 1
            continue
        if told is None:
            continue
        result.looked_at += 1
        before, after = told.decide(old), told.decide(new)
        _note(result, told, before, after)
        worker = names.get(told.report.worker_id, "?")
        mine = (_promised(before, Responder.WORKER), _promised(after, Responder.WORKER))
        result.by_worker[worker] = _plus(result.by_worker.get(worker), mine)
        for owner in {each.owner for each in (*before.follow_ups, *after.follow_ups)}:
            both = (_promised(before, owner), _promised(after, owner))
            result.by_owner[owner] = _plus(result.by_owner.get(owner), both)
    return result


def _note(result: Backtest, told: Told, before: Decision, after: Decision) -> None:
    was = {(flag.rule, flag.kind): flag for flag in before.flags}
    will = {(flag.rule, flag.kind): flag for flag in after.flags}
    key = told.household.key
    result.newly += [(key, flag) for name, flag in will.items() if name not in was]
    result.no_longer += [(key, flag) for name, flag in was.items() if name not in will]
    result.moved += [
        (key, was[name], flag) for name, flag in will.items() if name in was and was[name].severity != flag.severity
    ]


def _promised(decision: Decision, owner: Responder) -> int:
    return sum(each.owner is owner for each in decision.follow_ups)


def _plus(sofar: tuple[int, int] | None, more: tuple[int, int]) -> tuple[int, int]:
    was, will = sofar or (0, 0)
    return was + more[0], will + more[1]


def told_everywhere_by(session: Session, report_id: int, zone: tzinfo) -> list[Told] | None:
    """Everything that a report says, household by household; None where there is no such report."""
    report = session.get(Report, report_id)
    if report is None:
        return None
    found = select(FindingRow.household_id).where(FindingRow.report_id == report_id)
    visited = select(Visit.household_id).where(Visit.report_id == report_id)
    households = sorted({*session.exec(found).all(), *session.exec(visited).all()})
    told = (told_by(session, report, session.get_one(Household, each), zone) for each in households)
    return [each for each in told if each is not None]
