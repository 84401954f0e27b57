"""One who works here: put on record, given another post, or gone, with what hung on them handed to somebody.

Who is added gets an invitation at once. Who leaves logs in no more from that moment; their reports stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, or_, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.people import PAGE_PATH, invited
from assistant.console.told_on import tell_of_several
from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.errors import NotAllowed, NotUnderstood
from assistant.domain.rights import Right
from assistant.storage import employing
from assistant.storage.employing import Left, Post
from assistant.storage.ledger import Ledger
from assistant.storage.read.staff import may_invite
from assistant.storage.tables import Area, Estate, Household, Worker
from assistant.storage.text import storable
from assistant.storage.viewing import in_area

NEW_PATH = "/console/people/new"
PERSON_PATH = "/console/people/{id}"
#: whom a responder can act as: an office that may have an account
_OFFICES = tuple(each for each in Responder if each not in (Responder.WORKER, Responder.COORDINATOR, Responder.FAMILY))
_LONGEST_NAME = 40


@dataclass(frozen=True)
class _Held:
    """What hangs on somebody now."""

    promises: int
    turns: int


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(NEW_PATH, Right.MANAGE_PEOPLE, _new),
        gate.route(NEW_PATH, Right.MANAGE_PEOPLE, _employ, methods=("POST",)),
        gate.route(PERSON_PATH, Right.MANAGE_PEOPLE, _page),
        gate.route(PERSON_PATH + "/move", Right.MANAGE_PEOPLE, _move, methods=("POST",)),
        gate.route(PERSON_PATH + "/leave", Right.MANAGE_PEOPLE, _leave, methods=("POST",)),
    ]


def _new(visit: Visit, status: int = 200, trouble: str | None = None) -> Response:
    with visit.reading() as session:
        return visit.show(
            "person.html",
            status,
            person=None,
            post=_sent(visit),
            held=None,
            trouble=trouble,
            **_choices(session, visit),
        )


def _employ(visit: Visit) -> Response:
    try:
        with visit.acting() as ledger:
            worker = employing.employ(ledger, visit.viewer, _post(visit, ledger.session))
            return invited(visit, ledger, worker)
    except NotUnderstood as refused:
        return _new(visit, 422, str(refused))


def _page(visit: Visit, status: int = 200, trouble: str | None = None) -> Response:
    with visit.reading() as session:
        worker = _person(visit, session)
        post = _sent(visit) if trouble else {name: str(getattr(worker, name) or "") for name in _FIELDS}
        held = _Held(len(employing.promised_by(session, worker)), len(employing.turns_of(session, worker, visit.now)))
        return visit.show(
            "person.html",
            status,
            person=worker,
            post=post,
            held=held,
            trouble=trouble,
            **_choices(session, visit, worker),
        )


def _move(visit: Visit) -> Response:
    try:
        with visit.acting() as ledger:
            worker = _person(visit, ledger.session)
            to = _taker(visit, ledger.session)
            left = employing.move(ledger, visit.viewer, worker, _post(visit, ledger.session), to)
            _tell(visit, ledger, to, left)
            visit.say(f"{worker.name}改好了。{_told_of(left, to)}")
    except NotUnderstood as refused:
        return _page(visit, 422, str(refused))
    return visit.go(PAGE_PATH)


def _leave(visit: Visit) -> Response:
    try:
        with visit.acting() as ledger:
            worker = _person(visit, ledger.session)
            to = _taker(visit, ledger.session)
            left = employing.leave(ledger, visit.viewer, worker, to)
            _tell(visit, ledger, to, left)
            visit.say(f"{worker.name}离岗了，登录和邀请都停了。{_told_of(left, to)}")
    except NotUnderstood as refused:
        return _page(visit, 422, str(refused))
    return visit.go(PAGE_PATH)


_FIELDS = ("name", "role", "area_id", "acts_as", "estate_id")


def _sent(visit: Visit) -> dict[str, str]:
    return {name: visit.field(name) for name in _FIELDS}


def _person(visit: Visit, session: Session) -> Worker:
    worker = session.get(Worker, visit.number("id"))
    if worker is None:
        raise NotAllowed("没有这个人，或者不在您的范围里。")
    employing.require_manages(session, visit.viewer, worker)
    return worker


def _post(visit: Visit, session: Session) -> Post:
    """What the form says. Raises NotUnderstood for what was left out."""
    name = storable(visit.field("name")[:_LONGEST_NAME]).text
    if not name:
        raise NotUnderstood("还没写姓名", "写平时大家叫的，例如“刘大姐”")
    role = next((each for each in Role if each == visit.field("role")), None)
    area_id, estate_id = _id_in(visit.field("area_id")), _id_in(visit.field("estate_id"))
    if role is None or area_id is None:
        raise NotUnderstood("还没选身份或片区", "两个都要选")
    acts_as = next((each for each in _OFFICES if each == visit.field("acts_as")), None)
    estates = [each.id for each in _estates(session, visit)]
    if estate_id is not None and estate_id not in estates:
        raise NotAllowed("没有这个小区。")
    if role is not Role.WORKER:
        estate_id = None
    elif estate_id is None and len(estates) == 1:
        estate_id = estates[0]
    return Post(name, role, area_id, acts_as if role is Role.RESPONDER else None, estate_id)


def _taker(visit: Visit, session: Session) -> Worker | None:
    """To whom what is open goes; None where nobody was chosen."""
    chosen = _id_in(visit.field("to"))
    if chosen is None:
        return None
    to = session.get(Worker, chosen)
    if to is None:
        raise NotAllowed("没有这个人，或者不在您的范围里。")
    return to


def _tell(visit: Visit, ledger: Ledger, to: Worker | None, left: Left) -> None:
    if to is not None and left.follow_ups:
        places = {each.household_id for each in left.follow_ups}
        keys = ledger.session.exec(select(Household.key).where(col(Household.id).in_(places)).order_by(Household.key))
        tell_of_several(ledger, visit.viewer, visit.replies, to, left.follow_ups, keys.all())


def _told_of(left: Left, to: Worker | None) -> str:
    told = ""
    if left.follow_ups and to is not None:
        told += f"没办完的 {len(left.follow_ups)} 件交给了{to.name}。"
    if left.emptied:
        told += f"空出 {len(left.emptied)} 个班，请到“服务站”补上。"
    return told


def _choices(session: Session, visit: Visit, person: Worker | None = None) -> dict[str, Any]:
    return {
        "areas": session.exec(select(Area).where(in_area(visit.viewer, Area.id)).order_by(col(Area.path))).all(),
        "estates": _estates(session, visit),
        "offices": _OFFICES,
        "given_roles": [role for role in Role if may_invite(visit.viewer, role)],
        "takers": employing.takers_for(session, visit.viewer, person) if person is not None else [],
    }


def _estates(session: Session, visit: Visit) -> Sequence[Estate]:
    """The estates of the viewer's area, and those that several areas share."""
    above = [int(part) for part in visit.viewer.area_path.strip("/").split("/")]
    return session.exec(
        select(Estate)
        .where(or_(in_area(visit.viewer, Estate.area_id), col(Estate.area_id).in_(above)))
        .order_by(col(Estate.name))
    ).all()


def _id_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
