"""Answer 为什么 and 为什么没有: from what stands flagged, and from the record as it was when the report came.

Workers hear of the doors of their own area, coordinators of all below theirs. Asking changes nothing.
"""

from collections.abc import Sequence

from sqlmodel import col, select

from assistant.dialogue.compose import Reply
from assistant.dialogue.why import WhyAsked, say_why, say_why_not, why_asked
from assistant.domain.access import Role
from assistant.domain.followups import MatterState
from assistant.storage import codec
from assistant.storage.past import Past
from assistant.storage.tables import (
    Account,
    Estate,
    FindingRow,
    Flag,
    Household,
    ReadingMade,
    Report,
    Visit,
    Worker,
)
from assistant.turn.course import Course
from assistant.turn.doors import may_see, named_places

_STANDING = (MatterState.OPEN, MatterState.PROPOSED)


def answer_why(course: Course, account: Account, worker: Worker, estate: Estate) -> Reply | None:
    """One sentence; None when the message is no such question."""
    if worker.role not in (Role.WORKER, Role.COORDINATOR):
        return None
    asked = why_asked(course.item.text, course.replies)
    if asked is None:
        return None
    sayings = course.replies.sayings
    if course.item.is_group:
        return Reply(sayings.why_in_group)
    told = _told_of(course, account, worker, estate, asked)
    if told is None:
        return Reply(sayings.why_unknown)
    report, place = told
    flag = course.session.exec(
        select(Flag)
        .where(Flag.household_id == place.id, col(Flag.state).in_(_STANDING))
        .order_by(col(Flag.urgency), col(Flag.id).desc())
    ).first()
    if flag is not None and not asked.is_not:
        return Reply(say_why(place.key, flag.severity, flag.why, course.replies))
    return Reply(say_why_not(place.key, _nearest(course, report, place, estate), course.replies))


def _told_of(
    course: Course, account: Account, worker: Worker, estate: Estate, asked: WhyAsked
) -> tuple[Report, Household] | None:
    """The report and door that are asked about: the newest on the door that is named, else the writer's last one."""
    query = select(Report).where(col(Report.retracted_at).is_(None)).order_by(col(Report.id).desc()).limit(20)
    if not asked.about:
        for report in course.session.exec(query.where(Report.account_id == account.id)).all():
            for place in _places(course, report):
                return report, place
        return None
    named = named_places(course, worker, estate, asked.about)
    for place in named:
        if not may_see(course, worker, place):
            continue
        told = _reports_on(course, place)
        if told is not None:
            return told, place
    return None


def _places(course: Course, report: Report) -> Sequence[Household]:
    found = select(FindingRow.household_id).where(FindingRow.report_id == report.id)
    visited = select(Visit.household_id).where(Visit.report_id == report.id)
    query = select(Household).where(col(Household.id).in_(found) | col(Household.id).in_(visited))
    return course.session.exec(query.order_by(col(Household.id))).all()


def _reports_on(course: Course, place: Household) -> Report | None:
    found = select(FindingRow.report_id).where(FindingRow.household_id == place.id)
    visited = select(Visit.report_id).where(Visit.household_id == place.id)
    query = select(Report).where(col(Report.id).in_(found) | col(Report.id).in_(visited))
    return course.session.exec(query.where(col(Report.retracted_at).is_(None)).order_by(col(Report.id).desc())).first()


def _nearest(course: Course, report: Report, place: Household, estate: Estate) -> str | None:
    """What the nearest rule that would have said more lacked."""
    made = course.session.exec(
        select(ReadingMade).where(ReadingMade.report_id == report.id).order_by(col(ReadingMade.id).desc())
    ).first()
    if made is None or course.minds.explain_silence is None:
        return None
    case = next((each for each in codec.from_json(made.content).cases if each.key == place.key), None)
    if case is None:
        return None
    at = report.sent_at.astimezone(course.at.tzinfo)
    zone = course.at.tzinfo
    assert zone is not None, "a course's moments are aware"
    past = Past(course.session, estate, [place], zone)
    known = past.known(place, {finding.kind for finding in case.findings}, at)
    return course.minds.explain_silence(case, known, at)
