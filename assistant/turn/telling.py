"""Word to others than the writer: coordinators and responders of what is urgent, proposed for closing, or withdrawn.

A P0 is an alarm, on every account of those who answer for the area and of the responders who are called in; a P1 is a
notice to the coordinator and to whoever is called in. The rest waits for the lists.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.domain.casework import Decision, Responder
from assistant.domain.reports import CaseReading, Quote, Severity
from assistant.outbox.queue import tell
from assistant.storage import episodes, reach
from assistant.storage.tables import Flag, FollowUp, Household, OutboxMessage, Purpose, Report, Worker
from assistant.telling import say_alarm, say_to_police, say_what_to_do, say_withdrawn, scams_of
from assistant.turn.course import Reported
from assistant.understand.normalise import fold
from assistant.understand.numbers import find_money

#: a sum belongs to the scam that is spoken of within so many characters
_NEAR = 30


def tell_of_flags(
    reported: Reported, case: CaseReading, decision: Decision, flags: Sequence[Flag], place: Household
) -> None:
    """Tell of the flags that were just raised at ``place``, if the most urgent of them asks for it."""
    severity = decision.severity
    urgent = [flag for flag in flags if flag.severity is severity]
    if not urgent:
        return
    if severity is Severity.P0:
        _alarm(reported, case, decision, urgent, place)
    elif severity is Severity.P1:
        _notify(reported, case, decision, urgent, place)


def _alarm(reported: Reported, case: CaseReading, decision: Decision, urgent: Sequence[Flag], place: Household) -> None:
    """Call everybody who answers for it, on every account; the schedule calls again until somebody acknowledges."""
    course, session = reported.course, reported.session
    owners = _owners(decision)
    people = reach.coordinators_of(session, place.area_id) + reach.responders_of(session, place.area_id, owners)
    if reported.worker.area_id != place.area_id or reported.worker.role is not Role.WORKER:
        # somebody else found it: the worker who is nearest may get there first
        people += reach.workers_of(session, place.area_id)
    people = [each for each in reach.with_deputies(session, people, course.now) if each.id != reported.worker.id]
    for person in people:
        tell(
            session,
            person,
            key=f"alarm:{reported.report.id}:{place.id}:{person.id}",
            purpose=Purpose.ALARM,
            text=_text_for(person, reported, case, decision, urgent[0]),
            now=course.now,
            everywhere=True,
            buttons=(course.replies.buttons.acknowledge,),
            report_id=reported.report.id,
            flag_ids=[flag.id for flag in urgent if flag.id is not None],
        )
    for flag in urgent:
        call_at = course.now + course.minds.acknowledge_within
        older = session.exec(select(Flag).where(Flag.superseded_by_id == flag.id)).first()
        # who reports it once more before anybody has heard the first alarm does not set the climb back
        unheard = older is not None and older.acknowledged_at is None and older.call_at is not None
        reported.ledger.changes(
            flag,
            "called",
            called_at=course.now,
            call_at=min(call_at, older.call_at) if unheard and older and older.call_at else call_at,
            climbed_to=older.climbed_to if unheard and older else None,
        )
    _note_that_owners_know(reported, place, people, decision, course.now)


def _notify(
    reported: Reported, case: CaseReading, decision: Decision, urgent: Sequence[Flag], place: Household
) -> None:
    """A P1: the coordinator may know at once; whoever is called in hears of it when it is no longer night."""
    course, session = reported.course, reported.session
    coordinators = reach.coordinators_of(session, place.area_id)
    called_in = reach.responders_of(session, place.area_id, _owners(decision))
    for person in (*coordinators, *called_in):
        tell(
            session,
            person,
            key=f"notice:{reported.report.id}:{place.id}:{person.id}",
            purpose=Purpose.NOTICE,
            text=_text_for(person, reported, case, decision, urgent[0]),
            now=course.now,
            not_before=None if person in coordinators else course.minds.not_at_night(course.now),
            report_id=reported.report.id,
            flag_ids=[flag.id for flag in urgent if flag.id is not None],
        )
    _note_that_owners_know(reported, place, called_in, decision, course.minds.not_at_night(course.now))


def _text_for(person: Worker, reported: Reported, case: CaseReading, decision: Decision, flag: Flag) -> str:
    course, by = reported.course, reported.worker.name
    if person.acts_as is Responder.POLICE:
        words = reported.session.get_one(Report, flag.report_id).text
        amount = _amount_near(words, [finding.quote for finding in scams_of(decision)])
        line = say_to_police(reported.estate.name, case, decision, amount, by, course.replies)
        if line is not None:
            return line
    alarm = say_alarm(case, decision, by, decision.severity, course.replies)
    if person.role is Role.WORKER:
        advice = say_what_to_do(case, decision, course.replies)
        return f"{alarm}\n{advice}" if advice else alarm
    return alarm


def _amount_near(words: str, quotes: Sequence[Quote]) -> float | None:
    """The largest sum of money that was said near one of these quotes, in yuan; None where there is none."""
    folded = fold(words)
    said = [(folded.quote(one.start, one.end), one.low) for one in find_money(folded.text)]
    near = [
        low
        for money, low in said
        if any(max(money.start - quote.end, quote.start - money.end) <= _NEAR for quote in quotes)
    ]
    return max(near, default=None)


def _owners(decision: Decision) -> set[Responder]:
    return {each.owner for each in decision.follow_ups if each.severity is decision.severity}


def _note_that_owners_know(
    reported: Reported, place: Household, people: Sequence[Worker], decision: Decision, at: datetime
) -> None:
    """The promises whose owners were told now: they need not stand on the owner's next list as new."""
    told = {person.acts_as for person in people if person.acts_as is not None}
    rows = reported.session.exec(
        select(FollowUp).where(
            FollowUp.household_id == place.id,
            col(FollowUp.owner).in_(told),
            FollowUp.severity == decision.severity,
            col(FollowUp.owner_told_at).is_(None),
            col(FollowUp.look_at).is_not(None),
        )
    )
    for row in rows.all():
        reported.ledger.changes(row, "owner_told", owner_told_at=at)


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


def tell_of_retraction(reported: Reported, withdrawn: Report, flags: Sequence[Flag]) -> None:
    """Tell those who were called about a report that it was withdrawn."""
    for place_id in sorted({flag.household_id for flag in flags}):
        place = reported.session.get_one(Household, place_id)
        kinds = [flag.kind for flag in flags if flag.household_id == place_id and flag.kind is not None]
        for person in _who_was_told(reported, withdrawn, place):
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


def _who_was_told(reported: Reported, withdrawn: Report, place: Household) -> list[Worker]:
    """The coordinators, and everybody else who was sent an alarm or notice of the report: nobody drives out in vain."""
    session = reported.session
    ids = set(
        session.exec(
            select(OutboxMessage.worker_id)
            .where(OutboxMessage.report_id == withdrawn.id, col(OutboxMessage.cancelled_at).is_(None))
            .where(col(OutboxMessage.purpose).in_((Purpose.ALARM, Purpose.NOTICE)))
        ).all()
    )
    told = session.exec(select(Worker).where(col(Worker.id).in_(ids)).order_by(col(Worker.id))).all()
    people = {each.id: each for each in (*reach.coordinators_of(session, place.area_id), *told)}
    return [each for each in people.values() if each.id != reported.worker.id]
