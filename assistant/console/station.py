"""服务站: who is on duty in the next two weeks, when it is open, when the doctor comes, who has the rooms.

Everybody sees the stations of the own area and of those above it; only who answers for a station's area finds the forms
there, whose answers ``duty`` and ``station_rooms`` give.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.dialogue.station import say_hours
from assistant.domain.errors import NotAllowed
from assistant.domain.rights import Right, Subject, Viewer, may, require
from assistant.storage import rooms
from assistant.storage import station as duties
from assistant.storage.tables import Area, DutySlot, RoomBooking, Station, Worker

PAGE_PATH = "/console/station"
_DAYS_SHOWN = 14
#: a new turn may be repeated so many weeks in a row
REPEATED = {1: "只这一天", 2: "连着两周", 4: "连着四周", 8: "连着八周", 12: "连着十二周"}


@dataclass(frozen=True)
class Turn:
    """One turn of duty; ``who`` is None where nobody has it, ``asked`` whom the swap waits for."""

    slot: DutySlot
    who: str | None
    asked: str | None


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
    hours: tuple[str, ...]
    days: tuple[Day, ...]
    bookings: tuple[RoomBooking, ...]
    staff: tuple[Worker, ...]
    may_run: bool


def routes(gate: Gate) -> list[BaseRoute]:
    return [gate.route(PAGE_PATH, Right.SEE_STATION, _page)]


def _page(visit: Visit) -> Response:
    return show_stations(visit)


def show_stations(visit: Visit, trouble: str | None = None) -> Response:
    """The page; with ``trouble``, what was typed stands in the forms again."""
    with visit.reading() as session:
        shown = [_shown(session, visit, each, path) for each, path in _seen(session, visit.viewer)]
    sent = {name: str(value) for name, value in visit.form.items()} if trouble else {}
    return visit.show(
        "station.html",
        422 if trouble else 200,
        stations=shown,
        repeated=REPEATED,
        trouble=trouble,
        sent=sent,
    )


def own_station(session: Session, viewer: Viewer, station_id: int | None) -> Station:
    """The station, where the viewer may run it. Raises NotAllowed otherwise, and where there is none."""
    station = session.get(Station, station_id) if station_id is not None else None
    if station is None:
        raise NotAllowed("没有这一条，或者不在您的范围里。")
    require(viewer, Right.RUN_STATION, Subject(session.get_one(Area, station.area_id).path))
    return station


def _seen(session: Session, viewer: Viewer) -> list[tuple[Station, str]]:
    found = session.exec(
        select(Station, Area.path).join(Area, col(Area.id) == Station.area_id).order_by(col(Station.id))
    ).all()
    return [
        (each, path) for each, path in found if path.startswith(viewer.area_path) or viewer.area_path.startswith(path)
    ]


def _shown(session: Session, visit: Visit, station: Station, path: str) -> Shown:
    today = visit.now.date()
    slots = session.exec(
        select(DutySlot)
        .where(DutySlot.station_id == station.id)
        .where(DutySlot.on_day >= today, DutySlot.on_day < today + timedelta(days=_DAYS_SHOWN))
        .order_by(col(DutySlot.starts_at))
    ).all()
    ids = {each for slot in slots for each in (slot.worker_id, slot.offered_to_id)}
    names = dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(ids))).all())
    days = []
    for ahead in range(_DAYS_SHOWN):
        on = today + timedelta(days=ahead)
        turns = tuple(
            Turn(slot, names.get(slot.worker_id), names.get(slot.offered_to_id)) for slot in slots if slot.on_day == on
        )
        doctor = on.isoweekday() in station.doctor_days
        if turns or doctor:
            days.append(Day(on, doctor, turns))
    may_run = may(visit.viewer, Right.RUN_STATION, Subject(path))
    return Shown(
        station,
        tuple(part for part in say_hours(station.hours, visit.replies).split("，") if part),
        tuple(days),
        tuple(rooms.upcoming_of(session, station, None, visit.now)),
        tuple(duties.staff_of(session, station)) if may_run else (),
        may_run,
    )
