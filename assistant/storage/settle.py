"""How a matter ends: by the worker's own seen word (P2, P3), or by a coordinator's word after it (P0, P1).

A resident's word alone closes nothing; that is decided before it gets here (severity.md, "Resolved"). Each function
takes the ledger of who speaks.
"""

from collections.abc import Collection

from sqlmodel import col, select

from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag, FollowUp, Household, Matter

#: these wait for a coordinator's word
_NEED_A_SECOND_WORD = (Severity.P0, Severity.P1)
_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)


def close_kinds(ledger: Ledger, household: Household, kinds: Collection[str]) -> list[Matter]:
    """End the open matters of these kinds at the worker's word. Returns those that now wait for a coordinator."""
    matters = ledger.session.exec(
        select(Matter)
        .where(Matter.household_id == household.id, col(Matter.kind).in_(kinds), col(Matter.state).in_(_STANDING))
        .order_by(col(Matter.id))
    ).all()
    waiting = [matter for matter in matters if matter.severity in _NEED_A_SECOND_WORD]
    for matter in matters:
        if matter in waiting:
            _propose(ledger, matter)
        else:
            _settle(ledger, matter)
    return waiting


def close_rules(ledger: Ledger, household: Household, rules: Collection[str]) -> None:
    """End the flags of these rules that speak of no finding: their reason is gone. A P0 or P1 waits for a person."""
    flags = ledger.session.exec(
        select(Flag)
        .where(Flag.household_id == household.id, col(Flag.rule).in_(rules), col(Flag.matter_id).is_(None))
        .where(col(Flag.state).in_(_STANDING), col(Flag.severity).not_in(_NEED_A_SECOND_WORD))
        .order_by(col(Flag.id))
    ).all()
    for flag in flags:
        ledger.changes(flag, "settled", state=MatterState.SETTLED, ended_at=ledger.at, ended_because="reason gone")
        promised = select(FollowUp).where(FollowUp.flag_id == flag.id, col(FollowUp.state).in_(_RUNNING))
        for follow_up in ledger.session.exec(promised.order_by(col(FollowUp.id))).all():
            end_follow_up(ledger, follow_up, FollowUpState.DONE, "reason gone")


def answer_follow_ups(ledger: Ledger, follow_ups: Collection[FollowUp]) -> list[Matter]:
    """The worker says that these are done (已处理). Returns the matters that now wait for a coordinator."""
    waiting = []
    for follow_up in follow_ups:
        if follow_up.state.has_ended:
            continue
        end_follow_up(ledger, follow_up, FollowUpState.DONE, "worker's answer")
        matter = ledger.session.get(Matter, follow_up.matter_id) if follow_up.matter_id else None
        if matter is None:
            _settle_flag_without_matter(ledger, follow_up)
        elif matter.state is MatterState.OPEN and matter.severity in _NEED_A_SECOND_WORD:
            _propose(ledger, matter)
            waiting.append(matter)
        elif matter.state.stands and matter.severity not in _NEED_A_SECOND_WORD:
            _settle(ledger, matter)
    return waiting


def agree_to_close(ledger: Ledger, matter: Matter) -> None:
    """A coordinator agrees: the matter ends whatever its severity."""
    if matter.state.stands:
        _settle(ledger, matter)


def send_back(ledger: Ledger, matter: Matter) -> None:
    """A coordinator does not agree: the matter stands open again."""
    if matter.state is MatterState.PROPOSED:
        for row in (matter, *_flags_of(ledger, matter)):
            ledger.changes(row, "sent_back", state=MatterState.OPEN)


def acknowledge(ledger: Ledger, flag: Flag) -> None:
    """Somebody has seen this P0 and takes care of it; the first one counts."""
    if flag.acknowledged_at is None:
        ledger.changes(flag, "acknowledged", acknowledged_at=ledger.at, acknowledged_by_id=ledger.worker_id)


def end_follow_up(ledger: Ledger, follow_up: FollowUp, state: FollowUpState, because: str) -> None:
    """Move a follow-up to one of its ends. Raises ValueError where the state machine has no such arrow."""
    if not follow_up.state.may_become(state):
        raise ValueError(f"a follow-up that is {follow_up.state} can't become {state}")
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


def _propose(ledger: Ledger, matter: Matter) -> None:
    ledger.changes(matter, "proposed", state=MatterState.PROPOSED, settled_by_report_id=ledger.report_id)
    for flag in _flags_of(ledger, matter):
        ledger.changes(flag, "proposed", state=MatterState.PROPOSED)
    # the worker has done what they were to do; what others owe stands until the coordinator's word
    for follow_up in _running(ledger, matter):
        if follow_up.owner is Responder.WORKER:
            end_follow_up(ledger, follow_up, FollowUpState.DONE, "proposed for closing")


def _settle(ledger: Ledger, matter: Matter) -> None:
    ledger.changes(
        matter,
        "settled",
        state=MatterState.SETTLED,
        settled_at=ledger.at,
        settled_by_report_id=matter.settled_by_report_id or ledger.report_id,
    )
    for flag in _flags_of(ledger, matter):
        ledger.changes(flag, "settled", state=MatterState.SETTLED, ended_at=ledger.at, ended_because="matter settled")
    for follow_up in _running(ledger, matter):
        end_follow_up(ledger, follow_up, FollowUpState.DONE, "matter settled")


def _settle_flag_without_matter(ledger: Ledger, follow_up: FollowUp) -> None:
    flag = ledger.session.get(Flag, follow_up.flag_id) if follow_up.flag_id else None
    if flag is not None and flag.state.stands and flag.severity not in _NEED_A_SECOND_WORD:
        ledger.changes(flag, "settled", state=MatterState.SETTLED, ended_at=ledger.at, ended_because="worker's answer")


def _flags_of(ledger: Ledger, matter: Matter) -> list[Flag]:
    return list(
        ledger.session.exec(
            select(Flag).where(Flag.matter_id == matter.id, col(Flag.state).in_(_STANDING)).order_by(col(Flag.id))
        )
    )


def _running(ledger: Ledger, matter: Matter) -> list[FollowUp]:
    return list(
        ledger.session.exec(
            select(FollowUp)
            .where(FollowUp.matter_id == matter.id, col(FollowUp.state).in_(_RUNNING))
            .order_by(col(FollowUp.id))
        )
    )
