"""Who is to be told: the coordinators and responders who answer for an area, nearest first."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.storage.tables import Area, Estate, Household, Worker


def areas_above(session: Session, area_id: int) -> list[int]:
    """The area itself and all that hold it, narrowest first."""
    path = session.get_one(Area, area_id).path
    return [int(part) for part in reversed(path.strip("/").split("/"))]


def coordinators_of(session: Session, area_id: int) -> list[Worker]:
    """The coordinators of the narrowest area around that has any."""
    everybody = _working(session, area_id, Role.COORDINATOR)
    for around in areas_above(session, area_id):
        here = [worker for worker in everybody if worker.area_id == around]
        if here:
            return here
    return []


def coordinators_at(session: Session, area_id: int, level: AreaLevel) -> list[Worker]:
    """The coordinators of the area of this level that holds ``area_id``; of the grid: the narrowest that has any."""
    if level is AreaLevel.GRID:
        return coordinators_of(session, area_id)
    areas = set(
        session.exec(select(Area.id).where(col(Area.id).in_(areas_above(session, area_id)), Area.level == level))
    )
    return [worker for worker in _working(session, area_id, Role.COORDINATOR) if worker.area_id in areas]


def is_away(worker: Worker, now: datetime) -> bool:
    """Has the worker left, or handed over for now?"""
    away = worker.away_from_at is not None and worker.away_from_at <= now
    return worker.left_at is not None or (away and (worker.away_until_at is None or now < worker.away_until_at))


def who_stands_in(session: Session, worker_id: int | None, area_id: int, now: datetime) -> list[Worker]:
    """Who is to be asked instead of a worker: the worker, else the deputy, else the area's coordinators.

    A deputy who is away too hands on to the own deputy; a ring of them ends at the coordinators.
    """
    seen: set[int] = set()
    while worker_id is not None and worker_id not in seen:
        seen.add(worker_id)
        worker = session.get_one(Worker, worker_id)
        if not is_away(worker, now):
            return [worker]
        worker_id = worker.deputy_id
    return coordinators_of(session, area_id)


def with_deputies(session: Session, people: Sequence[Worker], now: datetime) -> list[Worker]:
    """These people, and whoever stands in for those of them who are away, each once."""
    found = list(people)
    for person in people:
        deputy = session.get(Worker, person.deputy_id) if is_away(person, now) and person.deputy_id else None
        if deputy is not None and not is_away(deputy, now):
            found.append(deputy)
    return list({person.id: person for person in found}.values())


def workers_of(session: Session, area_id: int) -> list[Worker]:
    """The workers whose micro-grid this is."""
    return list(
        session.exec(
            select(Worker)
            .where(Worker.role == Role.WORKER, Worker.area_id == area_id, col(Worker.left_at).is_(None))
            .order_by(col(Worker.id))
        )
    )


def responders_of(session: Session, area_id: int, acting_as: Collection[Responder]) -> list[Worker]:
    """The people who act as one of these responders here or in any area around."""
    return [worker for worker in _working(session, area_id, Role.RESPONDER) if worker.acts_as in acting_as]


def workers_around(session: Session, estate: Estate) -> list[Worker]:
    """The workers whose estate this is, or whose micro-grid has a door there."""
    areas = select(Household.area_id).where(Household.estate_id == estate.id).distinct()
    return list(
        session.exec(
            select(Worker)
            .where(Worker.role == Role.WORKER, col(Worker.left_at).is_(None))
            .where(or_(col(Worker.estate_id) == estate.id, col(Worker.area_id).in_(areas)))
            .order_by(col(Worker.id))
        )
    )


def _working(session: Session, area_id: int, role: Role) -> list[Worker]:
    return list(
        session.exec(
            select(Worker)
            .where(col(Worker.area_id).in_(areas_above(session, area_id)), Worker.role == role)
            .where(col(Worker.left_at).is_(None))
            .order_by(col(Worker.id))
        )
    )
