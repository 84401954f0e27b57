"""What can be counted about the service, as plain numbers from the record."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.followups import MatterState
from assistant.domain.reports import Severity
from assistant.storage.tables import Flag, IntakeItem, IntakeState, OutboxMessage, Purpose, Worker

#: so far back acknowledgements are looked at: what is older says nothing of today's service
_ACKNOWLEDGED_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Figures:
    """At one moment; times in seconds. ``by channel`` maps have no entry where nothing was counted."""

    #: messages by channel, since the record begins
    received: Mapping[str, int]
    handled: Mapping[str, int]
    #: messages that failed at least once and are tried again
    failing: Mapping[str, int]
    #: received messages, and messages to send, that a person has to look at
    set_aside: Mapping[str, int]
    not_sendable: Mapping[str, int]
    #: how long the oldest message has waited to be handled, and the oldest that may be sent to be sent
    intake_age: float
    outbox_waiting: int
    outbox_age: float
    #: from being raised to being acknowledged, each P0 of the last 30 days that was
    acknowledged_after: Sequence[float]
    #: P0 that nobody has acknowledged, and how long the oldest of them has stood
    unacknowledged: int
    unacknowledged_age: float
    #: prompts sent today, of each worker, in no order that tells who
    prompts_today: Sequence[int]


def intake_age(session: Session, now: datetime) -> float:
    """How long the oldest message has waited to be handled, in seconds."""
    return _age(session, IntakeItem.received_at, now, col(IntakeItem.state) == IntakeState.WAITING)


def outbox_age(session: Session, now: datetime) -> float:
    """How long the oldest message that may be sent has waited to be sent, in seconds."""
    return _age(session, OutboxMessage.next_attempt_at, now, *_may_be_sent(now))


def figures(session: Session, now: datetime) -> Figures:
    """Everything at ``now`` (aware, in the community's zone: a day is that zone's)."""
    unacknowledged = (
        col(Flag.severity) == Severity.P0,
        col(Flag.state) == MatterState.OPEN,
        col(Flag.acknowledged_at).is_(None),
        col(Flag.superseded_by_id).is_(None),
    )
    is_waiting = col(IntakeItem.state) == IntakeState.WAITING
    return Figures(
        received=_by_channel(session, IntakeItem.channel),
        handled=_by_channel(session, IntakeItem.channel, col(IntakeItem.state) == IntakeState.DONE),
        failing=_by_channel(session, IntakeItem.channel, is_waiting, col(IntakeItem.error).is_not(None)),
        set_aside=_by_channel(session, IntakeItem.channel, col(IntakeItem.state) == IntakeState.SET_ASIDE),
        not_sendable=_by_channel(session, OutboxMessage.channel, col(OutboxMessage.set_aside_at).is_not(None)),
        intake_age=intake_age(session, now),
        outbox_waiting=session.exec(select(func.count(col(OutboxMessage.id))).where(*_may_be_sent(now))).one(),
        outbox_age=outbox_age(session, now),
        acknowledged_after=_acknowledged_after(session, now),
        unacknowledged=session.exec(select(func.count(col(Flag.id))).where(*unacknowledged)).one(),
        unacknowledged_age=_age(session, Flag.raised_at, now, *unacknowledged),
        prompts_today=_prompts_today(session, now),
    )


def _may_be_sent(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OutboxMessage.sent_at).is_(None),
        col(OutboxMessage.cancelled_at).is_(None),
        col(OutboxMessage.set_aside_at).is_(None),
        col(OutboxMessage.next_attempt_at) <= now,
    )


def _by_channel(session: Session, channel: str, *where: ColumnElement[bool]) -> dict[str, int]:
    rows = session.exec(select(channel, func.count()).where(*where).group_by(col(channel)))
    return {name or "none": count for name, count in rows}


def _age(session: Session, since: datetime, now: datetime, *where: ColumnElement[bool]) -> float:
    oldest = session.exec(select(since).where(*where).order_by(col(since)).limit(1)).first()
    return max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0


def _acknowledged_after(session: Session, now: datetime) -> list[float]:
    rows = session.exec(
        select(func.coalesce(col(Flag.reopened_at), col(Flag.raised_at)), Flag.acknowledged_at)
        .where(Flag.severity == Severity.P0, col(Flag.acknowledged_at).is_not(None))
        .where(col(Flag.raised_at) > now - _ACKNOWLEDGED_WITHIN)
    )
    return [(heard - raised).total_seconds() for raised, heard in rows if heard is not None]


def _prompts_today(session: Session, now: datetime) -> list[int]:
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    workers = session.exec(select(Worker.id).where(Worker.role == Role.WORKER, col(Worker.left_at).is_(None))).all()
    sent = session.exec(
        select(OutboxMessage.worker_id)
        .where(OutboxMessage.purpose == Purpose.PROMPT, col(OutboxMessage.sent_at) >= midnight)
        .where(col(OutboxMessage.worker_id).is_not(None))
    ).all()
    counted = Counter(sent)
    return sorted(counted[worker] for worker in workers)
