"""How many rows there are so far, as a conversation file counts them.

What was taken back (a withdrawn visit, a cancelled flag) and what something newer took the place of is not counted; the
assistant's own daily rounds are no reports. Prompts are those to workers (what a body that is called in is asked is its
own matter).
"""

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, SQLModel, col, select

from assistant.domain.access import Role
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Intent, VisitOutcome
from assistant.rehearsing.form import Counts
from assistant.rehearsing.stage import CHANNEL
from assistant.storage.tables import FindingRow, Flag, FollowUp, OutboxMessage, Purpose, Report, Visit, Worker


def tally(session: Session) -> Counts:
    """The rows that count now."""

    def rows(table: type[SQLModel], *which: ColumnElement[bool]) -> int:
        return session.exec(select(func.count()).select_from(table).where(*which)).one()

    return Counts(
        reports=rows(Report, col(Report.channel) == CHANNEL, col(Report.intent) == Intent.REPORT),
        visits=rows(Visit, col(Visit.withdrawn_at).is_(None), col(Visit.outcome) != VisitOutcome.NONE),
        findings=rows(FindingRow, col(FindingRow.withdrawn_at).is_(None)),
        flags=rows(Flag, col(Flag.state).not_in((MatterState.CANCELLED, MatterState.SUPERSEDED))),
        follow_ups=rows(FollowUp, col(FollowUp.state) != FollowUpState.CANCELLED),
        prompts=session.exec(
            select(func.count())
            .select_from(OutboxMessage)
            .join(Worker, col(Worker.id) == OutboxMessage.worker_id)
            .where(col(OutboxMessage.purpose) == Purpose.PROMPT, col(OutboxMessage.sent_at).is_not(None))
            .where(col(Worker.role) == Role.WORKER)
        ).one(),
    )
