"""Take a report's effects back, all or those at one household: what a correction or a retraction does.

The ledger says what each report changed, so its lines are walked backwards: what came into being is withdrawn or
cancelled, what was joined is parted, what was settled is open again. Nothing is deleted, and a follow-up that has ended
never moves: taking up its matter again makes a new one. What other reports did since then stays.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Enum, and_, or_
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Intent
from assistant.storage.ledger import Ledger, plain, write_lines
from assistant.storage.settle import end_follow_up, take_up_again
from assistant.storage.tables import (
    Account,
    Action,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    Matter,
    OutboxMessage,
    Purpose,
    Report,
    Resident,
    Visit,
)

#: without a door, a worker corrects what they said today or yesterday
_REACH = timedelta(days=2)
#: naming it, what they said in the last weeks
REACH_BY_DOOR = timedelta(days=30)
_TABLES: dict[str, type[SQLModel]] = {
    str(table.__tablename__): table for table in (FindingRow, Flag, FollowUp, Household, Matter, Resident, Visit)
}


def last_report(session: Session, account: Account, at: datetime) -> Report | None:
    """The account's newest report that stands: what "刚才那条撤回" means."""
    return next(iter(standing_reports(session, account, at, limit=1)), None)


def last_report_on(session: Session, account: Account, key: str, at: datetime) -> tuple[Report, list[Household]] | None:
    """The account's newest standing report with effects that stand at a household of this key, and those households."""
    for report in standing_reports(session, account, at, limit=100, reach=REACH_BY_DOOR):
        here = (
            select(FindingRow.household_id).where(
                FindingRow.report_id == report.id, col(FindingRow.withdrawn_at).is_(None)
            ),
            select(Visit.household_id).where(Visit.report_id == report.id, col(Visit.withdrawn_at).is_(None)),
            select(Flag.household_id).where(Flag.report_id == report.id, Flag.state != MatterState.CANCELLED),
        )
        places = session.exec(
            select(Household)
            .where(Household.key == key, or_(*(col(Household.id).in_(ids) for ids in here)))
            .order_by(col(Household.id))
        ).all()
        if places:
            return report, list(places)
    return None


def standing_reports(
    session: Session, account: Account, at: datetime, limit: int, reach: timedelta = _REACH
) -> Sequence[Report]:
    """The account's reports of the last days that were not taken back, newest first.

    An answer counts where it did something (a tap on 没在家 is a visit).
    """
    did_something = select(Action.report_id).where(
        Action.report_id == Report.id, col(Action.subject).in_(("visits", "matters", "follow_ups"))
    )
    tells = col(Report.intent).in_((Intent.REPORT, Intent.CORRECTION, Intent.INSTRUCTION))
    return session.exec(
        select(Report)
        .where(Report.account_id == account.id, Report.sent_at > at - reach, col(Report.retracted_at).is_(None))
        .where(or_(tells, and_(col(Report.intent) == Intent.OTHER, did_something.exists())))
        .order_by(col(Report.id).desc())
        .limit(limit)
    ).all()


def take_back(ledger: Ledger, report: Report, because: str, only_at: Sequence[Household] = ()) -> None:
    """Undo what ``report`` did, at the households ``only_at`` or (empty) everywhere.

    The report itself is marked as retracted only when all of it is taken back. Doing it again changes nothing.
    """
    write_lines(ledger.session)
    amending = select(Report.id).where(Report.amends_id == report.id)
    lines = (
        select(Action)
        .where(or_(Action.report_id == report.id, col(Action.report_id).in_(amending)))  # type: ignore[arg-type]
        .order_by(col(Action.id).desc())
    )
    if only_at:
        lines = lines.where(col(Action.household_id).in_([place.id for place in only_at]))
    for line in ledger.session.exec(lines).all():
        table = _TABLES.get(line.subject)
        row = ledger.session.get(table, line.subject_id) if table is not None else None
        if row is None or (line.report_id != report.id and not _is_filed_anew_for(row, report)):
            continue
        if line.before is None:
            _take_back_row(ledger, row, because)
        else:
            _take_back_change(ledger, row, line, because)
    _end_what_was_taken_up_again(ledger, report, because, only_at)
    if not only_at:
        ledger.changes(report, "retracted", why=because, retracted_at=ledger.at)


def _is_filed_anew_for(row: SQLModel, report: Report) -> bool:
    """Did a later correction file this row for ``report`` under another door?"""
    return isinstance(row, Matter) or getattr(row, "report_id", None) == report.id


def _take_back_row(ledger: Ledger, row: SQLModel, because: str) -> None:
    match row:
        case FindingRow() | Visit() | Resident():
            if row.withdrawn_at is None:
                ledger.changes(row, "withdrawn", why=because, withdrawn_at=ledger.at)
        case Matter():
            _take_back_matter(ledger, row, because)
        case Flag():
            if row.state is not MatterState.CANCELLED:
                ledger.changes(
                    row,
                    "cancelled",
                    why=because,
                    state=MatterState.CANCELLED,
                    ended_at=ledger.at,
                    ended_because=because,
                )
        case FollowUp():
            if row.times > 1:  # another report made the same promise since: it stands on that one
                ledger.changes(row, "parted", why=because, times=row.times - 1)
            elif not row.state.has_ended:
                end_follow_up(ledger, row, FollowUpState.CANCELLED, because)
                cancel_prompts(ledger, row)
        case _:
            pass  # a household that a report named first stays: other things may hang under it


def _take_back_matter(ledger: Ledger, matter: Matter, because: str) -> None:
    others = ledger.session.exec(
        select(FindingRow)
        .where(FindingRow.matter_id == matter.id, col(FindingRow.withdrawn_at).is_(None))
        .order_by(col(FindingRow.found_at))
    ).all()
    if not others:
        if matter.state is not MatterState.CANCELLED:
            ledger.changes(matter, "cancelled", why=because, state=MatterState.CANCELLED)
    elif matter.times > 1:
        ledger.changes(matter, "parted", why=because, times=matter.times - 1, first_found_at=others[0].found_at)


def _take_back_change(ledger: Ledger, row: SQLModel, line: Action, because: str) -> None:
    """Put back what still is as the line left it; what was changed since stays, but a count is lowered."""
    before, after = line.before or {}, line.after or {}
    if isinstance(row, FollowUp) and row.state.has_ended:
        if line.verb == row.state.value and row.ended_by_report_id == line.report_id:
            take_up_again(ledger, row, row.due_at)  # the promise whose end was taken back, as a new one
            return
        successor = _successor(ledger, row)
        if successor is None:
            return
        row = successor
    back: dict[str, Any] = {}
    for name, was in before.items():
        now = getattr(row, name)
        if plain(now) == after[name]:
            back[name] = _as_column_holds(row, name, was)
        elif name == "times":
            back[name] = max(1, now - (after[name] - was))
    if isinstance(row, Flag) and back.get("state") in (MatterState.OPEN, MatterState.PROPOSED):
        back["ended_because"] = None
    ledger.changes(row, "put_back", why=because, **back)


def _successor(ledger: Ledger, ended: FollowUp) -> FollowUp | None:
    """The running follow-up that stands in for one that has ended, if any."""
    follow_up: FollowUp | None = ended
    while follow_up is not None and follow_up.state.has_ended:
        follow_up = ledger.session.exec(select(FollowUp).where(FollowUp.reopens_id == follow_up.id)).first()
    return follow_up


def _end_what_was_taken_up_again(ledger: Ledger, report: Report, because: str, only_at: Sequence[Household]) -> None:
    """Follow-ups that stand in for ended ones of this report: the ledger has them under what opened them again."""
    query = select(FollowUp).where(FollowUp.report_id == report.id, col(FollowUp.reopens_id).is_not(None))
    if only_at:
        query = query.where(col(FollowUp.household_id).in_([place.id for place in only_at]))
    for follow_up in ledger.session.exec(query.order_by(col(FollowUp.id))).all():
        if not follow_up.state.has_ended:
            _take_back_row(ledger, follow_up, because)


def cancel_prompts(ledger: Ledger, follow_up: FollowUp) -> None:
    """Prompts that hang on this follow-up alone and were not sent yet are not sent any more."""
    unsent = ledger.session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.purpose == Purpose.PROMPT, OutboxMessage.worker_id == follow_up.worker_id)
        .where(col(OutboxMessage.sent_at).is_(None), col(OutboxMessage.cancelled_at).is_(None))
    )
    for message in unsent:
        if message.follow_up_ids == [follow_up.id]:
            ledger.changes(message, "cancelled", cancelled_at=ledger.at)


def _as_column_holds(row: SQLModel, name: str, value: Any) -> Any:
    """The Python value of a column from what the ledger wrote of it."""
    if value is None:
        return None
    column = type(row).__table__.c[name].type  # type: ignore[attr-defined]
    if isinstance(column, Enum) and column.enum_class is not None:
        code: type[StrEnum] = column.enum_class  # type: ignore[assignment]
        return code(value)
    if isinstance(column, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column, Date) else value
