"""Put messages into the outbox, in the transaction that records what they tell of.

A key names a message for good: the same key again is the same message, and nothing is added.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.domain.access import Retention
from assistant.storage.columns import new
from assistant.storage.tables import Account, OutboxMessage, Purpose, Worker

#: shown to whoever looks at the messages that were set aside
NO_ACCOUNT = "没有绑定账号"


def enqueue(
    session: Session,
    *,
    key: str,
    purpose: Purpose,
    area_id: int | None,
    channel: str,
    address: str,
    text: str,
    now: datetime,
    not_before: datetime | None = None,
    worker_id: int | None = None,
    account_id: int | None = None,
    buttons: Sequence[str] = (),
    report_id: int | None = None,
    follow_up_ids: Sequence[int] = (),
    flag_ids: Sequence[int] = (),
) -> OutboxMessage | None:
    """Add one message to an address; None when the key is there already."""
    if session.exec(select(OutboxMessage.id).where(OutboxMessage.idempotency_key == key)).first() is not None:
        return None
    row = new(
        OutboxMessage,
        idempotency_key=key,
        purpose=purpose,
        area_id=area_id,
        retention=Retention.TRANSIT,
        worker_id=worker_id,
        account_id=account_id,
        channel=channel,
        address=address,
        text=text,
        buttons=list(buttons),
        report_id=report_id,
        follow_up_ids=list(follow_up_ids),
        flag_ids=list(flag_ids),
        created_at=now,
        next_attempt_at=now if not_before is None else max(now, not_before),
    )
    session.add(row)
    session.flush()
    return row


def tell(
    session: Session,
    worker: Worker,
    *,
    key: str,
    purpose: Purpose,
    text: str,
    now: datetime,
    not_before: datetime | None = None,
    everywhere: bool = False,
    buttons: Sequence[str] = (),
    report_id: int | None = None,
    follow_up_ids: Sequence[int] = (),
    flag_ids: Sequence[int] = (),
) -> list[OutboxMessage]:
    """Address a worker: on the account last used, or (``everywhere``) on each.

    For whom nothing reaches, one row is added that is set aside from the start, so that somebody sees it.
    """
    accounts = session.exec(
        select(Account)
        .where(Account.worker_id == worker.id, col(Account.blocked_at).is_(None))
        .order_by(func.coalesce(Account.last_used_at, Account.bound_at).desc(), col(Account.id).desc())
    ).all()
    told = []
    for account in accounts if everywhere else accounts[:1]:
        row = enqueue(
            session,
            key=f"{key}:{account.id}",
            purpose=purpose,
            area_id=worker.area_id,
            channel=account.channel,
            address=account.address,
            text=text,
            now=now,
            not_before=not_before,
            worker_id=worker.id,
            account_id=account.id,
            buttons=buttons,
            report_id=report_id,
            follow_up_ids=follow_up_ids,
            flag_ids=flag_ids,
        )
        if row is not None:
            told.append(row)
    if not accounts:
        row = enqueue(
            session,
            key=f"{key}:nobody",
            purpose=purpose,
            area_id=worker.area_id,
            channel="",
            address="",
            text=text,
            now=now,
            worker_id=worker.id,
            report_id=report_id,
            follow_up_ids=follow_up_ids,
            flag_ids=flag_ids,
        )
        if row is not None:
            row.set_aside_at, row.set_aside_reason = now, NO_ACCOUNT
    return told


def counts(session: Session) -> dict[str, int]:
    """How many messages wait and how many were set aside."""
    waiting = select(func.count()).where(
        col(OutboxMessage.sent_at).is_(None),
        col(OutboxMessage.cancelled_at).is_(None),
        col(OutboxMessage.set_aside_at).is_(None),
    )
    aside = select(func.count()).where(col(OutboxMessage.set_aside_at).is_not(None))
    return {"waiting": session.exec(waiting).one(), "set_aside": session.exec(aside).one()}
