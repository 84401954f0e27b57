"""``domain.rights`` in SQL: what a list may hold for a viewer, and the subject of one row for ``rights.require``.

    select(Flag).where(flags_seen_by(viewer))
    subject = subject_of(session, viewer, household)           # then rights.require(viewer, Right.…, subject)

``tests/console/test_access.py`` holds these conditions and ``rights.may`` to the same table.
"""

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, and_, false, or_
from sqlmodel import Session, col, select

from assistant.domain.access import Role, Sensitivity
from assistant.domain.followups import FollowUpState
from assistant.domain.rights import Subject, Viewer
from assistant.storage.tables import Area, Flag, FollowUp, Household, Report, Worker


def viewer_of(session: Session, worker_id: int) -> Viewer | None:
    """Who this worker is to the pages; None for one that left."""
    found = session.exec(
        select(Worker, Area.path)
        .join(Area, col(Area.id) == Worker.area_id)
        .where(Worker.id == worker_id, col(Worker.left_at).is_(None))
    ).first()
    if found is None:
        return None
    worker, path = found
    return Viewer(worker_id, worker.name, worker.role, worker.area_id, path, worker.acts_as)


def areas_of(viewer: Viewer) -> Select[int | None]:
    """The ids of the viewer's area and all below it, for ``in_``."""
    return sa.select(col(Area.id)).where(col(Area.path).startswith(viewer.area_path, autoescape=True))


def in_area(viewer: Viewer, area_id: int | None) -> ColumnElement[bool]:
    """Does a row's ``area_id`` belong to the viewer's area? For what no class restricts: the station, requests."""
    return col(area_id).in_(areas_of(viewer))


def follow_ups_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Which follow-ups a list may show."""
    if viewer.role is Role.COORDINATOR:
        return in_area(viewer, FollowUp.area_id)
    if viewer.role is Role.WORKER:
        ordinary = and_(in_area(viewer, FollowUp.area_id), col(FollowUp.sensitivity) == Sensitivity.ORDINARY)
        return or_(_is_given(viewer), ordinary, col(FollowUp.report_id).in_(_reported_by(viewer)))
    return _is_given(viewer)


def flags_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Which flags a list may show."""
    if viewer.role is Role.COORDINATOR:
        return in_area(viewer, Flag.area_id)
    # lists of ids that are made once, not a question for each flag
    given = or_(
        col(Flag.id).in_(_of_given(viewer, FollowUp.flag_id)),
        col(Flag.matter_id).in_(_of_given(viewer, FollowUp.matter_id)),
    )
    if viewer.role is Role.WORKER:
        ordinary = and_(in_area(viewer, Flag.area_id), col(Flag.sensitivity) == Sensitivity.ORDINARY)
        return or_(ordinary, col(Flag.report_id).in_(_reported_by(viewer)), given)
    return given


def reports_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Which reports a list may show in their words."""
    if viewer.role is Role.COORDINATOR:
        return in_area(viewer, Report.area_id)
    given = col(Report.id).in_(_of_given(viewer, FollowUp.report_id))
    if viewer.role is Role.WORKER:
        ordinary = and_(in_area(viewer, Report.area_id), col(Report.sensitivity) == Sensitivity.ORDINARY)
        return or_(ordinary, col(Report.worker_id) == viewer.worker_id, given)
    return given


def households_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Which households a list may name. What is said of each is asked for apart."""
    if viewer.role is Role.COORDINATOR:
        return in_area(viewer, Household.area_id)
    given = col(Household.id).in_(_of_given(viewer, FollowUp.household_id))
    return or_(in_area(viewer, Household.area_id), given) if viewer.role is Role.WORKER else given


def subject_of(session: Session, viewer: Viewer, row: Household | Flag | FollowUp | Report) -> Subject:
    """One row as ``rights.may`` wants it."""
    path = session.exec(select(Area.path).where(Area.id == row.area_id)).one()
    sensitivity = Sensitivity.ORDINARY if isinstance(row, Household) else row.sensitivity
    return Subject(path, sensitivity, _was_given(session, viewer, row))


def _was_given(session: Session, viewer: Viewer, row: Household | Flag | FollowUp | Report) -> bool:
    if viewer.role not in (Role.WORKER, Role.RESPONDER):
        return False
    given = select(FollowUp.id).where(_is_given(viewer)).limit(1)
    match row:
        case Household():
            return session.exec(given.where(FollowUp.household_id == row.id)).first() is not None
        case Report():
            reported = viewer.role is Role.WORKER and row.worker_id == viewer.worker_id
            return reported or session.exec(given.where(FollowUp.report_id == row.id)).first() is not None
        case FollowUp():
            hangs_here = col(FollowUp.id) == row.id
        case Flag():
            same_matter = col(FollowUp.matter_id) == row.matter_id if row.matter_id is not None else false()
            hangs_here = or_(col(FollowUp.flag_id) == row.id, same_matter)
    reported = viewer.role is Role.WORKER and session.get_one(Report, row.report_id).worker_id == viewer.worker_id
    return reported or session.exec(given.where(hangs_here)).first() is not None


def _is_given(viewer: Viewer) -> ColumnElement[bool]:
    """Is a follow-up the viewer's own, or owed in their area by the office they act for? Not a cancelled one."""
    not_cancelled = col(FollowUp.state) != FollowUpState.CANCELLED
    if viewer.role is Role.WORKER:
        return and_(col(FollowUp.worker_id) == viewer.worker_id, not_cancelled)
    if viewer.role is Role.RESPONDER and viewer.acts_as is not None:
        return and_(col(FollowUp.owner) == viewer.acts_as, in_area(viewer, FollowUp.area_id), not_cancelled)
    return false()


def _of_given(viewer: Viewer, column: int | None) -> Select[int | None]:
    """What the viewer's own follow-ups hang on."""
    return sa.select(col(column)).where(_is_given(viewer), col(column).is_not(None))


def _reported_by(viewer: Viewer) -> Select[int | None]:
    return sa.select(col(Report.id)).where(col(Report.worker_id) == viewer.worker_id)
