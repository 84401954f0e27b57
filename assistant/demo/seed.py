"""Fill an empty database with the fictitious community: areas, doors, residents, workers, the station.

What happened there before the demo began is not written here: ``play_history`` gives each past message to the
assistant as if it had come then, so that every flag has its true reason.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from assistant.demo.community import Community
from assistant.domain.access import AreaLevel, Retention, Role
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

#: everybody of the demo can write here; the last one bound is where they are told things at first
CHANNEL = "web"
OTHER_CHANNELS = ("terminal",)


def is_seeded(session: Session, community: Community) -> bool:
    """Does the community's estate already stand in this database?"""
    return session.exec(select(Estate).where(Estate.name == community.estate)).first() is not None


def seed(session: Session, community: Community, now: datetime) -> None:
    """Write the community into an empty database. ``now`` is aware, in the community's zone."""
    areas = _areas(session, community)
    estate = _add(session, new(Estate, area_id=areas[community.grid].id, name=community.estate))
    area_of_building = {
        building: areas[micro_grid.name].id for micro_grid in community.micro_grids for building in micro_grid.buildings
    }
    _households(session, community, estate.id, area_of_building, now)
    workers = _workers(session, community, estate.id, areas, now)
    _station(session, community, estate.id, areas[community.grid].id, workers, now)


def _areas(session: Session, community: Community) -> dict[str, Area]:
    areas: dict[str, Area] = {}
    parent: Area | None = None
    for level, name in (
        (AreaLevel.STREET, community.street),
        (AreaLevel.COMMUNITY, community.community),
        (AreaLevel.GRID, community.grid),
    ):
        parent = areas[name] = _area(session, level, name, parent)
    for micro_grid in community.micro_grids:
        areas[micro_grid.name] = _area(session, AreaLevel.MICRO_GRID, micro_grid.name, parent)
    community_area = areas[community.community]
    areas[community.special_grid] = _area(session, AreaLevel.SPECIAL_GRID, community.special_grid, community_area)
    return areas


def _area(session: Session, level: AreaLevel, name: str, parent: Area | None) -> Area:
    area = _add(session, new(Area, level=level, name=name, parent_id=parent.id if parent else None))
    area.path = f"{parent.path if parent else '/'}{area.id}/"
    return area


def _households(
    session: Session, community: Community, estate_id: int | None, area_of: dict[str, int | None], now: datetime
) -> None:
    households: dict[str, Household] = {}
    for key, floor in community.doors():
        households[str(key)] = new(
            Household,
            area_id=area_of[key.building],
            estate_id=estate_id,
            key=str(key),
            in_address_book=True,
            building=key.building,
            unit=key.unit,
            room=key.room,
            floor=floor,
        )
    session.add_all(households.values())
    session.flush()
    for door, person in community.residents():
        household = households[door]
        session.add(
            new(
                Resident,
                area_id=household.area_id,
                household_id=household.id,
                called=person.called,
                sex=person.sex,
                birth_year=now.year - person.age if person.age is not None else None,
                lives_alone=person.lives_alone,
                disabled=person.disabled,
                care_grade=person.care_grade,
                agrees_to_doctor_list=person.agrees_to_doctor_list,
            )
        )


def _workers(
    session: Session, community: Community, estate_id: int | None, areas: dict[str, Area], now: datetime
) -> dict[str, Worker]:
    workers: dict[str, Worker] = {}
    grid = areas[community.grid]

    def add(name: str, account: str, area: Area, role: Role, **more: object) -> None:
        worker = new(Worker, area_id=area.id, name=name, role=role, estate_id=estate_id, **more)
        workers[name] = _add(session, worker)
        for channel in (*OTHER_CHANNELS, CHANNEL):
            session.add(
                new(Account, area_id=area.id, worker_id=worker.id, channel=channel, address=account, bound_at=now)
            )

    for micro_grid in community.micro_grids:
        add(micro_grid.worker, micro_grid.account, areas[micro_grid.name], Role.WORKER)
    add(community.coordinator.name, community.coordinator.account, grid, Role.COORDINATOR)
    for responder in community.responders:
        add(responder.name, responder.account, grid, Role.RESPONDER, acts_as=responder.acts_as)
    return workers


def _station(
    session: Session,
    community: Community,
    estate_id: int | None,
    area_id: int | None,
    workers: dict[str, Worker],
    now: datetime,
) -> None:
    plan = community.station
    open_daily = {str(day): [[plan.hours.opens, plan.hours.closes]] for day in plan.hours.weekdays}
    station = _add(
        session,
        new(
            Station,
            area_id=area_id,
            estate_id=estate_id,
            name=plan.name,
            place=plan.place,
            hours=open_daily,
            doctor_days=list(plan.doctor_days),
            rooms=list(plan.rooms),
        ),
    )
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    days = [monday + timedelta(days=day) for day in range(7 * plan.weeks)]
    duty_days = [day for day in days if day.isoweekday() in plan.hours.weekdays]
    for turn, day in enumerate(duty_days):
        is_empty = turn == len(duty_days) - 2
        session.add(
            new(
                DutySlot,
                area_id=area_id,
                retention=Retention.ROUTINE,
                station_id=station.id,
                on_day=day.date(),
                starts_at=_at(day, plan.hours.opens),
                ends_at=_at(day, plan.hours.closes),
                worker_id=None if is_empty else workers[plan.rota[turn % len(plan.rota)]].id,
            )
        )
    booked_on = midnight + timedelta(days=plan.booking.days_ahead)
    session.add(
        new(
            RoomBooking,
            area_id=area_id,
            retention=Retention.ROUTINE,
            station_id=station.id,
            room=plan.booking.room,
            starts_at=datetime.combine(booked_on.date(), plan.booking.starts, now.tzinfo),
            ends_at=datetime.combine(booked_on.date(), plan.booking.ends, now.tzinfo),
            booked_for=plan.booking.booked_for,
            purpose=plan.booking.purpose,
        )
    )


def _at(day: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return day.replace(hour=int(hour), minute=int(minute))


def _add(session: Session, row: Row) -> Row:
    """Add and flush, so that the row has its id."""
    session.add(row)
    session.flush()
    return row
