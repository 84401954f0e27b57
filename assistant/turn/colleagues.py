"""Colleagues are no residents: 谢谢李大姐 and 明天喊李大姐来值 tell of nobody's home.

A name alone does not say whether a worker or a resident is meant. It is a worker's where the message names no door of
its own, finds nothing, speaks of no home or visit, and nobody of that name is on record behind the door that it would
be filed under.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import col, select

from assistant.domain.access import Role
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import CaseReading, Intent, Reading, VisitOutcome
from assistant.storage import records
from assistant.storage.tables import Area, Estate, Resident, Worker
from assistant.turn.at_station.staff import named_in
from assistant.turn.course import Course
from assistant.turn.doors import read_alone


def without_colleagues(course: Course, worker: Worker, estate: Estate, reading: Reading) -> Reading:
    """The reading without what was only said to, or of, a colleague; chatter where nothing else is in it."""
    if reading.intent is not Intent.REPORT or not any(_says_nothing_but_who(case) for case in reading.cases):
        return reading
    colleagues = _colleagues(course, worker)
    spoken_of = [case for case in reading.cases if _is_of_colleagues(course, estate, case, colleagues)]
    if not spoken_of:
        return reading
    own = {case.key for case in read_alone(course, worker, estate, course.item.text).cases if _is_known(case.key)}
    left = tuple(case for case in reading.cases if case not in spoken_of or case.key in own)
    return replace(reading, cases=left) if left else Reading(Intent.OTHER, missing=reading.missing)


def _says_nothing_but_who(case: CaseReading) -> bool:
    return bool(case.people) and not (case.findings or case.measurements or case.closes)


def _is_of_colleagues(course: Course, estate: Estate, case: CaseReading, colleagues: Sequence[Worker]) -> bool:
    called = [each.called for each in case.people if each.called]
    if not called or not _says_nothing_but_who(case) or not all(named_in(name, colleagues) for name in called):
        return False
    if case.visit is VisitOutcome.MISSED or _speaks_of_a_visit(course, called):
        return False
    places = records.by_keys(course.session, estate, [case.key])
    lives_there = select(Resident.id).where(
        col(Resident.household_id).in_([place.id for place in places]),
        col(Resident.called).in_(called),
        col(Resident.withdrawn_at).is_(None),
    )
    return course.session.exec(lives_there.limit(1)).first() is None


def _speaks_of_a_visit(course: Course, called: Sequence[str]) -> bool:
    text, beside = course.item.text, course.minds.beside
    is_at_home = any(f"{name}家" in text for name in called)
    return is_at_home or (beside is not None and beside.station.found("走访", text) is not None)


def _is_known(key: str) -> bool:
    return is_place(key) or HouseholdKey.parse(key).is_complete


def _colleagues(course: Course, worker: Worker) -> list[Worker]:
    """Who works in the same community, the writer too."""
    root = course.session.get_one(Area, worker.area_id).path.split("/")[1]
    query = (
        select(Worker)
        .join(Area, col(Area.id) == Worker.area_id)
        .where(col(Area.path).startswith(f"/{root}/"), col(Worker.left_at).is_(None))
        .where(col(Worker.role).in_((Role.WORKER, Role.COORDINATOR)))
    )
    return list(course.session.exec(query.order_by(col(Worker.id))))
