"""How a matter ends: by the worker's own seen word (P2, P3), or by a coordinator's word after it (P0, P1).

    open ──▶ proposed ──▶ settled      P0, P1: what was seen, then a coordinator's word
      │          └──▶ open             … who sends it back
      └──▶ settled ──▶ open            P2, P3 at the worker's word; a person may open it again, with its history

A resident's word alone closes nothing; that is decided before it gets here (severity.md, "Resolved"). What holds
follow-ups is a matter, or a lone flag where a rule speaks of no finding (a missed visit). Each function takes the
ledger of who speaks.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag, FollowUp, Household, Matter

#: what follow-ups hang on
Held = Matter | Flag

#: these wait for a coordinator's word
_NEED_A_SECOND_WORD = (Severity.P0, Severity.P1)
#: why the ledger's line of a contact has no visit beside it
CONTACTED_BY_WORD = "done"
#: the ledger's verb where a person opens again what was settled
REOPENED = "reopened"
_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)
#: a promise that is taken up again after its day gets so much time anew (本项目建议)
_ANEW = {Severity.P0: timedelta(minutes=30), Severity.P1: timedelta(hours=4)}
_ANEW_OTHERWISE = timedelta(days=1)


@dataclass
class Ended:
    """What came to an end at somebody's word, and what now waits for a coordinator."""

    settled: list[Held] = field(default_factory=list)
    waiting: list[Held] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.settled or self.waiting)


def needs_a_second_word(held: Held) -> bool:
    """Does it end only when a coordinator agrees?"""
    return held.severity in _NEED_A_SECOND_WORD


def close_kinds(ledger: Ledger, household: Household, kinds: Collection[str]) -> Ended:
    """End the open matters of these kinds at the word of who saw it."""
    matters = ledger.session.exec(
        select(Matter)
        .where(Matter.household_id == household.id, col(Matter.kind).in_(kinds), col(Matter.state).in_(_STANDING))
        .order_by(col(Matter.id))
    ).all()
    return close(ledger, matters)


def close(ledger: Ledger, held: Iterable[Held]) -> Ended:
    """End each at the word of who saw it: settled, or proposed to a coordinator where it needs a second word."""
    ended = Ended()
    for each in held:
        if not each.state.stands:
            continue
        if needs_a_second_word(each):
            _propose(ledger, each)
            ended.waiting.append(each)
        else:
            _settle(ledger, each)
            ended.settled.append(each)
    return ended


def close_rules(ledger: Ledger, household: Household, rules: Collection[str]) -> None:
    """End the flags of these rules that speak of no finding: their reason is gone. A P0 or P1 waits for a person."""
    flags = ledger.session.exec(
        select(Flag)
        .where(Flag.household_id == household.id, col(Flag.rule).in_(rules), col(Flag.matter_id).is_(None))
        .where(col(Flag.state).in_(_STANDING), col(Flag.severity).not_in(_NEED_A_SECOND_WORD))
        .order_by(col(Flag.id))
    ).all()
    for flag in flags:
        _settle(ledger, flag, "reason gone")


def contacted(ledger: Ledger, household: Household) -> None:
    """Somebody there was seen or spoken to, as the word that ended a promise of it says: no visit tells how."""
    last = household.last_contact_at
    if last is None or last < ledger.at:
        ledger.changes(household, "contacted", why=CONTACTED_BY_WORD, last_contact_at=ledger.at)


def held_of(ledger: Ledger, follow_ups: Iterable[FollowUp]) -> list[Held]:
    """What these follow-ups hang on, each once, in their order."""
    found: dict[tuple[str, int], Held] = {}
    for follow_up in follow_ups:
        if follow_up.matter_id is not None:
            found[("matter", follow_up.matter_id)] = ledger.session.get_one(Matter, follow_up.matter_id)
        elif follow_up.flag_id is not None:
            found[("flag", follow_up.flag_id)] = ledger.session.get_one(Flag, follow_up.flag_id)
    return list(found.values())


def agree_to_close(ledger: Ledger, held: Held) -> None:
    """A coordinator agrees: it ends whatever its severity."""
    if held.state.stands:
        _settle(ledger, held)


def send_back(ledger: Ledger, held: Held) -> list[FollowUp]:
    """A coordinator does not agree: it stands open again. Returns the promises that the worker has anew."""
    if held.state is not MatterState.PROPOSED:
        return []
    by = held.settled_by_report_id if isinstance(held, Matter) else None
    for row in _with_flags(ledger, held):
        ledger.changes(row, "sent_back", state=MatterState.OPEN)
    return _take_up(ledger, held, by)


def reopen(ledger: Ledger, held: Held) -> list[FollowUp]:
    """A person opens again what was settled; its history stays. Returns the promises that somebody has anew.

    A P0 is called as if it were new, until somebody acknowledges it anew.
    """
    if held.state is not MatterState.SETTLED:
        return []
    settled_at = held.settled_at if isinstance(held, Matter) else held.ended_at
    by = held.settled_by_report_id if isinstance(held, Matter) else None
    if isinstance(held, Matter):
        flags = select(Flag).where(Flag.matter_id == held.id, Flag.state == MatterState.SETTLED)
        for flag in ledger.session.exec(flags.where(Flag.ended_at == held.settled_at).order_by(col(Flag.id))).all():
            _open_again(ledger, flag)
        ledger.changes(held, REOPENED, state=MatterState.OPEN, settled_at=None)
    else:
        _open_again(ledger, held)
    return _take_up(ledger, held, by, settled_at)


def _open_again(ledger: Ledger, flag: Flag) -> None:
    values: dict[str, Any] = {"state": MatterState.OPEN, "ended_at": None, "ended_because": None}
    values["reopened_at"] = ledger.at
    if flag.severity is Severity.P0:
        values |= {"acknowledged_at": None, "acknowledged_by_id": None, "climbed_to": None}
        values |= {"called_at": None, "call_at": ledger.at}
    ledger.changes(flag, REOPENED, **values)


def time_anew(severity: Severity) -> timedelta:
    """How long a promise has that is taken up again, or put off, after its day."""
    return _ANEW.get(severity, _ANEW_OTHERWISE)


def put_off(ledger: Ledger, follow_up: FollowUp, promised_for: datetime | None = None) -> None:
    """The worker says that it is still to be done: it stays as it is, and is asked after again before long.

    Where a day was promised, it is asked after then; what is urgent no later than without one.
    """
    again = max(follow_up.due_at, ledger.at + time_anew(follow_up.severity))
    if promised_for is not None and (promised_for < again or follow_up.severity not in (Severity.P0, Severity.P1)):
        again = promised_for
    ledger.changes(follow_up, "not_yet", look_at=again, prompted_at=None)


def acknowledge(ledger: Ledger, flag: Flag) -> None:
    """Somebody has seen this P0 and takes care of it; the first one counts."""
    if flag.acknowledged_at is None:
        ledger.changes(flag, "acknowledged", acknowledged_at=ledger.at, acknowledged_by_id=ledger.worker_id)


def end_follow_up(ledger: Ledger, follow_up: FollowUp, state: FollowUpState, because: str) -> None:
    """Move a follow-up to one of its ends. Raises ValueError where the state machine has no such arrow."""
    ledger.changes(
        follow_up,
        state.value,
        why=because,
        state=state,
        look_at=None,
        ended_at=ledger.at,
        ended_by_report_id=ledger.report_id,
        ended_because=because,
    )


def take_up_again(ledger: Ledger, ended: FollowUp, due_at: datetime, **other: object) -> FollowUp | None:
    """A new follow-up in the place of one that has ended, which it names; None when another stands in for it already.

    One that stood in for it and was cancelled since counts for nothing.
    """
    while (after := _successor(ledger, ended)) is not None:
        if after.state is not FollowUpState.CANCELLED:
            return None
        ended = after
    left_out = {"id", "ended_at", "ended_because", "ended_by_report_id", "prompted_at", "escalated_to", "escalated_at"}
    values = ended.model_dump(exclude=left_out | {"owner_told_at"})
    values |= {"state": FollowUpState.OPEN, "due_at": due_at, "look_at": max(due_at, ledger.at), "reopens_id": ended.id}
    return ledger.adds(FollowUp(**(values | other)), "reopened")


def _successor(ledger: Ledger, ended: FollowUp) -> FollowUp | None:
    query = select(FollowUp).where(FollowUp.reopens_id == ended.id).order_by(col(FollowUp.id).desc())
    return ledger.session.exec(query).first()


def _propose(ledger: Ledger, held: Held) -> None:
    told: dict[str, Any] = {"settled_by_report_id": ledger.report_id} if isinstance(held, Matter) else {}
    ledger.changes(held, "proposed", state=MatterState.PROPOSED, **told)
    for flag in _with_flags(ledger, held):
        ledger.changes(flag, "proposed", state=MatterState.PROPOSED)
    # the worker has done what they were to do; what others owe stands until the coordinator's word
    for follow_up in _running(ledger, held):
        if follow_up.owner is Responder.WORKER:
            end_follow_up(ledger, follow_up, FollowUpState.DONE, "proposed for closing")


def _settle(ledger: Ledger, held: Held, because: str = "matter settled") -> None:
    for flag in _with_flags(ledger, held):
        if isinstance(flag, Flag):
            ledger.changes(flag, "settled", state=MatterState.SETTLED, ended_at=ledger.at, ended_because=because)
    if isinstance(held, Matter):
        ledger.changes(
            held,
            "settled",
            state=MatterState.SETTLED,
            settled_at=ledger.at,
            settled_by_report_id=held.settled_by_report_id or ledger.report_id,
        )
    for follow_up in _running(ledger, held):
        end_follow_up(ledger, follow_up, FollowUpState.DONE, because)


def _take_up(
    ledger: Ledger, held: Held, by_report_id: int | None, settled_at: datetime | None = None
) -> list[FollowUp]:
    """New promises for those that ended with what is open again.

    The worker's go before those of others, who have nothing to do until the worker has looked; at a P0 all go at once.
    """
    ended = [each for each in _follow_ups(ledger, held) if each.state is FollowUpState.DONE]
    with_it = [
        each
        for each in ended
        if by_report_id is None
        or each.ended_by_report_id == by_report_id
        or (settled_at is not None and each.ended_at == settled_at)
    ] or ended
    theirs = [each for each in with_it if each.owner is Responder.WORKER or held.severity is Severity.P0] or with_it
    anew = ledger.at + time_anew(held.severity)
    taken_up = (take_up_again(ledger, each, max(each.due_at, anew)) for each in theirs)
    return [each for each in taken_up if each is not None]


def _with_flags(ledger: Ledger, held: Held) -> list[Held]:
    """It and the flags of it that stand."""
    if isinstance(held, Flag):
        return [held]
    flags = select(Flag).where(Flag.matter_id == held.id, col(Flag.state).in_(_STANDING)).order_by(col(Flag.id))
    return [held, *ledger.session.exec(flags).all()]


def _follow_ups(ledger: Ledger, held: Held) -> list[FollowUp]:
    hangs_on = FollowUp.matter_id == held.id if isinstance(held, Matter) else FollowUp.flag_id == held.id
    return list(ledger.session.exec(select(FollowUp).where(hangs_on).order_by(col(FollowUp.id))))


def _running(ledger: Ledger, held: Held) -> list[FollowUp]:
    return [each for each in _follow_ups(ledger, held) if each.state in _RUNNING]
