"""A station's opening hours, doctor's days and rooms, and who has a room when: written down by who answers for it."""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.duty import stretch_of
from assistant.console.gate import Gate, Visit
from assistant.console.station import PAGE_PATH, own_station, show_stations
from assistant.dialogue.station import say_hours, say_when
from assistant.domain.errors import NotUnderstood
from assistant.domain.rights import Right
from assistant.domain.station import is_open, read_hours
from assistant.intake.mask import masked
from assistant.storage import rooms
from assistant.storage.tables import RoomBooking, Station, Worker
from assistant.storage.text import storable

FACTS_PATH = "/console/stations/{id}/facts"
BOOK_PATH = "/console/stations/{id}/bookings"
CANCEL_PATH = "/console/station/bookings/{id}/cancel"
_LONGEST = 40
_ROOMS = 20


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(FACTS_PATH, Right.RUN_STATION, _facts, methods=("POST",)),
        gate.route(BOOK_PATH, Right.RUN_STATION, _book, methods=("POST",)),
        gate.route(CANCEL_PATH, Right.RUN_STATION, _cancel, methods=("POST",)),
    ]


def _facts(visit: Visit) -> Response:
    """When it is open, when the doctor comes, which rooms there are, where it is: what the chat answers by."""
    try:
        with visit.acting() as ledger:
            station = own_station(ledger.session, visit.viewer, visit.number("id"))
            written = visit.field("hours")
            named = (_short(part) for part in visit.field("rooms").replace("，", "、").replace(",", "、").split("、"))
            ledger.changes(
                station,
                "described",
                hours=read_hours(written) if written else {},
                doctor_days=[day for day in range(1, 8) if str(day) in visit.form.getlist("doctor_days")],
                rooms=list(dict.fromkeys(room for room in named if room))[:_ROOMS],
                place=_short(visit.field("place")) or None,
                phone=storable(visit.field("phone")[:_LONGEST]).text or None,
            )
    except NotUnderstood as refused:
        return show_stations(visit, str(refused))
    visit.say("记下了，聊天里就照这个答。")
    return visit.go(PAGE_PATH)


def _book(visit: Visit) -> Response:
    """Promise a room, where it is free and the station is open then."""
    try:
        with visit.acting() as ledger:
            station = own_station(ledger.session, visit.viewer, visit.number("id"))
            booked = _booked(visit, ledger.session, station)
            row = rooms.book(ledger, station, *booked)
            if row is None:
                _, room, starts, ends, _, _ = booked
                first = rooms.bookings_between(ledger.session, station, room, starts, ends)[0]
                raise NotUnderstood(_said(visit, visit.replies.station.room_taken, first).rstrip("。"))
            told = f"订好了：{row.room}，{_when(visit, row)}。"
    except NotUnderstood as refused:
        return show_stations(visit, str(refused))
    visit.say(told)
    return visit.go(PAGE_PATH)


def _cancel(visit: Visit) -> Response:
    with visit.acting() as ledger:
        booking = ledger.session.get(RoomBooking, visit.number("id"))
        own_station(ledger.session, visit.viewer, booking.station_id if booking is not None else None)
        assert booking is not None
        if booking.cancelled_at is None:
            rooms.cancel(ledger, booking)
    visit.say("取消了，这个时间空出来了。请跟订的人说一声。")
    return visit.go(PAGE_PATH)


def _booked(
    visit: Visit, session: Session, station: Station
) -> tuple[Worker, str, datetime, datetime, str, str | None]:
    room, whom = visit.field("room"), _short(visit.field("booked_for"))
    if room not in station.rooms:
        raise NotUnderstood("还没选哪一间", "请选一间")
    if not whom:
        raise NotUnderstood("还没写给谁用", "例如“合唱队”")
    starts, ends = stretch_of(visit)
    if not is_open(station.hours, starts, ends):
        when, hours = say_when(starts, ends, visit.replies), say_hours(station.hours, visit.replies)
        raise NotUnderstood(f"{when}服务站没开门（{hours}）", "换个时间")
    booker = session.get_one(Worker, visit.viewer.worker_id)
    return booker, room, starts, ends, whom, _short(visit.field("purpose")) or None


def _said(visit: Visit, text: str, booking: RoomBooking) -> str:
    return text.format(room=booking.room, when=_when(visit, booking), who=booking.booked_for)


def _when(visit: Visit, booking: RoomBooking) -> str:
    zone = visit.now.tzinfo
    return say_when(booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone), visit.replies)


def _short(typed: str) -> str:
    return storable(masked(typed.strip()[:_LONGEST])).text
