"""Send what waits in the outbox, oldest first for each address, and note how it went.

    waiting ──▶ sent
      ├───────▶ set aside     the channel refuses for good (blocked, unknown), or it failed too often
      └───────▶ cancelled     its reason went away before it was sent

An attempt is counted and committed before the channel is called, and the message rests until ``_LEASE`` is over: when
the process dies in between, it is tried again then, with the same key, so that a channel that can tells it only once.
"""

from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import not_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from assistant.channels.base import Outgoing, SendFailed
from assistant.schedule.clock import Clock
from assistant.storage.database import Database
from assistant.storage.tables import Account, OutboxMessage, Purpose

#: after this long an attempt that nobody reported on counts as failed
_LEASE = timedelta(seconds=30)
#: so many failed attempts keep the order of an address; after that the message holds up nobody
_HOLDS_UP_FOR = 3
_WAITS = tuple(timedelta(seconds=each) for each in (2, 10, 30, 120, 600, 1800, 3600))
_ATTEMPTS = len(_WAITS) + 1


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
        row.attempts += 1
        row.next_attempt_at = now + _LEASE
        message_id, address = row.id, row.address
        outgoing = Outgoing(address=address, text=row.text, key=row.idempotency_key, buttons=tuple(row.buttons))
    try:
        sent_as = sender.send(outgoing)
    except SendFailed as failure:
        with database.writing() as session:
            _failed(session, session.get_one(OutboxMessage, message_id), failure, clock.now())
        return True
    with database.writing() as session:
        row = session.get_one(OutboxMessage, message_id)
        row.sent_at = clock.now()
        row.sent_as = sent_as
        row.last_error = None
    return True


def _next(session: Session, channel: str, now: datetime) -> OutboxMessage | None:
    """The oldest message that is due. One that is being tried holds up those behind it; an alarm waits for none."""
    waiting = select(OutboxMessage).where(OutboxMessage.channel == channel, *_still_to_send(OutboxMessage))
    ahead = aliased(OutboxMessage)
    held_up = (
        select(ahead.id)
        .where(ahead.channel == OutboxMessage.channel, ahead.address == OutboxMessage.address)
        .where(col(ahead.id) < col(OutboxMessage.id), *_still_to_send(ahead))
        .where(col(ahead.attempts).between(1, _HOLDS_UP_FOR))
        .exists()
    )
    return session.exec(
        waiting.where(OutboxMessage.next_attempt_at <= now)
        .where(or_(OutboxMessage.purpose == Purpose.ALARM, not_(held_up)))  # type: ignore[arg-type]
        .order_by(col(OutboxMessage.purpose) != Purpose.ALARM, col(OutboxMessage.id))
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxMessage)
    ).first()


def _still_to_send(table: type[OutboxMessage]) -> tuple[Any, ...]:
    return (
        col(table.sent_at).is_(None),
        col(table.cancelled_at).is_(None),
        col(table.set_aside_at).is_(None),
    )


def _failed(session: Session, row: OutboxMessage, failure: SendFailed, now: datetime) -> None:
    row.last_error = str(failure)
    if failure.for_good or row.attempts >= _ATTEMPTS:
        row.set_aside_at, row.set_aside_reason = now, row.last_error
        account = session.get(Account, row.account_id) if failure.for_good and row.account_id is not None else None
        if account is not None:
            account.blocked_at = now
        return
    wait = _WAITS[row.attempts - 1]
    if failure.retry_after is not None:
        wait = max(wait, timedelta(seconds=failure.retry_after))
    row.next_attempt_at = now + wait
