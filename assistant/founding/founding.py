"""Write down what of a community is not on record yet. Nothing that is on record is changed or taken away."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.domain.station import read_hours, read_weekday
from assistant.founding.form import ROLES, CommunityForm, GridForm, PersonForm, StationForm
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, Estate, Station, Worker


@dataclass
class Added:
    """What was new: names, and the rows of people, who get a code each."""

    areas: list[str] = field(default_factory=list)
    estates: list[str] = field(default_factory=list)
    people: list[Worker] = field(default_factory=list)
    stations: list[str] = field(default_factory=list)


def found(ledger: Ledger, form: CommunityForm, acts_as: dict[str, Responder]) -> Added:
    """``acts_as`` gives the responder that each 单位 of the form is."""
    return _Founder(ledger, acts_as).write(form)


class _Founder:
    def __init__(self, ledger: Ledger, acts_as: dict[str, Responder]) -> None:
        self._ledger = ledger
        self._acts_as = acts_as
        self._areas: dict[str, Area] = {}
        self._estates: dict[str, Estate] = {}
        self._added = Added()

    @property
    def _session(self) -> Session:
        return self._ledger.session

    def write(self, form: CommunityForm) -> Added:
        street = self._area(AreaLevel.STREET, form.street, None)
        community = self._area(AreaLevel.COMMUNITY, form.community, street)
        for grid in form.grids:
            self._grid(grid, community)
        for name in form.special_grids:
            self._area(AreaLevel.SPECIAL_GRID, name, community)
        for person in form.people:
            self._person(person)
        for station in form.stations:
            self._station(station)
        return self._added

    def _grid(self, form: GridForm, community: Area) -> None:
        grid = self._area(AreaLevel.GRID, form.name, community)
        for name in form.estates:
            self._estate(name, grid)
        for name in form.micro_grids:
            self._area(AreaLevel.MICRO_GRID, name, grid)

    def _area(self, level: AreaLevel, name: str, parent: Area | None) -> Area:
        parent_id = parent.id if parent is not None else None
        area = self._session.exec(
            select(Area).where(Area.name == name, col(Area.parent_id).is_not_distinct_from(parent_id))
        ).first()
        if area is None:
            area = new(Area, level=level, name=name, parent_id=parent_id)
            self._session.add(area)
            self._session.flush()
            area.path = f"{parent.path if parent is not None else '/'}{area.id}/"
            self._added.areas.append(name)
        self._areas[name] = area
        return area

    def _estate(self, name: str, grid: Area) -> None:
        estate = self._session.exec(select(Estate).where(Estate.name == name, Estate.area_id == grid.id)).first()
        if estate is None:
            estate = new(Estate, area_id=grid.id, name=name)
            self._session.add(estate)
            self._session.flush()
            self._added.estates.append(name)
        self._estates[name] = estate

    def _person(self, form: PersonForm) -> None:
        area, role = self._areas[form.area], ROLES[form.role]
        there = self._session.exec(
            select(Worker.id).where(Worker.name == form.name, Worker.area_id == area.id, col(Worker.left_at).is_(None))
        ).first()
        if there is not None:
            return
        estate = self._estates.get(form.estate or "") or (self._only_estate(area) if role is Role.WORKER else None)
        worker = new(
            Worker,
            area_id=area.id,
            name=form.name,
            role=role,
            acts_as=self._acts_as[form.acts_as] if form.acts_as is not None else None,
            estate_id=estate.id if estate is not None else None,
        )
        self._added.people.append(self._ledger.adds(worker, "employed"))

    def _only_estate(self, area: Area) -> Estate | None:
        """The estate that a worker means who names none: the only one of the grid."""
        inside = [each for each in self._estates.values() if f"/{each.area_id}/" in area.path]
        return inside[0] if len(inside) == 1 else None

    def _station(self, form: StationForm) -> None:
        area = self._areas[form.area]
        if self._session.exec(select(Station.id).where(Station.name == form.name, Station.area_id == area.id)).first():
            return
        self._session.add(
            new(
                Station,
                area_id=area.id,
                name=form.name,
                place=form.place,
                phone=form.phone,
                hours=read_hours(form.opens) if form.opens is not None else {},
                doctor_days=[read_weekday(day) for day in form.doctor_days],
                rooms=list(form.rooms),
            )
        )
        self._added.stations.append(form.name)
