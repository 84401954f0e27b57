"""The account under which somebody who is logged in writes on a channel of ours."""

from sqlmodel import Session, col, select

from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Worker


def own_account(session: Session, worker_id: int, channel: str) -> Account | None:
    """The worker's account on the channel: the one that they used first."""
    query = select(Account).where(Account.worker_id == worker_id, Account.channel == channel)
    return session.exec(query.order_by(col(Account.id))).first()


def has_any_account(session: Session, worker_id: int) -> bool:
    """Can the worker be told anything anywhere?"""
    query = select(Account.id).where(Account.worker_id == worker_id, col(Account.blocked_at).is_(None))
    return session.exec(query.limit(1)).first() is not None


def open_account(ledger: Ledger, worker: Worker, channel: str, address: str) -> Account:
    """The account at this address, made for the worker at the first time."""
    session = ledger.session
    account = session.exec(select(Account).where(Account.channel == channel, Account.address == address)).first()
    if account is None:
        account = new(
            Account,
            area_id=worker.area_id,
            worker_id=worker.id,
            channel=channel,
            address=address,
            bound_at=ledger.at,
        )
        session.add(account)
        session.flush()
        # the ledger keeps no address
        ledger.notes(account, "bound")
    return account
