"""Corrections and retractions: what an earlier report did is taken back, and filed anew under the right door."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import col, select

from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, Intent, Move, Reading, Severity, VisitOutcome
from assistant.storage import amend
from assistant.storage.tables import Flag, Report
from assistant.turn.course import Reported
from assistant.turn.recording import record
from assistant.turn.telling import tell_of_retraction


@dataclass(frozen=True)
class Moved:
    """A case that a correction filed anew under its right door, and what follows from it there."""

    case: CaseReading
    decision: Decision
    from_key: str


def retract(reported: Reported, named: Report | None = None) -> bool:
    """Take back the writer's report ``named``, else the last one, as a whole. Was there one that stood?"""
    last = named or amend.last_report(reported.session, reported.account, reported.course.now)
    if last is None or last.retracted_at is not None or last.account_id != reported.account.id:
        return False
    reports = [*_that_put_it_right(reported, last), last]
    ids = [each.id for each in reports]
    flags = reported.session.exec(select(Flag).where(col(Flag.report_id).in_(ids)).order_by(col(Flag.id))).all()
    urgent = [flag for flag in flags if flag.state.stands and flag.severity in (Severity.P0, Severity.P1)]
    for each in reports:
        amend.take_back(reported.ledger, each, "retracted")
    reported.report.amends_id = last.id
    if urgent:
        tell_of_retraction(reported, last, urgent)
    return True


def _that_put_it_right(reported: Reported, report: Report) -> list[Report]:
    """Corrections that stand and said the same matter anew: newest first. One that named another door says more."""
    query = select(Report).where(Report.amends_id == report.id, Report.intent == Intent.CORRECTION)
    rows = reported.session.exec(query.where(col(Report.retracted_at).is_(None)).order_by(col(Report.id).desc())).all()
    return [
        later
        for each in rows
        if not reported.course.first_reading_of(each).moves
        for later in (*_that_put_it_right(reported, each), each)
    ]


def moves_of(reading: Reading) -> list[Move]:
    """The moves, each of the kinds that the words restate of the wrong door where it names none (软管那条不是302)."""
    told = {case.key: tuple(each.kind for each in case.findings if each.state.is_active) for case in reading.cases}
    return [replace(each, kinds=each.kinds or told.get(each.from_key, ())) for each in reading.moves]


def move(reported: Reported, said: Move) -> Moved | None:
    """File anew what the writer's last report on the wrong door said of it; None when there is no such report.

    What follows is decided again, from the right door's records and from the moment of the first report: deadlines
    count from there. Findings that the correction does not name stay where they were.
    """
    found = amend.last_report_on(reported.session, reported.account, said.from_key, reported.course.now)
    if found is None:
        return None
    original, places = found
    reading = reported.course.reading_of(original)
    wrong = next((case for case in reading.cases if case.key == said.from_key), None)
    if wrong is None:
        return None
    parts = _split(wrong, said)
    amend.take_back(reported.ledger, original, "corrected", only_at=places)
    reported.report.amends_id = original.id
    others = [case for case in reading.cases if case is not wrong]
    made = reported.keep_reading(original, replace(reading, cases=(*parts, *others)))
    decisions = reported.decide(replace(reading, cases=parts), original.sent_at.astimezone(reported.course.at.tzinfo))
    for case, decision in zip(parts, decisions, strict=True):
        record(reported, case, decision, original, made)
    return Moved(parts[0], decisions[0], said.from_key)


def _split(wrong: CaseReading, said: Move) -> tuple[CaseReading, ...]:
    """The part that moves, under its new key, and the part that stays, if any: then the visit stays with it."""
    staying = tuple(finding for finding in wrong.findings if said.kinds and finding.kind not in said.kinds)
    moving = tuple(finding for finding in wrong.findings if finding not in staying)
    moved = replace(wrong, key=said.to_key, findings=moving, also_fits=(), is_whole_unit=False)
    if not staying:
        return (moved,)
    return (
        replace(moved, visit=VisitOutcome.NONE, visit_quote=None),
        replace(wrong, findings=staying, circumstances=(), measurements=()),
    )


def without_restated(reading: Reading, moved: Sequence[Moved]) -> Reading:
    """The reading without the findings that were moved and are only said again (they would count as a repeat)."""
    kinds = {each.case.key: {finding.kind for finding in each.decision.findings} for each in moved}
    kinds |= {each.from_key: {finding.kind for finding in each.case.findings} for each in moved}
    visited = {each.case.key for each in moved if each.case.visit is not VisitOutcome.NONE}
    cases = tuple(
        replace(
            case,
            findings=tuple(finding for finding in case.findings if finding.kind not in kinds.get(case.key, ())),
            visit=VisitOutcome.NONE if case.key in visited else case.visit,
        )
        for case in reading.cases
    )
    wrong_doors = {each.from_key for each in moved}
    said_anew = [
        case
        for before, case in zip(reading.cases, cases, strict=True)
        if case.key not in wrong_doors or case.findings or not before.findings
    ]
    return replace(reading, cases=tuple(said_anew))


def with_moved(
    reading: Reading, decisions: Sequence[Decision], moved: Sequence[Moved]
) -> tuple[Reading, tuple[Decision, ...]]:
    """What to tell the worker: for a door that something was moved to and nothing new was said of, what was moved."""
    there = {each.case.key: each for each in moved}
    shown = []
    for case, decision in zip(reading.cases, decisions, strict=True):
        filed = there.pop(case.key, None)
        shown.append((filed.case, filed.decision) if filed is not None and not decision.findings else (case, decision))
    shown += [(each.case, each.decision) for each in there.values()]
    return replace(reading, cases=tuple(case for case, _ in shown)), tuple(decision for _, decision in shown)
