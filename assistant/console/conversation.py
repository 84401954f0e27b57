"""One chat as it stands on record: what was received from an account, and what was sent to it.

    newest(session, "web", address)                                  # what a page shows when it is opened
    since(session, "web", address, received=41, sent=77, until=…)    # what it lacks after it was away
    before(session, "web", address, received=12, sent=20)            # what is older than all that it shows

A message is here once it was sent: a prompt that waits for the morning is not. Each gives the messages in order of
time, and whether there is more of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from assistant.storage.tables import IntakeItem, IntakeState, OutboxMessage

#: as many messages of each side are given at once
_AT_MOST = 40
#: what is as new as that is given again: a message that was held for later has a lower number than its followers, and
#: two that are written at once may be seen in either order
_OVERLAP = timedelta(minutes=2)
#: more than was ever held for one person
_AGAIN_AT_MOST = 200
_PHOTO = "photo"

Row = TypeVar("Row", IntakeItem, OutboxMessage)


@dataclass(frozen=True)
class Line:
    """One message. ``at`` is aware; ``name`` is the channel's: its message id, or what it was sent as.

    ``photos`` are the places of its pictures among what came with it.
    """

    row_id: int
    is_received: bool
    at: datetime
    text: str
    name: str
    is_set_aside: bool = False
    buttons: tuple[str, ...] = ()
    photos: tuple[int, ...] = ()


def newest(session: Session, channel: str, address: str) -> tuple[list[Line], bool]:
    """The newest messages of both sides; more means older ones."""
    return _newest(session, *_both(channel, address))


def before(session: Session, channel: str, address: str, *, received: int, sent: int) -> tuple[list[Line], bool]:
    """The newest of those with lower numbers than a page shows; 0 where it shows none of that side."""
    mine, theirs = _both(channel, address)
    if received:
        mine = mine.where(col(IntakeItem.id) < received)
    if sent:
        theirs = theirs.where(col(OutboxMessage.id) < sent)
    return _newest(session, mine, theirs)


def since(
    session: Session, channel: str, address: str, *, received: int, sent: int, until: datetime
) -> tuple[list[Line], bool]:
    """The oldest of those with higher numbers than a page has, and those of about ``until`` or later that it may lack.

    More means newer ones: asked again with what it then has, a page misses nothing however long it was away.
    """
    mine, theirs = _both(channel, address)
    late = until - _OVERLAP
    new_mine = _rows(session, mine.where(col(IntakeItem.id) > received).order_by(col(IntakeItem.id)))
    new_theirs = _rows(session, theirs.where(col(OutboxMessage.id) > sent).order_by(col(OutboxMessage.id)))
    # bounded, whatever moment a page claims; the newest, because what was held was sent after it last asked
    again_mine = mine.where(col(IntakeItem.id) <= received, IntakeItem.received_at > late)
    again_mine = again_mine.order_by(col(IntakeItem.received_at).desc()).limit(_AGAIN_AT_MOST)
    again_theirs = theirs.where(col(OutboxMessage.id) <= sent, col(OutboxMessage.sent_at) > late)
    again_theirs = again_theirs.order_by(col(OutboxMessage.sent_at).desc()).limit(_AGAIN_AT_MOST)
    found = [
        *map(_received, new_mine[:_AT_MOST]),
        *map(_sent, new_theirs[:_AT_MOST]),
        *map(_received, session.exec(again_mine)),
        *map(_sent, session.exec(again_theirs)),
    ]
    return _in_order(found), max(len(new_mine), len(new_theirs)) > _AT_MOST


def received_line(session: Session, item_id: int) -> Line:
    """One message that was received."""
    return _received(session.get_one(IntakeItem, item_id))


def _both(channel: str, address: str) -> tuple[SelectOfScalar[IntakeItem], SelectOfScalar[OutboxMessage]]:
    return (
        select(IntakeItem).where(IntakeItem.channel == channel, IntakeItem.author == address),
        select(OutboxMessage).where(
            OutboxMessage.channel == channel, OutboxMessage.address == address, col(OutboxMessage.sent_at).is_not(None)
        ),
    )


def _newest(
    session: Session, mine: SelectOfScalar[IntakeItem], theirs: SelectOfScalar[OutboxMessage]
) -> tuple[list[Line], bool]:
    rows = _rows(session, mine.order_by(col(IntakeItem.id).desc()))
    sent = _rows(session, theirs.order_by(col(OutboxMessage.id).desc()))
    found = [*map(_received, rows[:_AT_MOST]), *map(_sent, sent[:_AT_MOST])]
    return _in_order(found), max(len(rows), len(sent)) > _AT_MOST


def _rows(session: Session, query: SelectOfScalar[Row]) -> Sequence[Row]:
    """One more than is given at once, to see whether there is more."""
    return session.exec(query.limit(_AT_MOST + 1)).all()


def _in_order(found: list[Line]) -> list[Line]:
    return sorted(found, key=lambda line: (line.at, not line.is_received, line.row_id))


def _received(row: IntakeItem) -> Line:
    assert row.id is not None
    photos = tuple(at for at, each in enumerate(row.attachments) if each.get("kind") == _PHOTO and each.get("digest"))
    is_set_aside = row.state is IntakeState.SET_ASIDE
    return Line(row.id, True, row.received_at, row.text, row.message_id, is_set_aside, photos=photos)


def _sent(row: OutboxMessage) -> Line:
    assert row.id is not None
    at = row.sent_at or row.created_at
    return Line(row.id, False, at, row.text, row.sent_as or row.idempotency_key, buttons=tuple(row.buttons))
