"""Word to others than the writer: coordinators and responders of what is urgent, proposed for closing, or withdrawn.

A P0 is an alarm, on every account of those who answer for the area and of the responders who are called in; a P1 is a
notice to the coordinator. The rest waits for the list.
"""

from collections.abc import Sequence

from sqlmodel import col, select

from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, Severity
from assistant.outbox.queue import tell
from assistant.storage import episodes, reach
from assistant.storage.tables import Flag, Household, Matter, Purpose, Report
from assistant.telling import say_alarm, say_proposal, say_withdrawn
from assistant.turn.course import Reported

_NEWEST_FIRST = col(Flag.id).desc()


def tell_of_flags(
    reported: Reported, case: CaseReading, decision: Decision, flags: Sequence[Flag], place: Household
) -> None:
    """Tell of the flags that were just raised at ``place``, if the most urgent of them asks for it."""
    severity = decision.severity
    urgent = [flag for flag in flags if flag.severity is severity]
    if severity not in (Severity.P0, Severity.P1) or not urgent:
        return
    course, session = reported.course, reported.session
    is_alarm = severity is Severity.P0
    people = reach.coordinators_of(session, place.area_id)
    if is_alarm:
        owners = {follow_up.owner for follow_up in decision.follow_ups}
        people += reach.responders_of(session, place.area_id, owners)
    for person in people:
        tell(
            session,
            person,
            key=f"{'alarm' if is_alarm else 'notice'}:{reported.report.id}:{place.id}:{person.id}",
            purpose=Purpose.ALARM if is_alarm else Purpose.NOTICE,
            text=say_alarm(case, decision, reported.worker.name, severity, course.replies),
            now=course.now,
            everywhere=is_alarm,
            buttons=(course.replies.buttons.acknowledge,) if is_alarm else (),
            report_id=reported.report.id,
            flag_ids=[flag.id for flag in urgent if flag.id is not None],
        )
    if is_alarm:
        for flag in urgent:
            reported.ledger.changes(flag, "called", called_at=course.now)


def tell_of_clusters(reported: Reported, decision: Decision) -> None:
    """Tell the estate's workers, once, of a scam that goes round there; no household is named."""
    course = reported.course
    for kind, span in {(each.kind, each.tells_estate_once_in) for each in decision.follow_ups}:
        if kind is None or span is None:
            continue
        cluster, is_new = episodes.note_cluster(reported.ledger, reported.estate, kind, span)
        if not is_new:
            continue
        text = course.replies.sayings.told_of_cluster.format(
            estate=reported.estate.name, count=cluster.households, what=course.replies.called(kind)
        )
        for person in reach.workers_around(reported.session, reported.estate):
            tell(
                reported.session,
                person,
                key=f"cluster:{cluster.id}:{person.id}",
                purpose=Purpose.NOTICE,
                text=text,
                now=course.now,
            )
        reported.ledger.changes(cluster, "told", told_at=course.now)


def tell_of_proposals(reported: Reported, place: Household, matters: Sequence[Matter]) -> None:
    """Ask the coordinators for their word on matters that the worker says are over."""
    course = reported.course
    for matter in matters:
        flags = reported.session.exec(select(Flag.id).where(Flag.matter_id == matter.id).order_by(_NEWEST_FIRST)).all()
        for person in reach.coordinators_of(reported.session, place.area_id):
            tell(
                reported.session,
                person,
                key=f"proposal:{reported.report.id}:{matter.id}:{person.id}",
                purpose=Purpose.NOTICE,
                text=say_proposal(place.key, matter.kind, reported.worker.name, course.replies),
                now=course.now,
                buttons=(course.replies.buttons.agree_to_close, course.replies.buttons.send_back),
                report_id=reported.report.id,
                flag_ids=[each for each in flags[:1] if each is not None],
            )


def tell_of_retraction(reported: Reported, withdrawn: Report, flags: Sequence[Flag]) -> None:
    """Tell those who were called about a report that it was withdrawn."""
    for place_id in sorted({flag.household_id for flag in flags}):
        place = reported.session.get_one(Household, place_id)
        kinds = [flag.kind for flag in flags if flag.household_id == place_id and flag.kind is not None]
        for person in reach.coordinators_of(reported.session, place.area_id):
            tell(
                reported.session,
                person,
                key=f"withdrawn:{withdrawn.id}:{place.id}:{person.id}",
                purpose=Purpose.NOTICE,
                text=say_withdrawn(place.key, kinds, reported.worker.name, reported.course.replies),
                now=reported.course.now,
                everywhere=any(flag.severity is Severity.P0 for flag in flags),
                report_id=reported.report.id,
            )
