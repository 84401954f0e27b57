"""Somebody begins to work here, changes what they answer for, or leaves; what hung on them always has an owner.

    worker = employ(ledger, viewer, Post("周姐", Role.WORKER, area_id))
    move(ledger, viewer, worker, Post("周姐", Role.WORKER, other_area_id), to=colleague)
    left = leave(ledger, viewer, worker, to=colleague)      # left.follow_ups: the promises that are the colleague's now

A coordinator does this for workers and responders, an administrator for everybody, both within the own area, and nobody
for themselves. Who left logs in no more, is told nothing any more, and stays on record under what they did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.errors import NotAllowed, NotUnderstood
from assistant.domain.followups import FollowUpState
from assistant.domain.rights import Right, Subject, Viewer, require
from assistant.storage import logins, reach
from assistant.storage import station as duties
from assistant.storage.columns import new
from assistant.storage.handing import hand_on
from assistant.storage.invitations import revoke
from assistant.storage.ledger import Ledger
from assistant.storage.read.staff import may_invite
from assistant.storage.tables import Account, Area, DutySlot, Estate, FollowUp, Login, OutboxMessage, Station, Worker
from assistant.storage.viewing import in_area

_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)
_OUR_OWN = (Responder.WORKER, Responder.COORDINATOR)
#: these can be given a promise by name
_CAN_TAKE_OVER = (Role.WORKER, Role.COORDINATOR)


@dataclass(frozen=True)
class Post:
    """What somebody is here: ``acts_as`` for a responder and for nobody else, ``estate_id`` where a worker has one."""

    name: str
    role: Role
    area_id: int
    acts_as: Responder | None = None
    estate_id: int | None = None


@dataclass(frozen=True)
class Left:
    """What became of what hung on somebody: promises that changed hands, and turns of duty that nobody has now."""

    follow_ups: tuple[FollowUp, ...]
    emptied: tuple[DutySlot, ...]


def employ(ledger: Ledger, viewer: Viewer, post: Post) -> Worker:
    """Put somebody on record. Raises NotAllowed, and NotUnderstood for a post that can't be as it is written."""
    _check(ledger.session, viewer, post, besides=None)
    return ledger.adds(new(Worker, **vars(post)), "employed")


def move(ledger: Ledger, viewer: Viewer, worker: Worker, post: Post, to: Worker | None) -> Left:
    """Change what somebody is here. With ``to``, what they promised is handed over; it has to be for who can't keep it.

    Turns of duty at a station that they no longer belong to become empty. Raises as ``employ`` does.
    """
    require_manages(ledger.session, viewer, worker)
    _check(ledger.session, viewer, post, besides=worker.id)
    is_lost = worker.role is Role.COORDINATOR and (post.role, post.area_id) != (worker.role, worker.area_id)
    if is_lost:
        _refuse_if_last(ledger.session, worker)
    if to is None and post.role not in _CAN_TAKE_OVER and promised_by(ledger.session, worker):
        raise NotUnderstood(f"{worker.name}手上还有没办完的事", "请选交给谁")
    handed = _hand_over(ledger, viewer, worker, to)
    ledger.changes(worker, "moved", **vars(post))
    for kind in (Account, Login):
        for row in ledger.session.exec(select(kind).where(kind.worker_id == worker.id)):
            row.area_id = post.area_id
            ledger.session.add(row)
    ledger.session.flush()
    return Left(handed, _empty_turns(ledger, worker))


def leave(ledger: Ledger, viewer: Viewer, worker: Worker, to: Worker | None) -> Left:
    """Somebody works here no longer: ``to`` has what they promised, and is asked whatever they would be asked.

    Invitations that nobody used open nothing, open pages end, and what was still to be sent to them is not sent.
    Raises NotUnderstood where something is open and nobody takes it over, and where nobody would answer for an area.
    """
    session = ledger.session
    require_manages(session, viewer, worker)
    if worker.role is Role.COORDINATOR:
        _refuse_if_last(session, worker)
    if to is None and promised_by(session, worker):
        raise NotUnderstood(f"{worker.name}手上还有没办完的事", "请选交给谁")
    handed = _hand_over(ledger, viewer, worker, to)
    ledger.changes(worker, "left", left_at=ledger.at, deputy_id=to.id if to is not None else None)
    revoke(ledger, worker)
    login = logins.of_worker(session, worker.id or 0)
    if login is not None:
        logins.end_all(ledger, login)
    waiting = select(OutboxMessage).where(
        OutboxMessage.worker_id == worker.id,
        col(OutboxMessage.sent_at).is_(None),
        col(OutboxMessage.cancelled_at).is_(None),
        col(OutboxMessage.set_aside_at).is_(None),
    )
    for message in session.exec(waiting.order_by(col(OutboxMessage.id))).all():
        ledger.changes(message, "cancelled", cancelled_at=ledger.at)
    session.flush()
    return Left(handed, _empty_turns(ledger, worker))


def promised_by(session: Session, worker: Worker) -> Sequence[FollowUp]:
    """The promises that this person keeps, or is reminded of, and that are not over."""
    running = select(FollowUp).where(FollowUp.worker_id == worker.id, col(FollowUp.state).in_(_RUNNING))
    return session.exec(running.order_by(col(FollowUp.id))).all()


def takers_for(session: Session, viewer: Viewer, worker: Worker) -> list[Worker]:
    """Who can have what this person promised, those of the same area first; of an office, its other people too."""
    people = select(Worker).where(
        in_area(viewer, Worker.area_id), col(Worker.left_at).is_(None), Worker.id != worker.id
    )
    nearest = people.order_by(col(Worker.area_id) != worker.area_id, col(Worker.role), col(Worker.id))
    return [each for each in session.exec(nearest).all() if _can_take_over(worker, each)]


def turns_of(session: Session, worker: Worker, now: datetime) -> Sequence[DutySlot]:
    """The turns of duty that this person has from now on, in order."""
    query = select(DutySlot).where(DutySlot.worker_id == worker.id, DutySlot.ends_at > now)
    return session.exec(query.order_by(col(DutySlot.starts_at))).all()


def require_manages(session: Session, viewer: Viewer, worker: Worker) -> None:
    """Raise NotAllowed where the viewer may not change what this person is here, or nobody works here any more."""
    require(viewer, Right.MANAGE_PEOPLE, Subject(session.get_one(Area, worker.area_id).path))
    if worker.left_at is not None or worker.id == viewer.worker_id or not may_invite(viewer, worker.role):
        raise NotAllowed("没有这个人，或者不在您的范围里。")


def _can_take_over(worker: Worker, to: Worker) -> bool:
    is_same_office = to.role is Role.RESPONDER and worker.role is Role.RESPONDER and to.acts_as is worker.acts_as
    return to.role in _CAN_TAKE_OVER or is_same_office


def _check(session: Session, viewer: Viewer, post: Post, besides: int | None) -> None:
    area = session.get(Area, post.area_id)
    if area is None or not may_invite(viewer, post.role):
        raise NotAllowed("没有这个片区，或者不在您的范围里。")
    require(viewer, Right.MANAGE_PEOPLE, Subject(area.path))
    if post.estate_id is not None and session.get(Estate, post.estate_id) is None:
        raise NotAllowed("没有这个小区。")
    if (post.role is Role.RESPONDER) != (post.acts_as is not None):
        raise NotUnderstood("处置单位要选是哪一家", "其他人不用选")
    same = select(Worker.id).where(
        Worker.name == post.name, Worker.area_id == post.area_id, col(Worker.left_at).is_(None), Worker.id != besides
    )
    if session.exec(same).first() is not None:
        raise NotUnderstood(f"{area.name}已经有一位{post.name}", f"写得能分清，例如“{post.name}（2栋）”")


def _refuse_if_last(session: Session, worker: Worker) -> None:
    """An area without anybody who answers for it would have its alarms heard by nobody."""
    around = reach.areas_above(session, worker.area_id)
    query = select(Worker.id).where(
        Worker.role == Role.COORDINATOR,
        col(Worker.area_id).in_(around),
        col(Worker.left_at).is_(None),
        Worker.id != worker.id,
    )
    if session.exec(query.limit(1)).first() is None:
        raise NotUnderstood(f"{worker.name}是这里唯一的网格长，紧急的事就没人收了", "先加一位网格长，再来改")


def _hand_over(ledger: Ledger, viewer: Viewer, worker: Worker, to: Worker | None) -> tuple[FollowUp, ...]:
    if to is None:
        return ()
    require(viewer, Right.MANAGE_PEOPLE, Subject(ledger.session.get_one(Area, to.area_id).path))
    if to.left_at is not None or to.id == worker.id or not _can_take_over(worker, to):
        raise NotAllowed("这个人接不了。")
    taken_over: list[FollowUp] = []
    for promise in promised_by(ledger.session, worker):
        # what an office owes stays with it: who is reminded of it changes
        body = Responder.WORKER if promise.owner in _OUR_OWN else promise.owner
        taken_over += hand_on(ledger, [promise], to, body)
    return tuple(taken_over)


def _empty_turns(ledger: Ledger, worker: Worker) -> tuple[DutySlot, ...]:
    """Turns of stations to whose people they belong no longer, and offers of turns to them."""
    session = ledger.session
    emptied = []
    rows = select(DutySlot).where(
        (col(DutySlot.worker_id) == worker.id) | (col(DutySlot.offered_to_id) == worker.id),
        DutySlot.ends_at > ledger.at,
    )
    for slot in session.exec(rows.order_by(col(DutySlot.starts_at))).all():
        station = session.get_one(Station, slot.station_id)
        duties.lock(session, station)
        if any(each.id == worker.id for each in duties.staff_of(session, station)):
            continue
        if slot.worker_id == worker.id:
            duties.assign(ledger, slot, None)
            emptied.append(slot)
        else:
            duties.take_back(ledger, slot, "lapsed")
    return tuple(emptied)
