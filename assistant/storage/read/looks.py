"""Who looked at whose record, took out or erased what, when and on what ground: read from the ledger, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from assistant.domain.access import Role, Sensitivity
from assistant.domain.rights import Viewer
from assistant.storage.tables import Action, Area, Estate, Export, FindingRow, Flag, Household, Report, Worker
from assistant.storage.tables.casework import LOOKS
from assistant.storage.viewing import areas_of, flags_seen_by, in_area, reports_seen_by

_AT_ONCE = 50


@dataclass(frozen=True)
class Look:
    """One look. ``by`` is None for what went by its age; ``export`` is the file that left."""

    id: int
    at: datetime
    verb: str
    by: str | None
    role: Role | None
    why: str | None
    key: str | None
    estate: str | None
    export: Export | None = None


@dataclass(frozen=True)
class Wanted:
    """Which looks. ``on`` is a day of the community, ``key`` a door as typed (``3-2-501``)."""

    worker_id: int | None = None
    key: str = ""
    on: date | None = None
    verb: str | None = None
    before_id: int | None = None


def looks(session: Session, viewer: Viewer, wanted: Wanted, now: datetime) -> tuple[list[Look], int | None]:
    """The looks at records of the viewer's area, and the id to ask on with; ``now`` gives the community's zone."""
    query = (
        select(Action, Worker, Household, Estate.name)
        .outerjoin(Worker, col(Worker.id) == Action.worker_id)
        .outerjoin(Household, col(Household.id) == Action.household_id)
        .outerjoin(Estate, col(Estate.id) == Household.estate_id)
        # as a sum, or SQLite reads every line of the area, of whatever verb, instead of the index of looks
        .where(sa.text(f"actions.{LOOKS}"), (col(Action.area_id) + 0).in_(areas_of(viewer)))
    )
    if wanted.worker_id is not None:
        query = query.where(Action.worker_id == wanted.worker_id)
    if wanted.verb:
        query = query.where(Action.verb == wanted.verb)
    if wanted.key:
        query = query.where(Household.key == wanted.key)
    if wanted.on is not None:
        begins = datetime.combine(wanted.on, time(), now.tzinfo)
        query = query.where(Action.at >= begins, Action.at < begins + timedelta(days=1))
    if wanted.before_id is not None:
        query = query.where(col(Action.id) < wanted.before_id)
    rows = session.exec(query.order_by(col(Action.id).desc()).limit(_AT_ONCE + 1)).all()
    shown = rows[:_AT_ONCE]
    files = _exports(session, [line.subject_id for line, *_ in shown if line.verb == "took_out"])
    found = [
        Look(
            line.id or 0,
            line.at,
            line.verb,
            getattr(who, "name", None),
            getattr(who, "role", None),
            line.why or (line.after or {}).get("ground"),
            getattr(household, "key", None),
            estate,
            files.get(line.subject_id) if line.verb == "took_out" else None,
        )
        for line, who, household, estate in shown
    ]
    return found, found[-1].id if len(rows) > _AT_ONCE else None


def who_could_look(session: Session, viewer: Viewer) -> Sequence[tuple[int | None, str]]:
    """Everybody of the viewer's area, those who left too."""
    return session.exec(
        select(Worker.id, Worker.name)
        .join(Area, col(Area.id) == Worker.area_id)
        .where(in_area(viewer, Worker.area_id))
        .order_by(col(Worker.name), col(Worker.id))
    ).all()


def sees_restricted(session: Session, viewer: Viewer, household_id: int) -> bool:
    """Does the household's page show this viewer something of a restricted class?"""
    flags = select(Flag.id).where(
        Flag.household_id == household_id, Flag.sensitivity != Sensitivity.ORDINARY, flags_seen_by(viewer)
    )
    reports = (
        select(Report.id)
        .join(FindingRow, col(FindingRow.report_id) == Report.id)
        .where(FindingRow.household_id == household_id, Report.sensitivity != Sensitivity.ORDINARY)
        .where(reports_seen_by(viewer))
    )
    return any(session.exec(each.limit(1)).first() is not None for each in (flags, reports))


def _exports(session: Session, ids: Sequence[int]) -> dict[int, Export]:
    return {row.id or 0: row for row in session.exec(select(Export).where(col(Export.id).in_(ids)))}
