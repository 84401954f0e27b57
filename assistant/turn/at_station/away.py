"""Who is away can't be on duty at the station: those turns fall empty, so that somebody is found for them."""

from collections.abc import Sequence
from datetime import datetime

from assistant.dialogue.station import say_days
from assistant.storage import station as rota
from assistant.storage.ledger import Ledger, lines_of
from assistant.storage.tables import DutySlot, Estate, Report, Worker
from assistant.turn.course import Course


def take_off_duty(ledger: Ledger, course: Course, estate: Estate, who: Worker, begins: datetime, ends: datetime) -> str:
    """Empty the turns that ``who`` has while away, and their days as they are said; empty where there are none."""
    station = rota.station_of(course.session, who, estate)
    if station is None:
        return ""
    rota.lock(course.session, station)
    slots = _turns_between(course, rota.slots_of(course.session, station, who, begins.date(), at_most=40), begins, ends)
    for slot in slots:
        rota.assign(ledger, slot, None)
    return say_days((slot.on_day for slot in slots), course.replies)


def _turns_between(course: Course, slots: Sequence[DutySlot], begins: datetime, ends: datetime) -> list[DutySlot]:
    return [slot for slot in slots if slot.starts_at < ends and slot.ends_at > max(begins, course.now)]


def put_back_on_duty(ledger: Ledger, course: Course, who: Worker, report: Report) -> str:
    """Give ``who`` the turns back that ``report`` emptied and nobody has taken; their days as they are said.

    What ends before ``who`` is back stays empty.
    """
    given, since = [], max(course.now, who.away_until_at or course.now)
    for line in lines_of(course.session, report.id or 0):
        slot = course.session.get(DutySlot, line.subject_id) if line.subject == DutySlot.__tablename__ else None
        if slot is None or line.verb != "emptied" or slot.worker_id is not None or slot.ends_at <= since:
            continue
        rota.assign(ledger, slot, who)
        given.append(slot.on_day)
    return say_days(given, course.replies)
