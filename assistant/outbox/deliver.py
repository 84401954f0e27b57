"""Send what waits in the outbox, oldest first for each address, and note how it went.

    waiting ──▶ sent
      ├───────▶ set aside     the channel refuses for good (blocked, unknown), or it failed too often
      └───────▶ cancelled     its reason went away before it was sent (outbox/reasons.py)

An attempt is counted and committed before the channel is called, and the message rests until ``_LEASE`` is over: when
the process dies in between, it is tried again then, with the same key, so that a channel that can tells it only once.
A channel that says "in so many seconds" has not tried: no attempt counts, and those behind it wait all the same.
"""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import or_
from sqlmodel import Session, col, select

from assistant.channels.base import Outgoing, SendFailed
from assistant.outbox.overtaking import overtaken_by
from assistant.outbox.reasons import cancel_if_reason_is_gone
from assistant.schedule.clock import Clock
from assistant.storage.database import Database, take_turns
from assistant.storage.tables import Account, OutboxMessage, Purpose

#: after this long an attempt that nobody reported on counts as failed
_LEASE = timedelta(seconds=30)
#: so many failed attempts keep the order of an address; after that the message holds up nobody
_HOLDS_UP_FOR = 3
_WAITS = tuple(timedelta(seconds=each) for each in (2, 10, 30, 120, 600, 1800, 3600))
_ATTEMPTS = len(_WAITS) + 1
#: a channel that asks for no rest at all gets one
_NOT_SOONER = timedelta(seconds=0.05)


class Sender(Protocol):
    """Sends on one channel: ``channels.base.Channel`` is one."""

    def send(self, outgoing: Outgoing) -> str | None:
        """Send it, and give the channel's own id of what was sent. Raises SendFailed."""
        ...


def deliver_next(database: Database, channel: str, sender: Sender, clock: Clock) -> bool:
    """Send the next message that is due on ``channel``. Was there one?"""
    now = clock.now()
    with database.writing() as session:
        row = _next(session, channel, now)
        if row is None:
            return False
        if cancel_if_reason_is_gone(session, row, now):
            return True
        row.attempts += 1
        row.next_attempt_at = now + _LEASE
        message_id, address = row.id, row.address
        outgoing = Outgoing(
            address=address,
            text=row.text,
            key=row.idempotency_key,
            buttons=tuple(row.buttons),
            replaces=overtaken_by(session, row),
        )
    try:
        sent_as = sender.send(outgoing)
    except SendFailed as failure:
        _note_failure(database, message_id, failure, clock.now())
        return True
    except Exception as fault:  # a channel's own fault counts as a try too: tried for ever, it would hold up alarms
        _note_failure(database, message_id, SendFailed(type(fault).__name__), clock.now())
        raise
    with database.writing() as session:
        row = session.get_one(OutboxMessage, message_id)
        row.sent_at = clock.now()
        row.sent_as = sent_as
        row.last_error = None
    return True


def _note_failure(database: Database, message_id: int | None, failure: SendFailed, now: datetime) -> None:
    with database.writing() as session:
        _failed(session, session.get_one(OutboxMessage, message_id), failure, now)


def _next(session: Session, channel: str, now: datetime) -> OutboxMessage | None:
    """The oldest message that is due. One that is being tried holds up those behind it; an alarm waits for none."""
    take_turns(session, f"outbox {channel}")
    waiting = (
        OutboxMessage.channel == channel,
        col(OutboxMessage.sent_at).is_(None),
        col(OutboxMessage.cancelled_at).is_(None),
        col(OutboxMessage.set_aside_at).is_(None),
    )
    # put there "in the future": the clock was set back since then
    since_set_back = (
        (col(OutboxMessage.created_at) > now)
        & (col(OutboxMessage.attempts) == 0)
        & (col(OutboxMessage.next_attempt_at) <= col(OutboxMessage.created_at))
    )
    has_come = or_(col(OutboxMessage.next_attempt_at) <= now, since_set_back)
    due = select(OutboxMessage).where(*waiting, has_come).order_by(col(OutboxMessage.id))
    alarm = session.exec(due.where(OutboxMessage.purpose == Purpose.ALARM).limit(1)).first()
    if alarm is not None:
        return alarm
    is_put_off = (col(OutboxMessage.attempts) == 0) & col(OutboxMessage.last_error).is_not(None)
    being_tried = session.exec(
        select(OutboxMessage.address)
        .where(*waiting, OutboxMessage.next_attempt_at > now)
        .where(col(OutboxMessage.attempts).between(1, _HOLDS_UP_FOR) | is_put_off)
    ).all()
    return session.exec(due.where(col(OutboxMessage.address).not_in(being_tried)).limit(1)).first()


def _failed(session: Session, row: OutboxMessage, failure: SendFailed, now: datetime) -> None:
    row.last_error = str(failure)
    if failure.for_good or (failure.retry_after is None and row.attempts >= _ATTEMPTS):
        row.set_aside_at, row.set_aside_reason = now, row.last_error
        account = session.get(Account, row.account_id) if failure.for_good and row.account_id is not None else None
        # a group that shut us out says nothing of its member's own chat
        if account is not None and account.address == row.address:
            account.blocked_at = now
        return
    if failure.retry_after is not None:
        # else the pace that a channel asks for would set an alarm aside
        row.attempts -= 1
        row.next_attempt_at = now + max(timedelta(seconds=failure.retry_after), _NOT_SOONER)
        return
    row.next_attempt_at = now + _WAITS[row.attempts - 1]
