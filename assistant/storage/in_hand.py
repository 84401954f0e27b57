"""Who has a matter in hand: the workers who promised something for it, reported it, or told that it is over."""

from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.rights import Viewer
from assistant.storage.settle import Held
from assistant.storage.tables import Flag, FollowUp, Household, Matter, Report, Worker
from assistant.storage.viewing import in_area

#: more are not offered: a list of that length is searched, not scrolled
_AT_MOST = 200


def who_has_in_hand(session: Session, held: Held, besides: int) -> list[Worker]:
    """They, without the one who decides now (``besides``) and those who have left."""
    if isinstance(held, Matter):
        promised = select(FollowUp.worker_id).where(FollowUp.matter_id == held.id)
        reports = select(Flag.report_id).where(Flag.matter_id == held.id)
    else:
        promised = select(FollowUp.worker_id).where(FollowUp.flag_id == held.id)
        reports = select(Flag.report_id).where(Flag.id == held.id)
    report_ids = set(session.exec(reports).all())
    if isinstance(held, Matter) and held.settled_by_report_id is not None:
        report_ids.add(held.settled_by_report_id)
    ids = set(session.exec(promised).all())
    ids |= set(session.exec(select(Report.worker_id).where(col(Report.id).in_(report_ids))).all())
    people = (
        select(Worker)
        .where(col(Worker.id).in_(ids - {None, besides}), Worker.role == Role.WORKER, col(Worker.left_at).is_(None))
        .order_by(col(Worker.id))
    )
    return list(session.exec(people).all())


def who_can_take_it(session: Session, viewer: Viewer, household: Household) -> list[tuple[int, str]]:
    """The people of the viewer's area to whom a promise can be given, those of the household's own area first."""
    rows = session.exec(
        select(Worker.id, Worker.name)
        .where(in_area(viewer, Worker.area_id), col(Worker.left_at).is_(None))
        .where(col(Worker.role).in_((Role.WORKER, Role.COORDINATOR)))
        .order_by(col(Worker.area_id) != household.area_id, col(Worker.id))
        .limit(_AT_MOST)
    )
    return [(id_, name) for id_, name in rows if id_ is not None]
