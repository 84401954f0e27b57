"""Questions on record: one that waits for an account at a time, and what its answer is about."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from assistant.domain.followups import FollowUpState
from assistant.domain.questions import Asks, waits_at
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, FollowUp, Question

_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)


def ask(ledger: Ledger, account: Account, asks: Asks, **about: Any) -> Question:
    """Put a question to ``account``; one that waited before is replaced."""
    for older in _open(ledger.session, account):
        ledger.changes(older, "replaced", ended_at=ledger.at)
    row = new(Question, area_id=account.area_id, account_id=account.id, asks=asks, asked_at=ledger.at, **about)
    return ledger.adds(row, "asked")


def waiting(ledger: Ledger, account: Account) -> Question | None:
    """What waits for this account's answer now; a question that nobody answered in time lapses."""
    for question in _open(ledger.session, account):
        if waits_at(question.asked_at, ledger.at):
            return question
        ledger.changes(question, "lapsed", ended_at=ledger.at)
    return None


def answered(ledger: Ledger, question: Question) -> None:
    """Its answer was carried out."""
    ledger.changes(question, "answered", ended_at=ledger.at)


def running(session: Session, ids: Sequence[int]) -> list[FollowUp]:
    """Those of these follow-ups that have not ended, in the order of their ids."""
    query = select(FollowUp).where(col(FollowUp.id).in_(ids), col(FollowUp.state).in_(_RUNNING))
    return list(session.exec(query.order_by(col(FollowUp.id))))


def _open(session: Session, account: Account) -> Sequence[Question]:
    return session.exec(
        select(Question)
        .where(Question.account_id == account.id, col(Question.ended_at).is_(None))
        .order_by(col(Question.id).desc())
    ).all()
