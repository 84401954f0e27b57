"""Finding what must be looked at, and the promises as they are told: each read by an index or a key.

``follow_ups.look_at`` is the only thing that says when: however many follow-ups there are, what is due is the front of
one index, and what a worker has today is a stretch of another.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.storage import reach
from assistant.storage.tables import Estate, FollowUp, Household, Report, Worker
from assistant.telling import PromiseTold

#: so many follow-ups are handled in one transaction; what fell due at the same moment stays together by worker
_AT_ONCE = 1_000
RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)


def is_anything_due(session: Session, now: datetime) -> bool:
    """Must any follow-up be looked at now?"""
    query = select(FollowUp.look_at).where(col(FollowUp.look_at).is_not(None), col(FollowUp.look_at) <= now)
    return session.exec(query.order_by(col(FollowUp.look_at)).limit(1)).first() is not None


def due(session: Session, now: datetime) -> Sequence[FollowUp]:
    """The follow-ups that must be looked at now, those that have waited longest first."""
    return session.exec(
        select(FollowUp)
        .where(col(FollowUp.look_at).is_not(None), col(FollowUp.look_at) <= now)
        .order_by(col(FollowUp.look_at), col(FollowUp.worker_id), col(FollowUp.id))
        .limit(_AT_ONCE)
        .execution_options(populate_existing=True)
    ).all()


def later_today(
    session: Session, person: Worker, now: datetime, day_begins_at: datetime, day_ends_at: datetime
) -> list[FollowUp]:
    """What falls due after ``now`` and before the day ends, of all that ``person`` is asked about.

    What was promised since the day began is not told again the same day.
    """
    owners = {worker.id for worker in _whose_work_is_done_by(session, person, now)}
    rows = session.exec(
        select(FollowUp)
        .where(col(FollowUp.worker_id).in_(owners), col(FollowUp.look_at) > now, col(FollowUp.look_at) < day_ends_at)
        .where(FollowUp.state == FollowUpState.OPEN, FollowUp.due_at < day_ends_at)
        .where(FollowUp.owner != Responder.COORDINATOR, FollowUp.first_found_at < day_begins_at)
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(_AT_ONCE)
    ).all()
    return list(rows)


def lock_estates_of(session: Session, follow_ups: Sequence[FollowUp]) -> None:
    """From here on nobody else changes anything at the households of these follow-ups.

    Several estates are locked in the order of their ids; whoever locks one only (a turn) can wait for us, but not we
    for each other in a ring.
    """
    if session.get_bind().dialect.name == "sqlite":
        return  # a writing transaction has the whole file
    places = {each.household_id for each in follow_ups}
    estates = select(Household.estate_id).where(col(Household.id).in_(places)).distinct()
    session.exec(select(Estate.id).where(col(Estate.id).in_(estates)).order_by(col(Estate.id)).with_for_update()).all()


def told(session: Session, follow_ups: Sequence[FollowUp]) -> list[PromiseTold]:
    """One line for each matter of a door, the most urgent first: the worker's own promise where there is one."""
    by_matter: dict[tuple[int, object], FollowUp] = {}
    for each in sorted(
        follow_ups, key=lambda one: (one.owner is not Responder.WORKER, one.severity.urgency, one.due_at)
    ):
        by_matter.setdefault((each.household_id, each.matter_id or each.rule), each)
    chosen = sorted(by_matter.values(), key=lambda one: (one.severity.urgency, one.due_at, one.id))
    places = {
        place.id: place
        for place in session.exec(select(Household).where(col(Household.id).in_([one.household_id for one in chosen])))
    }
    reporters = dict(
        session.exec(
            select(Report.id, Worker.name)
            .join(Worker, col(Worker.id) == Report.worker_id)
            .where(col(Report.id).in_([one.report_id for one in chosen]))
        ).all()
    )
    return [
        PromiseTold(
            key=places[each.household_id].key,
            building=places[each.household_id].building,
            kind=each.kind,
            owner=each.owner,
            what=each.what,
            due=each.due_at,
            severity=each.severity,
            by=reporters.get(each.report_id, ""),
        )
        for each in chosen
    ]


def _whose_work_is_done_by(session: Session, person: Worker, now: datetime) -> list[Worker]:
    """``person``, and the workers who are away and whom ``person`` stands in for."""
    others = session.exec(
        select(Worker).where(Worker.role == Role.WORKER, col(Worker.deputy_id).is_not(None), Worker.id != person.id)
    ).all()
    away = [worker for worker in others if reach.is_away(worker, now)]
    return [
        person,
        *(worker for worker in away if reach.who_stands_in(session, worker.id, worker.area_id, now) == [person]),
    ]
