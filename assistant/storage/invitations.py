"""Invitations: a code that binds a chat account, or opens the pages, for one worker. Good once, for some days.

    code = invite(ledger, worker)                           # said once to whoever asked for it, never kept
    bind(ledger, code, "telegram", "4001")                  # the account is this worker's from now on
    invitation = use(ledger, code, "pages")                 # … or whatever else it opens, in the same transaction

The code has 58 bits and no letters that look alike (no 0/O, 1/I/L, U/V). What is on record is its digest, so that
neither a copy of the database nor the ledger opens anything.
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from assistant.storage.accounts import open_account
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Invitation, Worker

#: long enough for a worker who is away for a week (本项目建议)
GOOD_FOR = timedelta(days=7)

_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_GROUPS, _GROUP = 3, 4
_CODE = re.compile(
    rf"(?<![A-Z0-9])(?:[{_LETTERS}]{{{_GROUP}}}[- ]?){{{_GROUPS - 1}}}[{_LETTERS}]{{{_GROUP}}}(?![A-Z0-9])"
)


class WhyNot(StrEnum):
    """Why a code opens nothing."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    #: the account is somebody else's, who still works here
    TAKEN = "taken"


@dataclass
class InvitationRefused(Exception):
    """A code that opens nothing, and why. It has changed nothing."""

    why: WhyNot

    def __str__(self) -> str:
        return self.why.value


def code_in(text: str) -> str | None:
    """The code that stands in ``text``, however it was typed; None where there is none."""
    found = _CODE.search(unicodedata.normalize("NFKC", text).upper())
    return None if found is None else re.sub("[- ]", "", found.group())


def invite(ledger: Ledger, worker: Worker, good_for: timedelta = GOOD_FOR) -> str:
    """Make a code for this worker, ``ABCD-EFGH-JKMN``. An earlier one that nobody used opens nothing from now on."""
    revoke(ledger, worker)
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP))
    assert worker.id is not None
    row = new(
        Invitation,
        area_id=worker.area_id,
        worker_id=worker.id,
        code_digest=_digest(drawn),
        created_at=ledger.at,
        created_by_id=ledger.worker_id,
        expires_at=ledger.at + good_for,
    )
    ledger.session.add(row)
    ledger.session.flush()
    ledger.notes(row, "invited")
    return "-".join(drawn[at : at + _GROUP] for at in range(0, len(drawn), _GROUP))


def revoke(ledger: Ledger, worker: Worker) -> None:
    """What nobody used of this worker's invitations opens nothing from now on."""
    for open_one in _open_of(ledger.session, worker):
        ledger.changes(open_one, "revoked", revoked_at=ledger.at)


def worker_of(session: Session, code: str, now: datetime) -> Worker:
    """Whom a code is for (a page greets them by name); nothing is used up. Raises InvitationRefused."""
    row = _found(session, code)
    _refuse_if_closed(session, row, now)
    return session.get_one(Worker, row.worker_id)


def use(ledger: Ledger, code: str, used_on: str) -> Invitation:
    """Use a code up. Raises InvitationRefused; of two at once, one is refused."""
    row = _found(ledger.session, code)
    _refuse_if_closed(ledger.session, row, ledger.at)
    ledger.changes(row, "used", used_at=ledger.at, used_on=used_on)
    return row


def bind(ledger: Ledger, code: str, channel: str, address: str) -> tuple[Account, bool]:
    """Make the account this worker's, and use the code up; True when it was not theirs before.

    The same account may give its own code again (a message came twice). Whose account it was is asked: somebody who
    still works here keeps it (TAKEN). A blocked account of the worker's is open again. Raises InvitationRefused.
    """
    session = ledger.session
    row = _found(session, code)
    account = session.exec(select(Account).where(Account.channel == channel, Account.address == address)).first()
    if account is not None and account.id == row.account_id:
        return account, False
    _refuse_if_closed(ledger.session, row, ledger.at)
    if account is None:
        account = open_account(ledger, session.get_one(Worker, row.worker_id), channel, address)
        is_new = True
    else:
        is_new = account.worker_id != row.worker_id
        owner = session.get_one(Worker, account.worker_id)
        if is_new and owner.left_at is None:
            raise InvitationRefused(WhyNot.TAKEN)
        account.area_id = row.area_id
        ledger.changes(account, "bound", worker_id=row.worker_id, bound_at=ledger.at, blocked_at=None)
    ledger.changes(row, "used", used_at=ledger.at, used_on=channel, account_id=account.id)
    return account, is_new


def _open_of(session: Session, worker: Worker) -> list[Invitation]:
    return list(
        session.exec(
            select(Invitation).where(
                Invitation.worker_id == worker.id,
                col(Invitation.used_at).is_(None),
                col(Invitation.revoked_at).is_(None),
            )
        )
    )


def _found(session: Session, code: str) -> Invitation:
    found = session.exec(select(Invitation).where(Invitation.code_digest == _digest(code)).with_for_update()).first()
    if found is None:
        raise InvitationRefused(WhyNot.UNKNOWN)
    return found


def _refuse_if_closed(session: Session, row: Invitation, now: datetime) -> None:
    if row.used_at is not None:
        raise InvitationRefused(WhyNot.USED)
    if row.revoked_at is not None:
        raise InvitationRefused(WhyNot.REVOKED)
    if row.expires_at <= now:
        raise InvitationRefused(WhyNot.EXPIRED)
    if session.get_one(Worker, row.worker_id).left_at is not None:
        raise InvitationRefused(WhyNot.REVOKED)


def _digest(code: str) -> str:
    plain = code_in(code) or code
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
