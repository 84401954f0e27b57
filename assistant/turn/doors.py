"""Which households words name, and what words say when they are taken as said of one door.

``read_about`` reads a message as if it had begun with a door that was asked about: 换成波纹管了 says something only
together with it. Quotes keep their places in the message as it was typed.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlmodel import col, select

from assistant.domain.followups import MatterState
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.reports import CaseReading, Message, Quote, Reading
from assistant.storage import reach, records
from assistant.storage.tables import Area, Estate, Household, Matter, Worker
from assistant.turn.course import Course
from assistant.understand.cases import NOWHERE


def named_places(course: Course, worker: Worker, estate: Estate, text: str) -> list[Household]:
    """The households on record that ``text`` names, by door or by the name of somebody who lives there."""
    near = records.relevant_to(course.session, worker, estate, text, course.at)
    known = records.known(course.session, near, course.at)
    reading = read_alone(course, worker, estate, text)
    by_name = [place for place, one in zip(near, known, strict=True) if any(each.name in text for each in one.people)]
    by_door = records.by_keys(course.session, estate, [case.key for case in reading.cases])
    return list({place.id: place for place in (*by_door, *by_name)}.values())


def read_alone(course: Course, worker: Worker, estate: Estate, text: str) -> Reading:
    """What ``text`` says by itself: no earlier message and no record lends it a door."""
    book = records.EstateBook(course.session, estate, worker.area_id)
    return course.minds.read(Message(f"alone:{course.item.id}", text, course.at, estate.name), book)


def doors_with_open(course: Course, worker: Worker, estate: Estate, kinds: Collection[str]) -> list[str]:
    """The doors and places of the worker's area where a matter of these kinds is open, found last first."""
    path = course.session.get_one(Area, worker.area_id).path
    query = (
        select(Household.key)
        .join(Matter, col(Matter.household_id) == Household.id)
        .join(Area, col(Area.id) == Household.area_id)
        .where(Household.estate_id == estate.id, col(Area.path).startswith(path), Household.key != NOWHERE)
        .where(col(Matter.kind).in_(kinds), col(Matter.state).in_([each for each in MatterState if each.stands]))
        .order_by(col(Matter.last_found_at).desc(), col(Matter.id).desc())
    )
    return list(dict.fromkeys(course.session.exec(query).all()))


def may_see(course: Course, worker: Worker, place: Household) -> bool:
    """Is the household in the worker's area, or in one below?"""
    return worker.area_id in reach.areas_above(course.session, place.area_id)


def read_about(course: Course, worker: Worker, estate: Estate, place: Household, text: str) -> Reading:
    """What ``text`` says if it is said of ``place``. A text that names a door of its own is read as naming it."""
    lead = f"{place.key.removeprefix('place:')}，"
    known = records.known(course.session, [place], course.at)
    book = records.EstateBook(course.session, estate, worker.area_id)
    message = Message(f"about:{course.item.id}", lead + text, course.at, estate.name, known)
    reading = course.minds.read(message, book)
    return replace(reading, cases=tuple(_shifted(case, len(lead)) for case in reading.cases))


def is_about(reading: Reading, place: Household) -> bool:
    """Does the reading speak of ``place`` and of nothing else?"""
    return {case.key for case in reading.cases} == {place.key}


def names_its_door(reading: Reading) -> bool:
    """Is there a case with a door or place that is fully known?"""
    return any(is_place(case.key) or HouseholdKey.parse(case.key).is_complete for case in reading.cases)


def anchored(finding_quote: Quote, text: str) -> Quote:
    """The quote where its words stand in ``text``; all of ``text`` where they do not."""
    at = text.find(finding_quote.text) if finding_quote.text else -1
    return Quote(finding_quote.text, at, at + len(finding_quote.text)) if at >= 0 else Quote(text, 0, len(text))


def _shifted(case: CaseReading, by: int) -> CaseReading:
    """Quotes as they stand in the text without its lead; what was found in the lead itself is left out."""

    def moved(quote: Quote) -> Quote:
        return Quote(quote.text, quote.start - by, quote.end - by)

    def own(quotes: Iterable[Quote | None]) -> bool:
        return all(quote is None or quote.start >= by for quote in quotes)

    return replace(
        case,
        findings=tuple(replace(each, quote=moved(each.quote)) for each in case.findings if own([each.quote])),
        circumstances=tuple(replace(each, quote=moved(each.quote)) for each in case.circumstances if own([each.quote])),
        measurements=tuple(replace(each, quote=moved(each.quote)) for each in case.measurements if own([each.quote])),
        times=tuple(replace(each, quote=moved(each.quote)) for each in case.times if own([each.quote])),
        visit_quote=moved(case.visit_quote) if case.visit_quote and own([case.visit_quote]) else None,
    )
