"""One chat as it stands on record: what was received from an account, and what was sent to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from assistant.storage.tables import IntakeItem, IntakeState, OutboxMessage

#: as many messages of each side as a page shows when it is opened
_AT_MOST = 40
#: what was sent so lately is told again: a message that was held for later has a lower number than its followers
_JUST_SENT = timedelta(minutes=2)


@dataclass(frozen=True)
class Line:
    """One message. ``at`` is aware; ``name`` is the channel's: its message id, or what it was sent as."""

    row_id: int
    is_received: bool
    at: datetime
    text: str
    name: str
    is_set_aside: bool = False
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Have:
    """What a page shows already: the highest row of each side."""

    received: int
    sent: int


def lines(session: Session, channel: str, address: str, now: datetime, have: Have | None = None) -> tuple[Line, ...]:
    """The newest messages of both sides in order of time; with ``have``, those that came since.

    A message is here once it was sent: a prompt that waits for the morning is not.
    """
    received = select(IntakeItem).where(IntakeItem.channel == channel, IntakeItem.author == address)
    sent = select(OutboxMessage).where(
        OutboxMessage.channel == channel, OutboxMessage.address == address, col(OutboxMessage.sent_at).is_not(None)
    )
    if have is not None:
        received = received.where(col(IntakeItem.id) > have.received)
        lately = col(OutboxMessage.sent_at) > now - _JUST_SENT
        sent = sent.where(or_(col(OutboxMessage.id) > have.sent, lately))
    found = [
        *map(_received, session.exec(received.order_by(col(IntakeItem.id).desc()).limit(_AT_MOST))),
        *map(_sent, session.exec(sent.order_by(col(OutboxMessage.id).desc()).limit(_AT_MOST))),
    ]
    return tuple(sorted(found, key=lambda line: (line.at, not line.is_received, line.row_id)))


def received_line(session: Session, item_id: int) -> Line:
    """One message that was received."""
    return _received(session.get_one(IntakeItem, item_id))


def _received(row: IntakeItem) -> Line:
    assert row.id is not None
    return Line(row.id, True, row.received_at, row.text, row.message_id, row.state is IntakeState.SET_ASIDE)


def _sent(row: OutboxMessage) -> Line:
    assert row.id is not None
    at = row.sent_at or row.created_at
    return Line(row.id, False, at, row.text, row.sent_as or row.idempotency_key, buttons=tuple(row.buttons))
