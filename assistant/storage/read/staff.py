"""The people of an area: who they are to the work, how they come in, and when they last did."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.rights import Viewer
from assistant.storage.tables import Account, Area, Invitation, Login, Worker
from assistant.storage.viewing import in_area

#: within an area: who answers for it first, then whom they work with
_ORDER = (Role.COORDINATOR, Role.WORKER, Role.RESPONDER, Role.AUDITOR, Role.ADMINISTRATOR)
#: whom a coordinator may invite; the others are the administrator's to invite
INVITED_BY_COORDINATORS = (Role.WORKER, Role.RESPONDER)


@dataclass(frozen=True)
class Colleague:
    """One who works here. ``channels`` are those on which they can be told something."""

    worker_id: int
    name: str
    role: Role
    acts_as: Responder | None
    area: str
    login_name: str | None
    last_used_at: datetime | None
    channels: tuple[str, ...]
    #: until when an invitation that nobody used is good
    invited_until: datetime | None
    may_be_invited: bool


def may_invite(viewer: Viewer, role: Role) -> bool:
    """May the viewer make an invitation for somebody of this role? It opens everything that this person may see."""
    return viewer.role is Role.ADMINISTRATOR or role in INVITED_BY_COORDINATORS


def people_of(session: Session, viewer: Viewer, now: datetime) -> list[Colleague]:
    """Everybody of the viewer's area who works here now, area by area, coordinators first."""
    rows: Sequence[tuple[Worker, str, Login | None]] = session.exec(
        select(Worker, Area.name, Login)
        .join(Area, col(Area.id) == Worker.area_id)
        .outerjoin(Login, col(Login.worker_id) == Worker.id)
        .where(in_area(viewer, Worker.area_id), col(Worker.left_at).is_(None))
        .order_by(
            col(Area.path), case({role: at for at, role in enumerate(_ORDER)}, value=col(Worker.role)), col(Worker.id)
        )
    ).all()
    ids = [worker.id for worker, _, _ in rows]
    channels: dict[int, list[str]] = defaultdict(list)
    for worker_id, channel in session.exec(
        select(Account.worker_id, Account.channel)
        .where(col(Account.worker_id).in_(ids), col(Account.blocked_at).is_(None))
        .order_by(col(Account.channel))
    ):
        channels[worker_id].append(channel)
    open_ones = dict(
        session.exec(
            select(Invitation.worker_id, Invitation.expires_at)
            .where(col(Invitation.worker_id).in_(ids), Invitation.expires_at > now)
            .where(col(Invitation.used_at).is_(None), col(Invitation.revoked_at).is_(None))
        ).all()
    )
    return [
        Colleague(
            worker_id=worker.id or 0,
            name=worker.name,
            role=worker.role,
            acts_as=worker.acts_as,
            area=area,
            login_name=login.name if login else None,
            last_used_at=login.last_used_at if login else None,
            channels=tuple(dict.fromkeys(channels[worker.id or 0])),
            invited_until=open_ones.get(worker.id or 0),
            may_be_invited=may_invite(viewer, worker.role),
        )
        for worker, area, login in rows
    ]
