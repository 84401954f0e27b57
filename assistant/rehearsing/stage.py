"""The community that a conversation plays in: areas, one estate, who works there, and what the file puts on record.

Street, community, grid and one micro-grid; a coordinator at each of the three upper levels, one worker, and somebody
for every body that can be called in. All names are made up.
"""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from assistant.domain.access import AreaLevel, Retention, Role
from assistant.domain.casework import Responder
from assistant.domain.places import HouseholdKey, floor_of, is_place
from assistant.domain.station import openings, read_hours, read_weekday
from assistant.rehearsing.form import Conversation, Known, StationKnown
from assistant.storage.columns import Row, new
from assistant.storage.tables import (
    Account,
    Area,
    DutySlot,
    Estate,
    Household,
    Resident,
    RoomBooking,
    Station,
    Worker,
)

#: where everybody of a conversation writes and is told
CHANNEL = "rehearsal"
#: the chat of the workers' group
GROUP = "工作群"
#: who speaks where a file says only ``worker:`` or ``coordinator:``
WORKER = "刘大姐"
COORDINATOR = "何网格长"
_ABOVE = {AreaLevel.COMMUNITY: "社区周书记", AreaLevel.STREET: "街道值班员"}
#: a body that is called in → the person there (``family`` is reached by the worker, not by us)
RESPONDERS = {
    Responder.POLICE: "孙警官",
    Responder.GAS: "燃气抢修马师傅",
    Responder.FIRE: "消防站高班长",
    Responder.EMS: "120值班员",
    Responder.DOCTOR: "家医魏医生",
    Responder.PROPERTY: "物业曾经理",
    Responder.POWER: "供电所唐师傅",
    Responder.CIVIL_AFFAIRS: "民政小许",
    Responder.HOUSING: "出租屋管理员老郝",
    Responder.CITY: "城管小谢",
    Responder.MEDIATOR: "调解员龚老师",
    Responder.MARKET: "市场所小方",
    Responder.PARTY_BRANCH: "党支部覃书记",
}
_ROOM = "议事厅"
_DUTY = (time(9), time(17))


@dataclass(frozen=True)
class Stage:
    """Where a conversation plays: the ids that its steps need."""

    estate_id: int
    grid_id: int
    micro_grid_id: int


def settle(session: Session, conversation: Conversation, now: datetime, zone: ZoneInfo) -> Stage:
    """Write the community and its people into an empty database. What was open before is not written here."""
    street = _area(session, AreaLevel.STREET, "示例街道", None)
    community = _area(session, AreaLevel.COMMUNITY, "示例社区", street)
    grid = _area(session, AreaLevel.GRID, "第一网格", community)
    micro_grid = _area(session, AreaLevel.MICRO_GRID, "一号微网格", grid)
    estate = _add(session, new(Estate, area_id=grid.id, name=conversation.estate))
    stage = Stage(_id(estate.id), _id(grid.id), _id(micro_grid.id))
    enrol(session, stage, WORKER, Role.WORKER, now)
    enrol(session, stage, COORDINATOR, Role.COORDINATOR, now)
    for area in (community, street):
        _enrol_at(session, area.id, None, _ABOVE[area.level], Role.COORDINATOR, None, now)
    for acts_as, name in RESPONDERS.items():
        _enrol_at(session, grid.id, None, name, Role.RESPONDER, acts_as, now)
    for household in conversation.known:
        _household(session, stage, household, now)
    if conversation.station is not None:
        _station(session, stage, conversation.station, now, zone)
    return stage


def enrol(session: Session, stage: Stage, name: str, role: Role, now: datetime) -> Worker:
    """Somebody who works here, with an account to write from: a worker in the micro-grid, others in the grid."""
    area_id = stage.micro_grid_id if role is Role.WORKER else stage.grid_id
    return _enrol_at(session, area_id, stage.estate_id, name, role, None, now)


def _enrol_at(
    session: Session,
    area_id: int | None,
    estate_id: int | None,
    name: str,
    role: Role,
    acts_as: Responder | None,
    now: datetime,
) -> Worker:
    worker = new(Worker, area_id=area_id, name=name, role=role, acts_as=acts_as, estate_id=estate_id)
    _add(session, worker)
    _add(session, new(Account, area_id=area_id, worker_id=worker.id, channel=CHANNEL, address=name, bound_at=now))
    return worker


def _household(session: Session, stage: Stage, known: Known, now: datetime) -> None:
    door = None if is_place(known.key) else HouseholdKey.parse(known.key)
    place = new(
        Household,
        area_id=stage.micro_grid_id,
        estate_id=stage.estate_id,
        key=known.key,
        is_place=door is None,
        in_address_book=door is not None and door.is_complete,
        building=door.building if door else None,
        unit=door.unit if door else None,
        room=door.room if door else None,
        floor=floor_of(door.room) if door else None,
    )
    _add(session, place)
    for person in known.people:
        _add(
            session,
            new(
                Resident,
                area_id=stage.micro_grid_id,
                household_id=place.id,
                called=person.name,
                birth_year=now.year - person.age if person.age is not None else None,
                lives_alone=person.lives_alone,
                disabled=person.disabled,
                care_grade=person.care_grade,
            ),
        )


def _station(session: Session, stage: Stage, known: StationKnown, now: datetime, zone: ZoneInfo) -> None:
    hours = read_hours(known.hours) if known.hours else {}
    station = new(
        Station,
        area_id=stage.grid_id,
        estate_id=stage.estate_id,
        name="微网实格服务站",
        hours=hours,
        doctor_days=[read_weekday(day) for day in known.doctor_days],
        rooms=list(dict.fromkeys(booking.room for booking in known.bookings)) or [_ROOM],
    )
    _add(session, station)
    for duty in known.rota:
        spans = openings(hours, duty.day) or [_DUTY]
        _add(
            session,
            new(
                DutySlot,
                area_id=stage.grid_id,
                retention=Retention.ROUTINE,
                station_id=station.id,
                on_day=duty.day,
                starts_at=datetime.combine(duty.day, spans[0][0], zone),
                ends_at=datetime.combine(duty.day, spans[-1][1], zone),
                worker_id=_worker_called(session, stage, duty.who, now).id if duty.who else None,
            ),
        )
    for booking in known.bookings:
        _add(
            session,
            new(
                RoomBooking,
                area_id=stage.grid_id,
                retention=Retention.ROUTINE,
                station_id=station.id,
                room=booking.room,
                starts_at=booking.start,
                ends_at=booking.end,
                booked_for=booking.who,
            ),
        )


def _worker_called(session: Session, stage: Stage, name: str, now: datetime) -> Worker:
    there = session.exec(select(Worker).where(Worker.name == name)).first()
    return there or enrol(session, stage, name, Role.WORKER, now)


def _area(session: Session, level: AreaLevel, name: str, parent: Area | None) -> Area:
    area = _add(session, new(Area, level=level, name=name, parent_id=parent.id if parent else None))
    area.path = f"{parent.path if parent else '/'}{area.id}/"
    return area


def _id(value: int | None) -> int:
    assert value is not None
    return value


def _add(session: Session, row: Row) -> Row:
    """Add and flush, so that the row has its id."""
    session.add(row)
    session.flush()
    return row
