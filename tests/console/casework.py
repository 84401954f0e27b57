"""Puts a matter with its report, findings, flag and promises on record, as a turn would leave it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.domain.access import Retention, Role, Sensitivity, sensitivity_of
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState, Intent, Severity, VisitOutcome
from assistant.storage.columns import new
from assistant.storage.tables import FindingRow, Flag, FollowUp, Household, Matter, ReadingMade, Report, Visit
from tests.console.world import NOW, World

Finding = tuple[str, str, EvidenceState]


def has_matter(
    world: World,
    household_id: int,
    text: str,
    *findings: Finding,
    severity: Severity = Severity.P2,
    owners: tuple[Responder, ...] = (Responder.WORKER,),
    ago: timedelta = timedelta(hours=2),
    due_in: timedelta = timedelta(days=7),
    state: MatterState = MatterState.OPEN,
    why: str = "软管老化，住户不愿更换",
    by: Role = Role.WORKER,
) -> int:
    """One report; the first finding, ``(kind, words, state)``, becomes a matter. Gives the matter's id."""
    at = NOW - ago
    with world.database.writing() as session:
        household = session.get_one(Household, household_id)
        kind = findings[0][0]
        here = {"area_id": household.area_id, "household_id": household_id, "sensitivity": sensitivity_of(kind)}
        report_id = _report(session, world, household, text, here["sensitivity"], ago, by)
        matter = _add(
            session,
            new(Matter, **here, kind=kind, severity=severity, state=state, first_found_at=at, last_found_at=at),
        )
        reading = new(
            ReadingMade,
            area_id=household.area_id,
            retention=Retention.CASE,
            report_id=report_id,
            knowledge_version="test",
            made_at=at,
            content={},
        )
        reading_id = _add(session, reading).id
        for found, words, evidence in findings:
            spot = {"quote": words, "quote_start": text.index(words), "quote_end": text.index(words) + len(words)}
            made = {"report_id": report_id, "reading_id": reading_id, "kind": found, "state": evidence, "found_at": at}
            matter_id = matter.id if found == kind else None
            _add(session, new(FindingRow, **here, **spot, **made, matter_id=matter_id))
        spoken = {"rule": f"{kind}-refused", "kind": kind, "severity": severity, "report_id": report_id}
        flag = new(
            Flag,
            **here,
            **spoken,
            matter_id=matter.id,
            theme=kind.split(".")[0],
            urgency=severity.urgency,
            why=why,
            rule_book_version="2026-03-01-a1b2",
            state=state,
            raised_at=at,
            first_raised_at=at,
        )
        _add(session, flag)
        for owner in owners:
            promise = new(
                FollowUp,
                **here,
                **spoken,
                matter_id=matter.id,
                flag_id=flag.id,
                worker_id=world.people[Role.WORKER],
                owner=owner,
                what="复查软管" if owner is Responder.WORKER else "上门书面告知",
                state=FollowUpState.OVERDUE if at + due_in < NOW else FollowUpState.OPEN,
                due_at=at + due_in,
                look_at=at + due_in,
                first_found_at=at,
            )
            _add(session, promise)
        visit = new(
            Visit,
            area_id=household.area_id,
            retention=Retention.CASE,
            report_id=report_id,
            household_id=household_id,
            worker_id=world.people[by],
            outcome=VisitOutcome.MET,
            at=at,
        )
        _add(session, visit)
        assert matter.id is not None
        return matter.id


def _report(
    session: Session,
    world: World,
    household: Household,
    text: str,
    sensitivity: Sensitivity,
    ago: timedelta,
    by: Role,
) -> int:
    at = NOW - ago
    row = new(
        Report,
        area_id=household.area_id,
        retention=Retention.CASE,
        channel="web",
        message_id=f"report {session.exec(select(func.count(col(Report.id)))).one() + 1}",
        worker_id=world.people[by],
        sensitivity=sensitivity,
        intent=Intent.REPORT,
        text=text,
        sent_at=at,
        received_at=at,
    )
    id_: int = _add(session, row).id
    return id_


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
