"""Taking words away for good: of whole reports, or of what one report says of one household's people.

Rows stay, with their codes and moments: lists, numbers and the ledger hold together. What was copied from a report (its
reading, the words of its findings, reasons, the message as it came in, the answers that quoted it, its photos) goes
with it. Files leave the folder after the transaction (``let_go_of_files``).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, SQLModel, col, select

from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Intent, Reading
from assistant.domain.retention import GONE, blanked, without_words
from assistant.storage import codec
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    Evidence,
    EvidenceState,
    FindingRow,
    Flag,
    FollowUp,
    IntakeItem,
    IntakeState,
    Matter,
    OutboxMessage,
    Question,
    ReadingMade,
    Report,
    RequestVoice,
    ResidentRequest,
    Verdict,
)

STANDING = (MatterState.OPEN, MatterState.PROPOSED)
RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)
_FILES_AT_ONCE = 200


def is_over(before: datetime | None = None) -> ColumnElement[bool]:
    """Has all that hangs on a report, or on the one that it puts right, ended: before that moment, if one is given?"""

    def hangs(column: int | None) -> ColumnElement[bool]:
        return or_(col(column) == Report.id, col(column) == Report.amends_id)

    def lately(column: datetime | None) -> ColumnElement[bool]:
        return sa.false() if before is None else col(column) >= before

    flags = select(Flag.id).where(hangs(Flag.report_id), or_(col(Flag.state).in_(STANDING), lately(Flag.ended_at)))
    promises = select(FollowUp.id).where(
        hangs(FollowUp.report_id), or_(col(FollowUp.state).in_(RUNNING), lately(FollowUp.ended_at))
    )
    matters = (
        select(FindingRow.id)
        .join(Matter, col(Matter.id) == FindingRow.matter_id)
        .where(hangs(FindingRow.report_id), or_(col(Matter.state).in_(STANDING), lately(Matter.settled_at)))
    )
    requests = (
        select(RequestVoice.id)
        .join(ResidentRequest, col(ResidentRequest.id) == RequestVoice.request_id)
        .where(hangs(RequestVoice.report_id))
        .where(or_(col(ResidentRequest.ended_at).is_(None), lately(ResidentRequest.ended_at)))
    )
    # one that nobody ever answered holds nothing up for good
    waits = sa.true() if before is None else col(Question.asked_at) >= before
    questions = select(Question.id).where(
        Question.words_report_id == Report.id, col(Question.ended_at).is_(None), waits
    )
    return sa.and_(*(~each.exists() for each in (flags, promises, matters, requests, questions)))


def forget_reports(ledger: Ledger, reports: Sequence[Report], verb: str) -> None:
    """Take all words of these reports away. What has not been sent yet is left alone."""
    session = ledger.session
    ids = [report.id for report in reports]
    quotes = _quotes(session, FindingRow.report_id, ids)
    for promise in session.exec(select(FollowUp).where(col(FollowUp.report_id).in_(ids))):
        promise.what = blanked(promise.what, quotes.get(promise.report_id, ()))
    _set(session, ReadingMade, col(ReadingMade.report_id).in_(ids), content=codec.to_json(Reading(Intent.OTHER)))
    _forget_findings(session, col(FindingRow.report_id).in_(ids))
    _forget_flags(session, col(Flag.report_id).in_(ids))
    forget_files(session, col(Evidence.report_id).in_(ids))
    _set(session, OutboxMessage, sa.and_(col(OutboxMessage.report_id).in_(ids), is_sent()), text=GONE, buttons=[])
    for report in reports:
        _set(session, IntakeItem, _message_of(report), text=GONE, text_bytes=None, attachments=[])
        ledger.changes(report, verb, text=GONE, text_bytes=None, asked=None, erased_at=ledger.at)


def forget_in_report(ledger: Ledger, report: Report, household_id: int, names: Collection[str], verb: str) -> None:
    """Take away what a report says of this household, and these names wherever they stand. Other doors' words stay."""
    session = ledger.session
    findings = session.exec(select(FindingRow).where(FindingRow.report_id == report.id)).all()
    own = [each for each in findings if each.household_id == household_id]
    words = {*names, *(each.quote for each in own)}
    text = blanked(report.text, names, [(each.quote_start, each.quote_end) for each in own])
    for each in findings:
        each.quote = text[each.quote_start : each.quote_end]
    for made in session.exec(select(ReadingMade).where(ReadingMade.report_id == report.id)):
        made.content = without_words(made.content, words)  # type: ignore[assignment]
    for flag in session.exec(select(Flag).where(Flag.report_id == report.id, Flag.household_id != household_id)):
        flag.why = blanked(flag.why, names)
    judged = select(Verdict).join(Flag, col(Flag.id) == Verdict.flag_id).where(Flag.report_id == report.id)
    for verdict in session.exec(judged):
        verdict.reason = blanked(verdict.reason or "", words) or None
    for promise in session.exec(select(FollowUp).where(FollowUp.report_id == report.id)):
        promise.what = blanked(promise.what, words)
    for sent in session.exec(select(OutboxMessage).where(OutboxMessage.report_id == report.id, is_sent())):
        sent.text = blanked(sent.text, words)
    session.flush()
    found_here = sa.and_(col(FindingRow.report_id) == report.id, col(FindingRow.household_id) == household_id)
    _set(session, FindingRow, found_here, circumstances=[], figures={})
    _forget_flags(session, sa.and_(col(Flag.report_id) == report.id, col(Flag.household_id) == household_id))
    _set(session, IntakeItem, _message_of(report), text=text, text_bytes=None)
    ledger.changes(report, verb, text=text, text_bytes=None, asked=None)


def forget_files(session: Session, which: ColumnElement[bool]) -> None:
    """Mark evidence as gone, and the messages that it came with no longer name it."""
    messages = sa.select(col(Evidence.intake_id)).where(which)
    _set(session, IntakeItem, col(IntakeItem.id).in_(messages), attachments=[])
    _set(session, Evidence, which, state=EvidenceState.ERASED, reference=None)


def is_sent() -> ColumnElement[bool]:
    """Is an outbox message done with: sent, called off, or set aside?"""
    return or_(
        col(OutboxMessage.sent_at).is_not(None),
        col(OutboxMessage.cancelled_at).is_not(None),
        col(OutboxMessage.set_aside_at).is_not(None),
    )


def let_go_of_files(database: Database, folder: EvidenceFolder) -> int:
    """Take the files of erased evidence out of the folder, also those that an earlier run did not get to. How many.

    A file that another report holds too stays until that one goes.
    """
    with database.reading() as session:
        rows = session.exec(
            select(Evidence)
            .where(Evidence.state == EvidenceState.ERASED, col(Evidence.digest).is_not(None))
            .order_by(col(Evidence.id))
            .limit(_FILES_AT_ONCE)
        ).all()
    if not rows:
        return 0
    with database.writing() as session:
        still_held = set(
            session.exec(
                select(Evidence.digest).where(
                    col(Evidence.digest).in_({row.digest for row in rows}), Evidence.state != EvidenceState.ERASED
                )
            )
        )
        # inside the transaction: nobody can note the same file as kept meanwhile
        for row in rows:
            if row.digest not in still_held and row.media_type is not None:
                folder.erase(row.digest or "", row.media_type)
        _set(session, Evidence, col(Evidence.id).in_([row.id for row in rows]), digest=None, media_type=None, size=None)
    return len(rows)


def _quotes(session: Session, column: int, ids: Sequence[int | None]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = session.exec(select(FindingRow.report_id, FindingRow.quote).where(col(column).in_(ids)))
    for report_id, quote in rows:
        found.setdefault(report_id, []).append(quote)
    return found


def _forget_findings(session: Session, which: ColumnElement[bool]) -> None:
    _set(session, FindingRow, which, quote="", quote_start=0, quote_end=0, circumstances=[], figures={})


def _forget_flags(session: Session, which: ColumnElement[bool]) -> None:
    _set(session, Verdict, col(Verdict.flag_id).in_(sa.select(col(Flag.id)).where(which)), reason=None)
    _set(session, Flag, which, why=GONE, quote_start=None, quote_end=None)


def _message_of(report: Report) -> ColumnElement[bool]:
    return sa.and_(
        col(IntakeItem.channel) == report.channel,
        col(IntakeItem.message_id) == report.message_id,
        col(IntakeItem.state) != IntakeState.WAITING,
    )


def _set(session: Session, table: type[SQLModel], which: ColumnElement[bool], **values: Any) -> None:
    session.flush()
    session.execute(sa.update(table).where(which).values(**values).execution_options(synchronize_session=False))
