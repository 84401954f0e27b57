"""The buttons of the household page: each is one transaction, after which the page says what was done.

A button that was pressed on a page which has grown old (the matter is over, somebody else had it first) changes
nothing and says so. Numbers of cards, phones and IDs that somebody types are masked as in a message.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit, own_path
from assistant.console.household import BODIES, path_of
from assistant.console.household_words import delays
from assistant.console.told_on import Teller
from assistant.domain.casework import Responder
from assistant.domain.errors import NotAllowed
from assistant.domain.rights import Right
from assistant.intake.mask import masked
from assistant.storage import reach
from assistant.storage.deciding import Deciding
from assistant.storage.ledger import Ledger
from assistant.storage.records import lock_estate
from assistant.storage.settle import Held
from assistant.storage.tables import Estate, Flag, FollowUp, Household, Matter, Worker
from assistant.storage.text import storable

CASE_PATH = "/console/cases/{held}/{id}/{deed}"
PROMISE_PATH = "/console/follow-ups/{id}/{deed}"
COMMENT_PATH = "/console/households/{id}/comment"
_LONGEST = 500
Decide = TypeVar("Decide")
_CHANGED = "这件事刚才已经变了，没有动。请看最新的。"
_WHY = "请写一句原因，好让后面的人看得懂。"


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(COMMENT_PATH, Right.COMMENT, _comment, methods=("POST",)),
        gate.route(CASE_PATH, Right.COMMENT, _decide_case, methods=("POST",)),
        gate.route(PROMISE_PATH, Right.DECIDE, _decide_promise, methods=("POST",)),
    ]


class _Desk:
    """One click: who decides what, with what words, and who has to hear of it."""

    def __init__(self, visit: Visit, ledger: Ledger, household: Household) -> None:
        lock_estate(ledger.session, ledger.session.get_one(Estate, household.estate_id))
        self.visit = visit
        self.session = ledger.session
        self.household = household
        self.deciding = Deciding(ledger, visit.viewer)
        self.reason = storable(masked(visit.field("reason")[:_LONGEST])).text
        self.teller = Teller(ledger, visit.viewer, visit.replies, household)

    def take(self, held: Held) -> str:
        return "好，您接手了。" if self.deciding.take(held) else _CHANGED

    def confirm(self, held: Held) -> str:
        return "记下了：属实。" if self.deciding.confirm(held) else _CHANGED

    def dismiss(self, held: Held) -> str:
        if not self.reason:
            return _WHY
        if not self.deciding.dismiss(held, self.reason):
            return _CHANGED
        self.teller.dismissed(held, self.reason)
        return "记下了：误报，不再跟进。"

    def close(self, held: Held) -> str:
        if not held.state.stands:
            return _CHANGED
        if not self.deciding.close(held, self.reason):
            return "请写一句是怎么知道已经好了的。"
        self.teller.closed(held)
        return "办结了。"

    def send_back(self, held: Held) -> str:
        if not self.reason:
            return _WHY
        anew = self.deciding.send_back(held, self.reason)
        if anew is None:
            return _CHANGED
        self.teller.taken_up(held, anew, self.reason, is_reopened=False)
        return "退回了，已经告诉网格员。"

    def reopen(self, held: Held) -> str:
        if not self.reason:
            return _WHY
        anew = self.deciding.reopen(held, self.reason)
        if anew is None:
            return _CHANGED
        self.teller.taken_up(held, anew, self.reason, is_reopened=True)
        return "重新打开了，已经告诉网格员。"

    def comment(self, about: Household | Held) -> str:
        if not self.reason:
            return "还没有写什么。"
        self.deciding.comment(about, self.reason)
        return "备注记下了。"

    def assign(self, follow_up: FollowUp) -> str:
        to = self.session.get(Worker, self._chosen("to"))
        if to is None:
            return "先选交给谁。"
        handed = self.deciding.assign(follow_up, to)
        if handed is None:
            return _CHANGED
        self.teller.handed(handed, to, self.reason)
        return f"交给{to.name}了。"

    def postpone(self, follow_up: FollowUp) -> str:
        days = self._chosen("days")
        if not self.reason:
            return _WHY
        if days not in delays(follow_up.severity):
            return "这件事不能推到那么晚。"
        until = self.visit.now + timedelta(days=days)
        return "期限改了。" if self.deciding.postpone(follow_up, until, self.reason) else _CHANGED

    def refer(self, follow_up: FollowUp) -> str:
        body = next((body for body in BODIES if body == self.visit.field("body")), None)
        if body is None:
            return "先选转给谁。"
        if not self.reason:
            return _WHY
        if body is Responder.COORDINATOR:
            people = reach.coordinators_of(self.session, self.household.area_id)
        else:
            people = reach.responders_of(self.session, self.household.area_id, [body])
        to = people[0] if people else None
        handed = self.deciding.refer(follow_up, body, to, self.reason)
        if handed is None:
            return _CHANGED
        name = self.visit.replies.responders[body]
        if to is None:
            return f"转给{name}了。那边没有账号，请您另外联系。"
        self.teller.handed(handed, to, self.reason)
        return f"转给{name}了，已经告诉{to.name}。"

    def _chosen(self, name: str) -> int:
        value = self.visit.field(name)
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else 0


_OF_CASES: Mapping[str, Callable[[_Desk, Held], str]] = {
    "take": _Desk.take,
    "confirm": _Desk.confirm,
    "dismiss": _Desk.dismiss,
    "close": _Desk.close,
    "send-back": _Desk.send_back,
    "reopen": _Desk.reopen,
    "comment": _Desk.comment,
}
_OF_PROMISES: Mapping[str, Callable[[_Desk, FollowUp], str]] = {
    "assign": _Desk.assign,
    "postpone": _Desk.postpone,
    "refer": _Desk.refer,
}


def _decide_case(visit: Visit) -> Response:
    decide = _deed(visit, _OF_CASES)
    with visit.acting() as ledger:
        held = _held(visit, ledger.session)
        return _carry_out(visit, ledger, held, lambda desk: decide(desk, held))


def _decide_promise(visit: Visit) -> Response:
    decide = _deed(visit, _OF_PROMISES)
    with visit.acting() as ledger:
        follow_up = ledger.session.get(FollowUp, visit.number("id"))
        visit.require(ledger.session, Right.DECIDE, follow_up)
        assert follow_up is not None
        return _carry_out(visit, ledger, follow_up, lambda desk: decide(desk, follow_up))


def _comment(visit: Visit) -> Response:
    with visit.acting() as ledger:
        household = ledger.session.get(Household, visit.number("id"))
        visit.require(ledger.session, Right.COMMENT, household)
        assert household is not None
        visit.say(_Desk(visit, ledger, household).comment(household))
    return visit.go(path_of(household.id))


def _held(visit: Visit, session: Session) -> Held:
    found: Held | None = None
    if visit.request.path_params["held"] == "matter":
        found = session.get(Matter, visit.number("id"))
    elif visit.request.path_params["held"] == "flag":
        found = session.get(Flag, visit.number("id"))
    if found is None:
        raise NotAllowed("没有这一条，或者不在您的范围里。")
    return found


def _deed(visit: Visit, known: Mapping[str, Decide]) -> Decide:
    deed = known.get(str(visit.request.path_params["deed"]))
    if deed is None:
        raise HTTPException(404)
    return deed


def _carry_out(visit: Visit, ledger: Ledger, row: Held | FollowUp, decide: Callable[[_Desk], str]) -> Response:
    household = ledger.session.get_one(Household, row.household_id)
    desk = _Desk(visit, ledger, household)
    ledger.session.refresh(row)
    visit.say(decide(desk))
    return visit.go(own_path(visit.field("back"), path_of(household.id)))
