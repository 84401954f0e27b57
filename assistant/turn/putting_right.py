"""A correction of kind, person, value, outcome or time: what the earlier report did is taken back and decided again.

    不是漏气,是软管老化        the kind, at the door of the report that said so
    不是张大爷,是李婆婆        the person          是昨天下午的事      when it was
    改一下 ──▶ 哪里要改? ──▶ the next message is read as a correction of that report

Both versions stay, with their lines in the ledger. What is not touched is filed again in the first report's words and
from its moment, so that deadlines count from there. Where several reports fit, it is asked which one is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from sqlmodel import Session, col, select

from assistant.dialogue.answers import about_which, says_any
from assistant.dialogue.compose import Reply
from assistant.dialogue.correcting import Contrast, Revision, contrast, revised
from assistant.dialogue.wording import say_door
from assistant.domain.casework import Decision
from assistant.domain.followups import MatterState
from assistant.domain.questions import Asks
from assistant.domain.reports import CaseReading, EarlierMessage, Intent, Message, Reading, Severity
from assistant.storage import amend, questions, records
from assistant.storage.tables import Estate, FindingRow, Flag, Household, Matter, ReadingMade, Report, Visit, Worker
from assistant.turn.course import Course, Reported
from assistant.turn.doors import anchored, names_its_door, read_about, read_alone
from assistant.turn.endings import tell_of_correction
from assistant.turn.recording import record
from assistant.turn.which_door import named_among

_URGENT = (Severity.P0, Severity.P1)
_DOORS_ASKED = 6
_SHORTEST_WORD = 2
#: 那条 means the last one for so long; later it is asked
_FRESH = timedelta(hours=12)


@dataclass(frozen=True)
class PutRight:
    """What a correction came to: a case filed anew, or (None) a question instead."""

    case: CaseReading | None = None
    decision: Decision | None = None
    asked: str | None = None
    buttons: tuple[str, ...] = ()


def ask_what_changed(reported: Reported, report: Report | None) -> Reply:
    """改一下 was tapped: the next message of this account is the correction."""
    sayings = reported.course.replies.sayings
    report = report or amend.last_report(reported.session, reported.account, reported.course.now)
    if report is None or report.account_id != reported.account.id or report.retracted_at is not None:
        reported.report.asked = None
        return Reply(sayings.correction_not_found)
    questions.ask(reported.ledger, reported.account, Asks.WHAT_CHANGED, report_ids=[report.id])
    reported.report.asked = sayings.ask_what_changed
    return Reply(sayings.ask_what_changed)


def read_as_correction(course: Course, worker: Worker, estate: Estate, target: Report, text: str) -> Reading | None:
    """What ``text`` corrects in ``target``; None where it rather reports something else behind another door."""
    lead = "" if contrast(text, course.replies).denied else f"{course.replies.answer_words.lead_in[0]}，"
    book = records.EstateBook(course.session, estate, worker.area_id)
    places = places_of(course.session, target)
    known = records.known(course.session, places, course.at)
    before = (EarlierMessage(target.text, target.sent_at.astimezone(course.at.tzinfo)),)
    message = Message(f"right:{course.item.id}", lead + text, course.at, estate.name, known, before)
    reading = course.minds.read(message, book)
    reading = replace(reading, intent=Intent.CORRECTION, cases=tuple(_reanchored(case, text) for case in reading.cases))
    alone = read_alone(course, worker, estate, text)
    kinds = {each.kind for case in alone.cases for each in case.findings if each.state.is_active}
    told = {each.kind for case in course.reading_of(target).cases for each in case.findings}
    elsewhere = names_its_door(alone) and not {case.key for case in alone.cases} & {place.key for place in places}
    return None if elsewhere and kinds and not kinds & told else reading


def put_right(reported: Reported, reading: Reading, text: str, target: Report | None = None) -> PutRight | None:
    """Carry out a correction that names no other door. None where there is no report that it could mean."""
    words = contrast(text, reported.course.replies)
    targets = [target] if target is not None else _meant(reported, reading, words, text)
    if not targets:
        return None
    if len(targets) > 1 and not is_urgent(reported, reading):
        return ask_which(reported, targets, Asks.WHICH_REPORT_IS_WRONG)
    found = _old_case(reported, targets[0], reading, text)
    if found is None:
        return None
    place, old = found
    revision = revised(old, *_said(reported, reading, place, words), words)
    if revision is None:
        questions.ask(reported.ledger, reported.account, Asks.WHAT_CHANGED, report_ids=[targets[0].id])
        return PutRight(asked=reported.course.replies.sayings.ask_what_is_right)
    return _carry_out(reported, targets[0], place, old, revision)


def is_urgent(reported: Reported, reading: Reading) -> bool:
    """Does the correction tell of a danger to life? Then nothing waits for an answer."""
    return any(each.severity is Severity.P0 for each in reported.decide(reading, reported.course.at))


def ask_which_withdrawn(reported: Reported, targets: Sequence[Report]) -> PutRight:
    """Ask which of several reports is to be taken back."""
    return ask_which(reported, targets, Asks.WHICH_REPORT_IS_WITHDRAWN)


def which_is_withdrawn(reported: Reported, reading: Reading, text: str) -> list[Report]:
    """The reports that a retraction may mean: one, several (it is asked which), or none.

    A door that is named reaches back weeks; without one it is what was said today or yesterday.
    """
    course = reported.course
    if says_any(text, course.replies.answer_words.in_bulk):
        return []
    about = about_which(text, course.replies)
    named = read_alone(course, reported.worker, reported.estate, text).cases
    for case in (*named, *_cases_of(reported, about)):
        on_door = amend.last_report_on(reported.session, reported.account, case.key, course.now)
        if on_door is not None:
            return [on_door[0]]
    standing = with_effects(reported)
    with_word = [each for each in standing if len(about) >= _SHORTEST_WORD and about in each.text]
    if with_word:
        return with_word
    points_back = says_any(text, course.replies.answer_words.the_last_one)
    is_fresh = bool(standing) and course.now - standing[0].sent_at <= _FRESH
    return standing[:1] if points_back or (reading.missing is None and is_fresh) else standing


def report_named(session: Session, report_ids: Sequence[int], text: str, named: Sequence[Household]) -> Report | None:
    """The one of these reports that did something at a household that ``text`` names: ``named``, or by its room."""
    reports = [session.get_one(Report, report_id) for report_id in report_ids]
    places = [places_of(session, report) for report in reports]
    doors = list({place.id: place for place in chain.from_iterable(places)}.values())
    ids = {place.id for place in (*named, *named_among(text, doors))}
    return next((each for each, at in zip(reports, places, strict=True) if ids & {place.id for place in at}), None)


def places_of(session: Session, report: Report) -> list[Household]:
    """The households at which something that the report did, or filed anew for an earlier one, still stands."""
    ids = [report.id, report.amends_id] if report.intent is Intent.CORRECTION else [report.id]
    found = select(FindingRow.household_id).where(
        col(FindingRow.report_id).in_(ids), col(FindingRow.withdrawn_at).is_(None)
    )
    visited = select(Visit.household_id).where(col(Visit.report_id).in_(ids), col(Visit.withdrawn_at).is_(None))
    closed = select(Matter.household_id).where(
        Matter.settled_by_report_id == report.id, col(Matter.state).in_((MatterState.PROPOSED, MatterState.SETTLED))
    )
    here = col(Household.id)
    query = select(Household).where(here.in_(found) | here.in_(visited) | here.in_(closed))
    return list(session.exec(query.order_by(col(Household.id))).all())


def _cases_of(reported: Reported, about: str) -> tuple[CaseReading, ...]:
    return read_alone(reported.course, reported.worker, reported.estate, about).cases if about else ()


def with_effects(reported: Reported) -> list[Report]:
    """Those of the last two days, else of the last weeks."""
    session, account, now = reported.session, reported.account, reported.course.now
    standing = amend.standing_reports(session, account, now, limit=20) or amend.standing_reports(
        session, account, now, limit=20, reach=amend.REACH_BY_DOOR
    )
    return [each for each in standing if each.id != reported.report.id and places_of(session, each)]


def _meant(reported: Reported, reading: Reading, words: Contrast, text: str) -> list[Report]:
    """The reports that a correction may mean, one a door, newest first."""
    standing = with_effects(reported)
    alone = read_alone(reported.course, reported.worker, reported.estate, text)
    if names_its_door(alone):
        for case in alone.cases:
            found = amend.last_report_on(reported.session, reported.account, case.key, reported.course.now)
            if found is not None:
                return [found[0]]
        return []
    if says_any(text, reported.course.replies.answer_words.the_last_one):
        return standing[:1]
    wrong = {each.kind for case in reading.cases for each in case.findings if not each.state.is_active}
    fits = [each for each in standing if wrong & kinds_told(reported, each)] if wrong else []
    if not fits and len(words.denied) >= _SHORTEST_WORD:
        fits = [each for each in standing if words.denied in each.text]
    by_door = {tuple(place.key for place in places_of(reported.session, each)): each for each in reversed(fits)}
    return sorted(by_door.values(), key=lambda each: each.id or 0, reverse=True) or standing[:1]


def kinds_told(reported: Reported, report: Report) -> set[str]:
    return {
        each.kind for case in reported.course.reading_of(report).cases for each in case.findings if each.state.is_active
    }


def ask_which(reported: Reported, targets: Sequence[Report], asks: Asks) -> PutRight:
    """Ask which of several reports is meant; the words wait until it is known."""
    doors = [say_door(place.key) for each in targets[:_DOORS_ASKED] for place in places_of(reported.session, each)[:1]]
    questions.ask(
        reported.ledger,
        reported.account,
        asks,
        report_ids=[each.id for each in targets],
        words_report_id=reported.report.id,
    )
    asked = reported.course.replies.sayings.ask_which_report.format(doors="、".join(dict.fromkeys(doors)))
    return PutRight(asked=asked, buttons=tuple(dict.fromkeys(doors)))


def _old_case(reported: Reported, target: Report, reading: Reading, text: str) -> tuple[Household, CaseReading] | None:
    """The household of ``target`` that is meant, and what was understood of it."""
    places = {place.key: place for place in places_of(reported.session, target)}
    cases = [case for case in reported.course.reading_of(target).cases if case.key in places]
    named = {case.key for case in reading.cases}
    case = next((each for each in cases if each.key in named), None) or next(
        (each for each in cases if each.findings), next(iter(cases), None)
    )
    return None if case is None else (places[case.key], case)


def _said(
    reported: Reported, reading: Reading, place: Household, words: Contrast
) -> tuple[CaseReading, CaseReading | None]:
    """What is right and what is denied, each read as if it began with the door."""
    course, text = reported.course, reported.course.item.text

    def about(part: str) -> CaseReading | None:
        if not part:
            return None
        read = read_about(course, reported.worker, reported.estate, place, part)
        case = next((each for each in read.cases if each.key == place.key), None)
        return None if case is None else _reanchored(case, text)

    own = next((case for case in reading.cases if case.key == place.key), None)
    right = about(words.said) or CaseReading(place.key)
    if own is not None and own.findings:
        kinds = {each.kind for each in own.findings}
        right = replace(right, findings=own.findings + tuple(each for each in right.findings if each.kind not in kinds))
    if own is not None and own.measurements:
        right = replace(right, measurements=own.measurements)
    return right, about(words.denied)


def _reanchored(case: CaseReading, text: str) -> CaseReading:
    """The case with its quotes where their words stand in ``text``."""
    return replace(
        case,
        findings=tuple(replace(each, quote=anchored(each.quote, text)) for each in case.findings),
        circumstances=tuple(replace(each, quote=anchored(each.quote, text)) for each in case.circumstances),
        measurements=tuple(replace(each, quote=anchored(each.quote, text)) for each in case.measurements),
        times=tuple(replace(each, quote=anchored(each.quote, text)) for each in case.times),
        visit_quote=anchored(case.visit_quote, text) if case.visit_quote else None,
    )


def _carry_out(reported: Reported, target: Report, place: Household, old: CaseReading, revision: Revision) -> PutRight:
    """Take the old version back at this door, decide on the new one from its moment, and file it."""
    session, ledger = reported.session, reported.ledger
    lineage = _lineage(session, target, place)
    told_by = _told_by(session, lineage, place, revision)
    at = (revision.found_at or _found_at(session, lineage, place)).astimezone(reported.course.at.tzinfo)
    before = _standing_flags(session, place, lineage)
    for report in lineage:
        amend.take_back(ledger, report, "corrected", only_at=[place])
    reported.report.amends_id = target.id
    own_words = _reanchored(revision.case, reported.report.text)
    made = reported.keep_reading(reported.report, Reading(Intent.CORRECTION, (own_words,)))
    (decision,) = reported.decide(Reading(Intent.REPORT, (revision.case,)), at)
    record(reported, revision.case, decision, reported.report, made, found_at=at, told_by=told_by)
    _keep_acknowledgements(reported, place, before)
    _tell(reported, place, old, revision.case, before)
    return PutRight(revision.case, decision)


def _lineage(session: Session, target: Report, place: Household) -> list[Report]:
    """The report and those that it corrected at this door, newest first."""
    chain = [target]
    while (older_id := chain[-1].amends_id) is not None and len(chain) < 20:
        older = session.get_one(Report, older_id)
        if older.retracted_at is not None:
            break
        chain.append(older)
    return chain


def _told_by(
    session: Session, lineage: Sequence[Report], place: Household, revision: Revision
) -> dict[str, tuple[Report, ReadingMade]]:
    """In whose words each kind stands that the correction leaves as it was."""
    rows = session.exec(
        select(FindingRow)
        .where(FindingRow.household_id == place.id, col(FindingRow.withdrawn_at).is_(None))
        .where(col(FindingRow.report_id).in_([each.id for each in lineage]))
        .order_by(col(FindingRow.id))
    ).all()
    return {
        row.kind: (session.get_one(Report, row.report_id), session.get_one(ReadingMade, row.reading_id))
        for row in rows
        if row.kind not in revision.restated
    }


def _found_at(session: Session, lineage: Sequence[Report], place: Household) -> datetime:
    ids = [each.id for each in lineage]
    found = select(FindingRow.found_at).where(
        FindingRow.household_id == place.id,
        col(FindingRow.report_id).in_(ids),
        col(FindingRow.withdrawn_at).is_(None),
    )
    visited = select(Visit.at).where(
        Visit.household_id == place.id, col(Visit.report_id).in_(ids), col(Visit.withdrawn_at).is_(None)
    )
    moments = [*session.exec(found).all(), *session.exec(visited).all()]
    return min(moments, default=lineage[-1].sent_at)


def _standing_flags(session: Session, place: Household, lineage: Sequence[Report]) -> list[Flag]:
    query = select(Flag).where(Flag.household_id == place.id, col(Flag.report_id).in_([each.id for each in lineage]))
    return [flag for flag in session.exec(query.order_by(col(Flag.id))).all() if flag.state.stands]


def _keep_acknowledgements(reported: Reported, place: Household, before: Sequence[Flag]) -> None:
    """Who took care of a P0 still does, when only a name or an hour was wrong."""
    heard = {(flag.rule, flag.kind): flag for flag in before if flag.acknowledged_at is not None}
    standing = select(Flag).where(Flag.household_id == place.id).order_by(col(Flag.id))
    for flag in reported.session.exec(standing).all():
        old = heard.get((flag.rule, flag.kind))
        if old is not None and flag.state.stands and flag.acknowledged_at is None:
            reported.ledger.changes(
                flag,
                "acknowledged",
                acknowledged_at=old.acknowledged_at,
                acknowledged_by_id=old.acknowledged_by_id,
            )


def _tell(reported: Reported, place: Household, old: CaseReading, new: CaseReading, before: Sequence[Flag]) -> None:
    """Those who were called hear it where what they were called for was something else."""
    urgent = [flag for flag in before if flag.severity in _URGENT]
    replies = reported.course.replies
    was, is_now = (
        "、".join(dict.fromkeys(replies.called(each.kind) for each in case.findings if each.state.is_active))
        for case in (old, new)
    )
    if urgent and was != is_now:
        is_alarm = any(flag.severity is Severity.P0 for flag in urgent)
        tell_of_correction(reported, place, was, is_now or replies.visits[new.visit], was_alarm=is_alarm)
