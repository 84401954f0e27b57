"""The retention job: what has come to the end of its time is counted, and taken away in batches.

    due(session, periods, now)                     # how many of each sort; changes nothing
    take_away(ledger, periods, today)              # one batch, in the ledger's transaction

Open matters, promises that run and messages that wait are never touched; rows that hold only codes stay for the numbers
and the ledger. Taken away twice, nothing changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, SQLModel, col, select

from assistant.domain.access import Retention
from assistant.domain.retention import GONE, Periods
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.erasure import complete_waiting
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.forgetting import (
    RUNNING,
    STANDING,
    forget_files,
    forget_reports,
    is_over,
    is_sent,
    let_go_of_files,
)
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    Account,
    Area,
    Comment,
    DutySlot,
    Evidence,
    EvidenceState,
    Flag,
    FollowUp,
    Import,
    ImportState,
    IntakeItem,
    IntakeState,
    Invitation,
    Login,
    LoginAttempt,
    Matter,
    OutboxMessage,
    Question,
    Report,
    Resident,
    RetentionRun,
    RoomBooking,
    SavedView,
    Worker,
)

_AT_ONCE = 200
_LEFT = "left:"


@dataclass(frozen=True)
class Due:
    """So many rows of one sort have come to their end."""

    sort: str
    retention: Retention
    count: int


@dataclass(frozen=True)
class _Sort:
    """One sort of rows: of which table, which of them are due before a moment, and how they go."""

    retention: Retention
    table: type[SQLModel]
    is_due: Callable[[datetime], ColumnElement[bool]]
    take: Callable[[Ledger, Sequence[int]], None]


def due(session: Session, periods: Periods, now: datetime) -> tuple[Due, ...]:
    """How many rows of each sort would go now. Changes nothing."""
    found = []
    for name, sort in SORTS.items():
        cut = periods.cut(sort.retention, now)
        count = 0
        if cut is not None:
            query = select(sa.func.count()).select_from(sort.table).where(sort.is_due(cut))
            count = session.exec(query).one()
        found.append(Due(name, sort.retention, count))
    return tuple(found)


def take_away(ledger: Ledger, periods: Periods, today: date) -> int:
    """Take one batch of each sort away and add it to the day's run. How many rows went; 0: there is nothing left."""
    counts = {}
    for name, sort in SORTS.items():
        cut = periods.cut(sort.retention, ledger.at)
        if cut is None:
            continue
        key = sort.table.id  # type: ignore[attr-defined]
        ids = ledger.session.exec(select(key).where(sort.is_due(cut)).order_by(key).limit(_AT_ONCE)).all()
        if ids:
            sort.take(ledger, ids)
            ledger.session.flush()
            counts[name] = len(ids)
    if counts:
        _note_run(ledger, counts, today)
    return sum(counts.values())


def clear_out(
    database: Database, folder: EvidenceFolder, periods: Periods, now: datetime, worker_id: int | None = None
) -> int:
    """Take one batch, at the word of this worker or of the clock; carry on erasures that waited; let go of files.

    ``now`` is in the community's zone. How many rows went and requests ended; 0: there is nothing left.
    """
    with database.writing() as session:
        ledger = Ledger(session, now, worker_id)
        # those that wait last: each is looked for in everything that was said
        ended = take_away(ledger, periods, now.date()) or complete_waiting(ledger)
    return ended + let_go_of_files(database, folder)


def last_runs(session: Session, at_most: int = 5) -> Sequence[RetentionRun]:
    """The latest days on which something went."""
    return session.exec(select(RetentionRun).order_by(col(RetentionRun.id).desc()).limit(at_most)).all()


def _note_run(ledger: Ledger, counts: dict[str, int], today: date) -> None:
    session = ledger.session
    of_today = select(RetentionRun).where(RetentionRun.on_day == today, RetentionRun.worker_id == ledger.worker_id)
    run = session.exec(of_today).first()
    if run is None:
        root = session.exec(select(Area.id).where(col(Area.parent_id).is_(None)).order_by(col(Area.id))).first()
        row = new(RetentionRun, area_id=root, on_day=today, at=ledger.at, worker_id=ledger.worker_id, counts=counts)
        ledger.adds(row, "cleared_out")
        return
    total = {name: run.counts.get(name, 0) + counts.get(name, 0) for name in run.counts | counts}
    ledger.changes(run, "went_on_clearing", at=ledger.at, counts=total)


def _words_of(retention: Retention) -> Callable[[datetime], ColumnElement[bool]]:
    def is_due(cut: datetime) -> ColumnElement[bool]:
        return sa.and_(
            col(Report.erased_at).is_(None),
            col(Report.retention) == retention,
            col(Report.received_at) < cut,
            is_over(cut),
        )

    return is_due


def _old_comments(cut: datetime) -> ColumnElement[bool]:
    matters = select(Matter.id).where(
        Matter.id == Comment.matter_id, or_(col(Matter.state).in_(STANDING), col(Matter.settled_at) >= cut)
    )
    flags = select(Flag.id).where(
        Flag.id == Comment.flag_id, or_(col(Flag.state).in_(STANDING), col(Flag.ended_at) >= cut)
    )
    return sa.and_(col(Comment.at) < cut, ~matters.exists(), ~flags.exists())


def _files_of_no_report(cut: datetime) -> ColumnElement[bool]:
    return sa.and_(
        col(Evidence.report_id).is_(None),
        col(Evidence.received_at) < cut,
        col(Evidence.state) != EvidenceState.ERASED,
    )


def _residents_gone(cut: datetime) -> ColumnElement[bool]:
    running = select(FollowUp.id).where(
        FollowUp.household_id == Resident.household_id, col(FollowUp.state).in_(RUNNING)
    )
    gone = or_(col(Resident.withdrawn_at) < cut, col(Resident.moved_away_on) < cut.date())
    return sa.and_(gone, ~running.exists())


def _accounts_of_who_left(cut: datetime) -> ColumnElement[bool]:
    return sa.and_(col(Account.worker_id).in_(_left(cut)), ~col(Account.address).startswith(_LEFT))


def _left(cut: datetime) -> "sa.Select[int | None]":
    return sa.select(col(Worker.id)).where(col(Worker.left_at) < cut)


def _handled_messages(cut: datetime) -> ColumnElement[bool]:
    done = col(IntakeItem.state) != IntakeState.WAITING
    is_blank = sa.and_(col(IntakeItem.text) == GONE, _has_files())
    return sa.and_(done, col(IntakeItem.received_at) < cut, ~is_blank)


def _has_files() -> ColumnElement[bool]:
    return select(Evidence.id).where(Evidence.intake_id == IntakeItem.id).exists()


def _sent_messages(cut: datetime) -> ColumnElement[bool]:
    is_blank = sa.and_(col(OutboxMessage.text) == GONE, _is_answered())
    return sa.and_(col(OutboxMessage.created_at) < cut, is_sent(), ~is_blank)


def _is_answered() -> ColumnElement[bool]:
    return select(IntakeItem.id).where(IntakeItem.answers_id == OutboxMessage.id).exists()


def _forget_reports(ledger: Ledger, ids: Sequence[int]) -> None:
    reports = ledger.session.exec(select(Report).where(col(Report.id).in_(ids)).order_by(col(Report.id))).all()
    forget_reports(ledger, reports, "expired")


def _forget_files(ledger: Ledger, ids: Sequence[int]) -> None:
    forget_files(ledger.session, col(Evidence.id).in_(ids))


def _forget_accounts(ledger: Ledger, ids: Sequence[int]) -> None:
    for row in ledger.session.exec(select(Account).where(col(Account.id).in_(ids))):
        row.address = f"{_LEFT}{row.id}"


def _delete(table: type[SQLModel]) -> Callable[[Ledger, Sequence[int]], None]:
    def take(ledger: Ledger, ids: Sequence[int]) -> None:
        key = table.id  # type: ignore[attr-defined]
        ledger.session.execute(sa.delete(table).where(col(key).in_(ids)).execution_options(synchronize_session=False))

    return take


def _delete_or_blank(
    table: type[IntakeItem] | type[OutboxMessage], is_needed: Callable[[], ColumnElement[bool]], **blank: object
) -> Callable[[Ledger, Sequence[int]], None]:
    """Delete what nothing hangs on; of the others only the words go."""

    def take(ledger: Ledger, ids: Sequence[int]) -> None:
        of_these = col(table.id).in_(ids)
        for statement in (
            sa.delete(table).where(of_these, ~is_needed()),
            sa.update(table).where(of_these).values(text=GONE, **blank),
        ):
            ledger.session.execute(statement.execution_options(synchronize_session=False))

    return take


#: every sort of rows that the job looks at, in the order in which they may go
SORTS: dict[str, _Sort] = {
    "case_reports": _Sort(Retention.CASE, Report, _words_of(Retention.CASE), _forget_reports),
    "routine_reports": _Sort(Retention.ROUTINE, Report, _words_of(Retention.ROUTINE), _forget_reports),
    "comments": _Sort(Retention.CASE, Comment, _old_comments, _delete(Comment)),
    "loose_files": _Sort(Retention.TRANSIT, Evidence, _files_of_no_report, _forget_files),
    "questions": _Sort(Retention.TRANSIT, Question, lambda cut: col(Question.ended_at) < cut, _delete(Question)),
    "received": _Sort(
        Retention.TRANSIT,
        IntakeItem,
        _handled_messages,
        _delete_or_blank(IntakeItem, _has_files, text_bytes=None),
    ),
    "sent": _Sort(
        Retention.TRANSIT, OutboxMessage, _sent_messages, _delete_or_blank(OutboxMessage, _is_answered, buttons=[])
    ),
    "login_attempts": _Sort(
        Retention.TRANSIT, LoginAttempt, lambda cut: col(LoginAttempt.at) < cut, _delete(LoginAttempt)
    ),
    "imports": _Sort(
        Retention.TRANSIT,
        Import,
        lambda cut: sa.and_(col(Import.received_at) < cut, col(Import.state) != ImportState.READING),
        _delete(Import),
    ),
    "bookings": _Sort(Retention.ROUTINE, RoomBooking, lambda cut: col(RoomBooking.ends_at) < cut, _delete(RoomBooking)),
    "duty_slots": _Sort(Retention.ROUTINE, DutySlot, lambda cut: col(DutySlot.ends_at) < cut, _delete(DutySlot)),
    "residents": _Sort(Retention.STANDING, Resident, _residents_gone, _delete(Resident)),
    "accounts": _Sort(Retention.STANDING, Account, _accounts_of_who_left, _forget_accounts),
    "logins": _Sort(Retention.STANDING, Login, lambda cut: col(Login.worker_id).in_(_left(cut)), _delete(Login)),
    "views": _Sort(
        Retention.STANDING, SavedView, lambda cut: col(SavedView.worker_id).in_(_left(cut)), _delete(SavedView)
    ),
    "invitations": _Sort(
        Retention.STANDING, Invitation, lambda cut: col(Invitation.worker_id).in_(_left(cut)), _delete(Invitation)
    ),
}
