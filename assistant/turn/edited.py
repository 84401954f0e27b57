"""A message whose words were changed after it was sent: what the earlier words did is taken back, these stand instead.

    the same is understood as before     nothing moves, both versions stay
    something else is understood         the earlier version is taken back, this one is followed as a report
    no report is left in it              nothing is taken back: that takes a word of its own (撤回)

Deadlines count from when the message was first sent. Who was called for something that is no longer said hears so.
"""

from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from assistant.domain.reports import Intent, Reading, Severity
from assistant.storage import amend, codec
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Flag, Household, IntakeItem, Report
from assistant.turn.course import Course, Reported
from assistant.turn.telling import tell_of_retraction


def version_before(course: Course, account: Account) -> Report | None:
    """The report whose words this message replaces: the newest version that stands; None where it edits none."""
    item = course.item
    if item.edits is None:
        return None
    edits = select(IntakeItem.message_id).where(
        IntakeItem.channel == item.channel, IntakeItem.chat == item.chat, IntakeItem.edits == item.edits
    )
    versions = select(Report).where(
        Report.channel == item.channel,
        Report.account_id == account.id,
        or_(col(Report.message_id) == item.edits, col(Report.message_id).in_(edits)),
        Report.message_id != item.message_id,
        col(Report.retracted_at).is_(None),
        Report.intent == Intent.REPORT,
    )
    return course.session.exec(versions.order_by(col(Report.id).desc())).first()


def says_the_same(course: Course, before: Report, reading: Reading) -> bool:
    """Is nothing else understood than before (a slip of the pen, a comma)?"""
    then, now = (_gist(codec.to_json(each)) for each in (course.reading_of(before), reading))
    return bool(then == now)


def replace_version(reported: Reported, before: Report, reading: Reading) -> bool:
    """Take the earlier version back. Was it? Not where the new words report nothing."""
    if reading.intent is not Intent.REPORT or not reading.cases:
        return False
    session = reported.session
    still = {(case.key, each.kind) for case in reading.cases for each in case.findings if each.state.is_active}
    flags = session.exec(select(Flag).where(Flag.report_id == before.id).order_by(col(Flag.id))).all()
    gone = [
        flag
        for flag in flags
        if flag.state.stands and flag.severity in (Severity.P0, Severity.P1)
        if (session.get_one(Household, flag.household_id).key, flag.kind) not in still
    ]
    # under the earlier report: whoever takes back the later one does not bring this back
    amend.take_back(Ledger(session, reported.course.now, reported.worker.id, before.id), before, "edited")
    reported.report.amends_id = before.id
    if gone:
        tell_of_retraction(reported, before, gone)
    return True


def _gist(told: Any) -> Any:
    """What is understood, without the words that it was read from."""
    if isinstance(told, dict):
        return {name: _gist(value) for name, value in told.items() if "quote" not in name}
    return [_gist(each) for each in told] if isinstance(told, list) else told
