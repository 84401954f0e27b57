"""Which earlier message a reply takes the place of: the receipt of words that their writer has changed since.

Only where that receipt is the last thing that was said in the chat: further up nobody would see it change. A call is
always told anew, because a message that changes makes no sound.
"""

from sqlmodel import Session, col, select

from assistant.domain.reports import Severity
from assistant.storage.tables import Flag, IntakeItem, OutboxMessage, Purpose, Report


def overtaken_by(session: Session, reply: OutboxMessage) -> str | None:
    """The channel's id of the message whose place ``reply`` may take; None where it stands by itself."""
    edit = _edit_behind(session, reply)
    if edit is None:
        return None
    written, report = edit
    earlier = session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.channel == reply.channel, OutboxMessage.address == reply.address)
        .where(OutboxMessage.purpose == Purpose.REPLY, OutboxMessage.report_id == report.amends_id)
        .order_by(col(OutboxMessage.id).desc())
    ).first()
    if earlier is None or _is_urgent(session, report) or _is_further_up(session, earlier, reply, written):
        return None
    return earlier.sent_as


def _edit_behind(session: Session, reply: OutboxMessage) -> tuple[IntakeItem, Report] | None:
    report = session.get(Report, reply.report_id) if reply.report_id is not None else None
    if reply.purpose is not Purpose.REPLY or report is None or report.amends_id is None:
        return None
    written = session.exec(
        select(IntakeItem)
        .where(IntakeItem.channel == report.channel, IntakeItem.message_id == report.message_id)
        .where(col(IntakeItem.edits).is_not(None))
    ).first()
    return None if written is None else (written, report)


def _is_urgent(session: Session, report: Report) -> bool:
    of_report = select(Flag.id).where(Flag.report_id == report.id, Flag.severity == Severity.P0)
    return session.exec(of_report.limit(1)).first() is not None


def _is_further_up(session: Session, earlier: OutboxMessage, reply: OutboxMessage, edit: IntakeItem) -> bool:
    """Has either side said anything else in the chat since ``earlier``?"""
    told = (
        select(OutboxMessage.id)
        .where(OutboxMessage.channel == reply.channel, OutboxMessage.address == reply.address)
        .where(col(OutboxMessage.id) > earlier.id, OutboxMessage.id != reply.id)
        .where(col(OutboxMessage.cancelled_at).is_(None))
    )
    first = (
        select(IntakeItem.id)
        .join(Report, (col(Report.channel) == IntakeItem.channel) & (col(Report.message_id) == IntakeItem.message_id))
        .where(Report.id == earlier.report_id)
    )
    written = (
        select(IntakeItem.id)
        .where(IntakeItem.channel == edit.channel, IntakeItem.chat == edit.chat, IntakeItem.id != edit.id)
        .where(col(IntakeItem.id) > first.scalar_subquery())
    )
    return any(session.exec(each.limit(1)).first() is not None for each in (told, written))
