"""What was asked for or noted at the station is taken back by who said it: a swap not answered yet, a room, a turn.

    算了不换了      who was asked hears that it is off
    撤回            after such a message means it, and not what was reported before

Whoever was asked and has not answered hears that nothing waits for their word.
"""

from collections.abc import Sequence
from datetime import timedelta

from assistant.dialogue.answers import about_which
from assistant.dialogue.compose import Reply
from assistant.dialogue.station import say_dated, say_days, say_when
from assistant.domain.reports import Intent
from assistant.storage import amend, rooms
from assistant.storage import station as rota
from assistant.storage.ledger import lines_of
from assistant.storage.tables import DutySlot, Report, Resident, RoomBooking, Worker
from assistant.turn.at_station.place import Here, doing
from assistant.turn.beside import Aside
from assistant.turn.course import Reported
from assistant.turn.notices import tell_coordinators, tell_one

_REACHES_BACK = timedelta(days=2)


def withdraw_offer(here: Here, signs: frozenset[str]) -> Aside | None:
    """Who asked for a swap wants it no longer (算了不换了，我自己来); None where nothing of theirs waits."""
    if "stays_on_duty" not in signs:
        return None
    heard = here.heard
    if not rota.offers_asked_by(heard.course.session, here.station, heard.worker, heard.course.now):
        return None
    return doing(here, lambda at, reported: _withdraw(at, reported, _own_offers(at, reported)))


def undo(here: Here) -> Aside | None:
    """撤回 right after something at the station takes that back; None where the last message was something else."""
    heard = here.heard
    if not heard.names_no_door or about_which(heard.text, heard.course.replies):
        return None
    session, now = heard.course.session, heard.course.now
    last = rota.last_report_here(session, heard.account, now - _REACHES_BACK)
    newer = amend.last_report(session, heard.account, now)
    if last is None or last.id is None or (newer is not None and (newer.id or 0) > last.id):
        return None
    report = last
    return doing(here, lambda at, reported: _undo(at, reported, report), Intent.RETRACTION)


def _undo(here: Here, reported: Reported, report: Report) -> Reply:
    session, said = reported.session, list[str]()
    lines = lines_of(session, report.id or 0)
    booked = [
        booking
        for line in lines
        if line.subject == "room_bookings" and (booking := session.get(RoomBooking, line.subject_id)) is not None
    ]
    for booking in booked:
        if booking.cancelled_at is not None and rooms.book_again(reported.ledger, here.station, booking):
            said.append(
                here.say.booked.format(
                    room=booking.room, when=_when(here, reported, booking), who=booking.booked_for, purpose=""
                )
            )
        elif booking.cancelled_at is None:
            rooms.cancel(reported.ledger, booking)
            said.append(here.say.booking_cancelled.format(room=booking.room, when=_when(here, reported, booking)))
    if any(line.subject == Resident.__tablename__ for line in lines):
        amend.take_back(reported.ledger, report, "retracted")
        said.append(reported.course.replies.sayings.withdrawn)
    slots = {line.subject_id: line for line in lines if line.subject == "duty_slots"}
    offered = [slot for slot in _own_offers(here, reported) if slot.offer_report_id == report.id]
    if offered:
        said.append(_withdraw(here, reported, offered).text)
    emptied = [
        slot
        for slot_id, line in slots.items()
        if line.verb == "emptied"
        and (slot := session.get(DutySlot, slot_id)) is not None
        and slot.worker_id is None
        and (line.before or {}).get("worker_id") == reported.worker.id
        and slot.ends_at > reported.course.now
    ]
    if emptied:
        said.append(_come_after_all(here, reported, emptied))
    if not said:
        return Reply(here.say.undo_not_alone.format(whom=here.whom))
    reported.ledger.changes(report, "retracted", retracted_at=reported.course.now)
    return Reply("\n".join(said))


def _withdraw(here: Here, reported: Reported, offers: Sequence[DutySlot]) -> Reply:
    tell_it_is_off(here, reported, offers)
    for slot in offers:
        rota.take_back(reported.ledger, slot, "withdrawn")
    days = say_days((slot.on_day for slot in offers), reported.course.replies)
    return Reply(here.say.swap_withdrawn.format(days=days, now=_holders(here, offers)))


def tell_it_is_off(here: Here, reported: Reported, slots: Sequence[DutySlot], but: Worker | None = None) -> None:
    """Whoever was asked about these turns and has not answered hears that nothing waits for it, each once.

    Called before the offers are taken back. ``but`` is told something else.
    """
    asked: dict[int, list[DutySlot]] = {}
    for slot in slots:
        asker = rota.asked_by(reported.session, slot)
        other = slot.offered_to_id if slot.offered_to_id != asker else slot.worker_id
        if asker is not None and other is not None and other != reported.worker.id:
            asked.setdefault(other, []).append(slot)
    for worker_id, about in asked.items():
        if but is not None and worker_id == but.id:
            continue
        by = reported.session.get_one(Worker, rota.asked_by(reported.session, about[0]))
        days = say_days((slot.on_day for slot in about), reported.course.replies)
        asked_one = reported.session.get_one(Worker, worker_id)
        told = here.say.told_of_withdrawal.format(by=by.name, days=days)
        tell_one(reported, asked_one, f"swap-off:{reported.report.id}", told)


def _come_after_all(here: Here, reported: Reported, slots: Sequence[DutySlot]) -> str:
    for slot in slots:
        rota.assign(reported.ledger, slot, reported.worker)
    replies = reported.course.replies
    days = say_days((slot.on_day for slot in slots), replies)
    told = here.say.told_of_taking.format(day=days, who=reported.worker.name)
    tell_coordinators(reported, here.station.area_id, f"duty:{reported.report.id}", told)
    return here.say.took_empty.format(day=days if len(slots) > 1 else say_dated(slots[0].on_day, replies))


def _own_offers(here: Here, reported: Reported) -> list[DutySlot]:
    return rota.offers_asked_by(reported.session, here.station, reported.worker, reported.course.now)


def _holders(here: Here, slots: Sequence[DutySlot]) -> str:
    return "、".join(dict.fromkeys(who.name for slot in slots if (who := here.who(slot)) is not None))


def _when(here: Here, reported: Reported, booking: RoomBooking) -> str:
    zone = reported.course.at.tzinfo
    return say_when(booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone), reported.course.replies)
