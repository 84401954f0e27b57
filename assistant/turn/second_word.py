"""A coordinator's word: 收到 on an alarm, and 同意办结, 退回 or 重新打开 on a matter, by a button or naming the door.

A P0 or P1 ends only after somebody told what they saw; agreeing to what nobody looked at is refused.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select

from assistant.dialogue.answers import CoordinatorSaid, SecondWord
from assistant.dialogue.compose import Reply
from assistant.domain.followups import MatterState
from assistant.domain.reports import VisitOutcome
from assistant.storage import settle
from assistant.storage.settle import Held
from assistant.storage.tables import FindingRow, Flag, Household, Matter, OutboxMessage, Purpose, Visit
from assistant.telling.ending import say_somewhere
from assistant.turn.course import Reported
from assistant.turn.endings import called, tell_of_sending_back

#: what was closed longer ago is reported anew, not opened again
_OPENS_AGAIN = timedelta(days=30)


def acknowledge(reported: Reported, alarm: OutboxMessage) -> Reply:
    """Somebody has seen the P0 that the alarm told of. What was opened again since then has an alarm of its own."""
    alarm.answered_at = reported.course.now
    flags = _flags(reported, alarm)
    meant = [flag for flag in flags if _tells_of(alarm, flag)]
    for flag in meant:
        settle.acknowledge(reported.ledger, flag)
    sayings = reported.course.replies.sayings
    return Reply(sayings.answer_noted if meant or not flags else sayings.alarm_is_older)


def is_unheard(session: Session, alarm: OutboxMessage) -> bool:
    """Does the alarm tell of anything that stands and that nobody acknowledged?"""
    flags = session.exec(select(Flag).where(col(Flag.id).in_(alarm.flag_ids))).all()
    return any(flag.state.stands and flag.acknowledged_at is None and _tells_of(alarm, flag) for flag in flags)


def doors_of(session: Session, alarm: OutboxMessage) -> set[int | None]:
    """The households of which the alarm tells."""
    return set(session.exec(select(Flag.household_id).where(col(Flag.id).in_(alarm.flag_ids))).all())


def _tells_of(alarm: OutboxMessage, flag: Flag) -> bool:
    return flag.reopened_at is None or alarm.created_at >= flag.reopened_at


def on_message(reported: Reported, notice: OutboxMessage, said: CoordinatorSaid) -> Reply:
    """The word on what one message asked about."""
    held: dict[str, Held] = {}
    for flag in _flags(reported, notice):
        matter = reported.session.get(Matter, flag.matter_id) if flag.matter_id is not None else None
        one: Held = matter or flag
        held[f"{one.__tablename__}:{one.id}"] = one
    if not held:
        return Reply(reported.course.replies.sayings.answer_noted)
    place = reported.session.get_one(Household, next(iter(held.values())).household_id)
    return _carry_out(reported, place, list(held.values()), said)


def on_door(reported: Reported, place: Household, said: CoordinatorSaid) -> Reply:
    """The word on what waits, or was closed, behind a door."""
    standing = _standing(reported, place)
    waiting = [each for each in standing if each.state is MatterState.PROPOSED]
    if said.word is SecondWord.AGREE:
        return _carry_out(reported, place, waiting or standing, said)
    closed = [] if waiting else _closed_lately(reported, place)
    return _carry_out(reported, place, waiting or closed[:1], said)


def _carry_out(reported: Reported, place: Household, held: Sequence[Held], said: CoordinatorSaid) -> Reply:
    sayings = reported.course.replies.sayings
    door = say_somewhere(place.key, reported.course.replies)
    unseen: list[Held] = []
    carried_out: list[Held] = []
    for each in held:
        if said.word is SecondWord.AGREE:
            if (
                each.state is MatterState.OPEN
                and settle.needs_a_second_word(each)
                and not _was_seen_since(reported, each)
            ):
                unseen.append(each)
            elif each.state.stands:
                settle.agree_to_close(reported.ledger, each)
                carried_out.append(each)
        elif each.state in (MatterState.PROPOSED, MatterState.SETTLED):
            is_reopened = each.state is MatterState.SETTLED
            take_up = settle.reopen if is_reopened else settle.send_back
            anew = take_up(reported.ledger, each)
            tell_of_sending_back(reported, place, each, anew, said.reason, is_reopened=is_reopened)
            carried_out.append(each)
    _mark_answered(reported, carried_out)
    if unseen and not carried_out:
        return Reply(sayings.not_seen_yet.format(door=door, what=_what(reported, unseen)))
    if not carried_out:
        return Reply(sayings.nothing_to_agree.format(door=door))
    done = {
        SecondWord.AGREE: sayings.agreed,
        SecondWord.SEND_BACK: sayings.sent_back,
        SecondWord.REOPEN: sayings.reopened,
    }[said.word]
    return Reply(done.format(door=door, what=_what(reported, carried_out)))


def _was_seen_since(reported: Reported, held: Held) -> bool:
    """Was a worker at the door after it was last found, and found nothing of it any more?"""
    found_at = held.last_found_at if isinstance(held, Matter) else held.raised_at
    found_by = select(FindingRow.report_id).where(
        FindingRow.matter_id == (held.id if isinstance(held, Matter) else None), col(FindingRow.withdrawn_at).is_(None)
    )
    visit = (
        select(Visit.id)
        .where(Visit.household_id == held.household_id, Visit.at > found_at, col(Visit.withdrawn_at).is_(None))
        .where(Visit.outcome == VisitOutcome.MET, col(Visit.report_id).not_in(found_by))
    )
    return reported.session.exec(visit.limit(1)).first() is not None


def _what(reported: Reported, held: Sequence[Held]) -> str:
    return "、".join(dict.fromkeys(called(each, reported) for each in held))


def _flags(reported: Reported, message: OutboxMessage) -> Sequence[Flag]:
    query = select(Flag).where(col(Flag.id).in_(message.flag_ids)).order_by(col(Flag.id))
    return reported.session.exec(query).all()


def _standing(reported: Reported, place: Household) -> list[Held]:
    matters = select(Matter).where(
        Matter.household_id == place.id, col(Matter.state).in_((MatterState.OPEN, MatterState.PROPOSED))
    )
    flags = select(Flag).where(
        Flag.household_id == place.id,
        col(Flag.matter_id).is_(None),
        col(Flag.state).in_((MatterState.OPEN, MatterState.PROPOSED)),
    )
    found: list[Held] = [*reported.session.exec(matters.order_by(col(Matter.id))).all()]
    return [*found, *reported.session.exec(flags.order_by(col(Flag.id))).all()]


def _closed_lately(reported: Reported, place: Household) -> list[Held]:
    """Matters that were settled in the last weeks, the newest first."""
    query = select(Matter).where(
        Matter.household_id == place.id,
        Matter.state == MatterState.SETTLED,
        col(Matter.settled_at) > reported.course.now - _OPENS_AGAIN,
    )
    return [*reported.session.exec(query.order_by(col(Matter.settled_at).desc(), col(Matter.id).desc())).all()]


def _mark_answered(reported: Reported, held: Sequence[Held]) -> None:
    """What asked this coordinator about it asks no more."""
    matters = {each.id for each in held if isinstance(each, Matter)}
    flags = {each.id for each in held if isinstance(each, Flag)}
    flags |= set(reported.session.exec(select(Flag.id).where(col(Flag.matter_id).in_(matters))).all())
    unanswered = select(OutboxMessage).where(
        OutboxMessage.account_id == reported.account.id,
        OutboxMessage.purpose == Purpose.NOTICE,
        col(OutboxMessage.answered_at).is_(None),
    )
    for message in reported.session.exec(unanswered).all():
        if message.buttons and flags & set(message.flag_ids):
            message.answered_at = reported.course.now
