"""Files that came with messages: noted with the message, fetched after, and hung under its report.

    waiting ──▶ kept         in our folder
       └──────▶ refused      too big, of no kind that we take, or gone from the channel

A file is noted in the transaction that keeps its message, so that none is forgotten when the program ends in between.
What a channel brings along is in the folder before that, and is noted as kept.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlmodel import Session, col, select

from assistant.domain.access import Retention
from assistant.storage.columns import new
from assistant.storage.evidence_folder import KeptFile
from assistant.storage.tables import Evidence, EvidenceState, IntakeItem, Report

#: what comes with a message and is a file
FILES = ("photo", "voice", "document")
_WAITS = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 3600))
#: a photo sent without words belongs to what is reported within so long
_TOGETHER = timedelta(minutes=10)
_AT_ONCE = 20


def note_files(session: Session, item: IntakeItem, attachments: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Note each file of a message that has just been put there."""
    for each in attachments:
        if each.get("kind") not in FILES:
            continue
        is_here = each.get("digest") is not None
        row = new(
            Evidence,
            area_id=item.area_id,
            retention=Retention.CASE,
            intake_id=item.id,
            channel=item.channel,
            kind=each["kind"],
            reference=each.get("file_id"),
            state=EvidenceState.KEPT if is_here else EvidenceState.WAITING,
            received_at=now,
            next_attempt_at=now,
            digest=each.get("digest"),
            media_type=each.get("media_type"),
            size=each.get("size"),
        )
        session.add(row)


def next_waiting(session: Session, channel: str, now: datetime) -> Evidence | None:
    """The file that has waited longest of those that may be fetched now."""
    return session.exec(
        select(Evidence)
        .where(Evidence.channel == channel, Evidence.state == EvidenceState.WAITING, Evidence.next_attempt_at <= now)
        .order_by(col(Evidence.next_attempt_at), col(Evidence.id))
        .limit(1)
    ).first()


def keep(row: Evidence, kept: KeptFile) -> None:
    """It is in the folder."""
    row.state, row.digest, row.media_type, row.size = EvidenceState.KEPT, kept.digest, kept.media_type, kept.size
    row.why_not = None


def refuse(row: Evidence, why: str) -> None:
    """It will never be there."""
    row.state, row.why_not = EvidenceState.REFUSED, why


def try_again(row: Evidence, why: str, now: datetime, after: float | None = None) -> None:
    """It could not be fetched; ``after`` so many seconds if the channel says so. After too many tries it is refused."""
    if after is not None:
        row.next_attempt_at = now + timedelta(seconds=after)
        return
    if row.attempts >= len(_WAITS):
        refuse(row, why)
        return
    row.next_attempt_at, row.why_not = now + _WAITS[row.attempts], why
    row.attempts += 1


def hang_under(session: Session, report: Report, item: IntakeItem) -> None:
    """The message's files, and those that its writer sent a moment ago without words, belong to its report.

    What hangs under words already stays there.
    """
    of_messages = [item.id] if item.attachments else []
    if item.text.strip():
        of_messages += _sent_alone_before(session, item)
    if not of_messages:
        return
    for row in session.exec(select(Evidence).where(col(Evidence.intake_id).in_(of_messages))):
        under = session.get(Report, row.report_id) if row.report_id is not None else None
        if under is None or not under.text.strip():
            row.report_id, row.area_id = report.id, report.area_id


def album_before(session: Session, item: IntakeItem) -> list[int | None]:
    """The earlier messages of the album that this one is part of, by the same person."""
    groups = _groups(item)
    if not groups:
        return []
    return [each.id for each in _before(session, item) if each.author == item.author and groups & _groups(each)]


def report_of_words(session: Session, messages: Sequence[int | None]) -> Report | None:
    """The report with words under which files of these messages hang."""
    hung = select(Report).join(Evidence, col(Evidence.report_id) == Report.id)
    found = session.exec(hung.where(col(Evidence.intake_id).in_(messages)).order_by(col(Evidence.id).desc()))
    return next((each for each in found if each.text.strip()), None)


def _groups(item: IntakeItem) -> set[str]:
    return {each["group"] for each in item.attachments if each.get("group") is not None}


def _before(session: Session, item: IntakeItem) -> Sequence[IntakeItem]:
    """The last messages of the same chat, newest first."""
    return session.exec(
        select(IntakeItem)
        .where(IntakeItem.channel == item.channel, IntakeItem.chat == item.chat, col(IntakeItem.id) < item.id)
        .order_by(col(IntakeItem.id).desc())
        .limit(_AT_ONCE)
    ).all()


def _sent_alone_before(session: Session, item: IntakeItem) -> list[int | None]:
    """The messages without words right before this one, by the same person in the same chat."""
    before = _before(session, item)
    since = item.received_at - _TOGETHER
    alone = takewhile(lambda each: not each.text.strip() and each.received_at > since, before)
    return [each.id for each in alone if each.author == item.author and each.attachments]


def of_reports(session: Session, report_ids: Sequence[int]) -> list[Evidence]:
    """The kept files of these reports, oldest first. Whether somebody may see a report is asked elsewhere."""
    return list(
        session.exec(
            select(Evidence)
            .where(col(Evidence.report_id).in_(report_ids), Evidence.state == EvidenceState.KEPT)
            .order_by(col(Evidence.id))
        )
    )
