"""Why a message that waits need not be sent any more.

    a prompt        one of the promises that it asks about has ended: the others are asked about anew
    an alarm        nothing of what it tells stands any more
    another call    … or somebody has heard the alarm in the meantime

It is looked at in the transaction that takes the message for sending, so that whatever ended it, however, counts.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag, FollowUp, OutboxMessage, Purpose

#: the keys of calls after the first one
_CALLS = "call:"


def cancel_if_reason_is_gone(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Cancel a message that was never tried and whose reason went away. Was it so?

    One that was tried may have arrived: it is sent once more under its key rather than told twice in other words.
    """
    if message.attempts > 0:
        return False
    ledger = Ledger(session, now)
    if message.purpose is Purpose.PROMPT:
        is_gone = _is_answered(ledger, message)
    elif message.purpose is Purpose.ALARM:
        is_gone = _is_over(session, message)
    else:
        return False
    if is_gone:
        ledger.changes(message, "cancelled", cancelled_at=now)
    return is_gone


def _is_answered(ledger: Ledger, prompt: OutboxMessage) -> bool:
    rows = ledger.session.exec(
        select(FollowUp).where(col(FollowUp.id).in_(prompt.follow_up_ids)).order_by(col(FollowUp.id))
    ).all()
    running = [row for row in rows if not row.state.has_ended]
    if len(running) == len(rows):
        return False
    for row in running:
        ledger.changes(row, "ask_anew", prompted_at=None, look_at=ledger.at)
    return True


def _is_over(session: Session, alarm: OutboxMessage) -> bool:
    rows = session.exec(select(Flag).where(col(Flag.id).in_(alarm.flag_ids))).all()
    if not rows:
        return False
    heard = alarm.idempotency_key.startswith(_CALLS) and all(row.acknowledged_at is not None for row in rows)
    # a newer flag of the same matter has an alarm of its own
    return heard or not any(row.state.stands for row in rows)
