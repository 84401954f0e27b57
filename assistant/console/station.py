"""服务站: who is on duty in the next two weeks, when the doctor comes, who has the rooms; the rota is changed here.

Everybody sees the stations of the own area and of those above it; only who answers for a station's area changes it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.domain.errors import NotAllowed
from assistant.domain.rights import Right, Subject, Viewer, may, require
from assistant.storage import rooms
from assistant.storage import station as duties
from assistant.storage.tables import Area, DutySlot, RoomBooking, Station, Worker

PAGE_PATH = "/console/station"
ASSIGN_PATH = "/console/station/slots/{id}"
CANCEL_PATH = "/console/station/bookings/{id}/cancel"
_DAYS_SHOWN = 14


@dataclass(frozen=True)
class Turn:
    """One turn of duty; ``who`` is None where nobody has it."""

    slot: DutySlot
    who: str | None


@dataclass(frozen=True)
class Day:
    """One day of the rota."""

    on: date
    doctor_comes: bool
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Shown:
    """One station as its page shows it; ``staff`` is empty for who may not change it."""

    station: Station
    days: tuple[Day, ...]
    bookings: tuple[RoomBooking, ...]
    staff: tuple[Worker, ...]


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(PAGE_PATH, Right.SEE_STATION, _page),
        gate.route(ASSIGN_PATH, Right.RUN_STATION, _assign, methods=("POST",)),
        gate.route(CANCEL_PATH, Right.RUN_STATION, _cancel, methods=("POST",)),
    ]


def _page(visit: Visit) -> Response:
    with visit.reading() as session:
        shown = [_shown(session, visit, each, path) for each, path in _seen(session, visit.viewer)]
    return visit.show("station.html", stations=shown)


def _assign(visit: Visit) -> Response:
    """Put somebody of the station, or nobody, on duty."""
    with visit.acting() as ledger:
        slot = ledger.session.get(DutySlot, visit.number("id"))
        station = _own(ledger.session, visit.viewer, slot.station_id if slot is not None else None)
        assert slot is not None
        duties.lock(ledger.session, station)
        ledger.session.refresh(slot)
        chosen = visit.field("worker")
        staff = {str(each.id): each for each in duties.staff_of(ledger.session, station)}
        if chosen and chosen not in staff:
            raise NotAllowed("没有这个人，或者不在这个服务站。")
        duties.assign(ledger, slot, staff.get(chosen))
    visit.say(f"{staff[chosen].name}值这一班。" if chosen else "这一班空出来了。")
    return visit.go(PAGE_PATH)


def _cancel(visit: Visit) -> Response:
    with visit.acting() as ledger:
        booking = ledger.session.get(RoomBooking, visit.number("id"))
        _own(ledger.session, visit.viewer, booking.station_id if booking is not None else None)
        assert booking is not None
        if booking.cancelled_at is None:
            rooms.cancel(ledger, booking)
    visit.say("取消了，这个时间空出来了。请跟订的人说一声。")
    return visit.go(PAGE_PATH)


def _seen(session: Session, viewer: Viewer) -> list[tuple[Station, str]]:
    found = session.exec(
        select(Station, Area.path).join(Area, col(Area.id) == Station.area_id).order_by(col(Station.id))
    ).all()
    return [
        (each, path) for each, path in found if path.startswith(viewer.area_path) or viewer.area_path.startswith(path)
    ]


def _own(session: Session, viewer: Viewer, station_id: int | None) -> Station:
    """The station, where the viewer may run it. Raises NotAllowed otherwise, and where there is none."""
    station = session.get(Station, station_id) if station_id is not None else None
    if station is None:
        raise NotAllowed("没有这一条，或者不在您的范围里。")
    require(viewer, Right.RUN_STATION, Subject(session.get_one(Area, station.area_id).path))
    return station


def _shown(session: Session, visit: Visit, station: Station, path: str) -> Shown:
    today = visit.now.date()
    names = {each.id: each.name for each in session.exec(select(Worker))}
    slots = session.exec(
        select(DutySlot)
        .where(DutySlot.station_id == station.id)
        .where(DutySlot.on_day >= today, DutySlot.on_day < today + timedelta(days=_DAYS_SHOWN))
        .order_by(col(DutySlot.starts_at))
    ).all()
    days = []
    for ahead in range(_DAYS_SHOWN):
        on = today + timedelta(days=ahead)
        turns = tuple(Turn(slot, names.get(slot.worker_id)) for slot in slots if slot.on_day == on)
        doctor = on.isoweekday() in station.doctor_days
        if turns or doctor:
            days.append(Day(on, doctor, turns))
    may_run = may(visit.viewer, Right.RUN_STATION, Subject(path))
    return Shown(
        station,
        tuple(days),
        tuple(rooms.upcoming_of(session, station, None, visit.now)),
        tuple(duties.staff_of(session, station)) if may_run else (),
    )
