"""The intake table as a queue.

    waiting ──▶ done         its effects were committed with it
       └──────▶ set_aside    it failed each time, or ended the process each time

Only the first waiting message of a chat may be handled; the others of that chat wait behind it, no other chat does. An
attempt is counted and committed before it starts, so that a message that kills the process is set aside too. What is
being handled is locked: a process that dies leaves it waiting. Between the two, for ``_STARTS_WITHIN``, nobody else
takes it.
"""

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from assistant.channels.base import Incoming
from assistant.domain.access import Retention
from assistant.intake.mask import masked
from assistant.storage import evidence
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.records import who_wrote
from assistant.storage.tables import IntakeItem, IntakeState, OutboxMessage
from assistant.storage.text import storable

#: the chat waits while its message is tried again, so not for long
_WAITS = (timedelta(seconds=1), timedelta(seconds=5))
_ATTEMPTS = len(_WAITS) + 1
_ERROR_AT_MOST = 500
#: from the commit that counts an attempt to the lock that the attempt holds
_STARTS_WITHIN = timedelta(seconds=2)


def put(database: Database, incoming: Incoming, now: datetime) -> tuple[int, bool]:
    """Keep a message, committed when this returns. Gives its id and whether it is new; a repeat changes nothing.

    Raises StorageError when it can't be kept: then the channel must not be told that we have it.
    """
    try:
        with database.writing() as session:
            there = _there(session, incoming)
            if there is not None:
                return there, False
            row = _row(session, incoming, now)
            session.add(row)
            session.flush()
            if row.area_id is not None:
                # nobody knows what a stranger sends, nor may keep it: it stays where it is
                evidence.note_files(session, row, incoming.attachments, now)
    except IntegrityError:
        # on PostgreSQL two processes may be given the same message at once: the other one kept it
        with database.reading() as session:
            there = _there(session, incoming)
        if there is None:
            raise
        return there, False
    assert row.id is not None
    return row.id, True


def _there(session: Session, incoming: Incoming) -> int | None:
    return session.exec(
        select(IntakeItem.id).where(
            IntakeItem.channel == incoming.channel, IntakeItem.message_id == incoming.message_id
        )
    ).first()


def _row(session: Session, incoming: Incoming, now: datetime) -> IntakeItem:
    kept = storable(masked(incoming.text))
    known = who_wrote(session, incoming.channel, incoming.account)
    return new(
        IntakeItem,
        area_id=known[1].area_id if known else None,
        retention=Retention.TRANSIT,
        channel=incoming.channel,
        message_id=incoming.message_id,
        chat=incoming.where,
        author=incoming.account,
        is_group=incoming.is_group,
        text=kept.text,
        text_bytes=kept.original,
        attachments=[dict(each) for each in incoming.attachments],
        answers_id=_answered(session, incoming),
        edits=incoming.edits,
        sent_at=incoming.sent_at,
        received_at=now,
        next_attempt_at=now,
    )


def _answered(session: Session, incoming: Incoming) -> int | None:
    """The outbox message that this one replies to or whose button was pressed, if we sent it."""
    if incoming.reply_to is None:
        return None
    return session.exec(
        select(OutboxMessage.id)
        .where(OutboxMessage.channel == incoming.channel, OutboxMessage.address == incoming.where)
        .where(OutboxMessage.sent_as == incoming.reply_to)
        .order_by(col(OutboxMessage.id).desc())
    ).first()


def next_waiting(session: Session, now: datetime) -> int | None:
    """The id of the oldest message that may be handled now: the first of its chat, and nobody's already."""
    earlier = select(func.min(IntakeItem.id)).where(IntakeItem.state == IntakeState.WAITING)
    first_of_chat = earlier.group_by(col(IntakeItem.channel), col(IntakeItem.chat))
    return session.exec(
        select(IntakeItem.id)
        .where(col(IntakeItem.id).in_(first_of_chat), IntakeItem.next_attempt_at <= now)
        .order_by(col(IntakeItem.id))
        .limit(1)
    ).first()


def attempt(session: Session, item_id: int, now: datetime) -> IntakeItem | None:
    """Count an attempt at a waiting message. None when it is handled already, by somebody else now, or too often."""
    item = hold(session, item_id)
    if item is None or item.next_attempt_at > now:
        return None
    if item.attempts >= _ATTEMPTS:
        _set_aside(item, item.error or "the process ended each time it was handled", now)
        return None
    item.attempts += 1
    item.next_attempt_at = now + _STARTS_WITHIN
    return item


def count_no_attempt(item: IntakeItem, now: datetime) -> None:
    """It was not the message's fault that the attempt came to nothing."""
    item.attempts -= 1
    item.next_attempt_at = now


def hold(session: Session, item_id: int) -> IntakeItem | None:
    """Lock a waiting message for this transaction; None when somebody else has it or it is handled already."""
    return session.exec(
        select(IntakeItem)
        .where(IntakeItem.id == item_id, IntakeItem.state == IntakeState.WAITING)
        .with_for_update(skip_locked=True)
    ).first()


def finish(item: IntakeItem, now: datetime) -> None:
    """Its effects are in this very transaction."""
    item.state = IntakeState.DONE
    item.handled_at = now
    item.error = None


def fail(item: IntakeItem, error: Exception, now: datetime) -> bool:
    """Note why an attempt failed. Is it set aside now? Else it is tried again soon."""
    item.error = f"{type(error).__name__}: {error}"[:_ERROR_AT_MOST]
    if item.attempts >= _ATTEMPTS:
        _set_aside(item, item.error, now)
        return True
    item.next_attempt_at = now + _WAITS[item.attempts - 1]
    return False


def _set_aside(item: IntakeItem, why: str, now: datetime) -> None:
    item.state = IntakeState.SET_ASIDE
    item.handled_at = now
    item.error = why


def retry(item: IntakeItem, now: datetime) -> None:
    """A person lets a message that was set aside be tried again."""
    if item.state is IntakeState.SET_ASIDE:
        item.state = IntakeState.WAITING
        item.attempts = 0
        item.next_attempt_at = now
        item.handled_at = None


def counts(session: Session) -> dict[IntakeState, int]:
    """How many messages stand in each state."""
    found = dict(session.exec(select(IntakeItem.state, func.count()).group_by(col(IntakeItem.state))).all())
    return {state: found.get(state, 0) for state in IntakeState}
