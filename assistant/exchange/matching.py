"""Hold the rows of a sheet against the record: what is new, what is known, what can't be.

    plan = match(session, viewer, written)
    if not plan.found.fault_count: ...             # bringing.write(ledger, plan)

Nothing is changed here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from assistant.domain.places import HouseholdKey, floor_of
from assistant.domain.rights import Viewer
from assistant.exchange.columns import Column, Form
from assistant.exchange.faults import Fault, Problem
from assistant.exchange.known import Known, KnownArea, KnownDoor, KnownEstate, lies_on_one_line
from assistant.exchange.reading import Findings, PersonWritten, RowWritten, Written
from assistant.storage.tables import Resident
from assistant.storage.viewing import in_area


@dataclass(frozen=True)
class DoorPlanned:
    """A door that the address book brings. ``known_id`` is set where a report had named it before."""

    estate_id: int
    area_id: int
    key: HouseholdKey
    floor: str | None
    known_id: int | None = None


@dataclass(frozen=True)
class PersonPlanned:
    """A resident of a door on record. ``known_id`` is set where they are on record and something of it is new."""

    household_id: int
    area_id: int
    key: HouseholdKey
    person: PersonWritten
    known_id: int | None = None


@dataclass(frozen=True)
class Plan:
    """What an import would do. ``unchanged`` rows say what is on record already."""

    form: Form
    count: int
    found: Findings
    doors: tuple[DoorPlanned, ...] = ()
    people: tuple[PersonPlanned, ...] = ()
    unchanged: int = 0

    @property
    def added(self) -> int:
        return len(self.doors) + len(self.people) - self.changed

    @property
    def changed(self) -> int:
        ids = [*(door.known_id for door in self.doors), *(each.known_id for each in self.people)]
        return sum(known_id is not None for known_id in ids)


def match(session: Session, viewer: Viewer, written: Written) -> Plan:
    """What the sheet would change; every row that does not fit is a fault more."""
    if written.found.fault_count and not written.rows:
        return Plan(written.form, written.count, written.found)
    matching = _Matching(session, viewer, written)
    return matching.addresses() if written.form is Form.ADDRESSES else matching.residents()


class _Matching:
    def __init__(self, session: Session, viewer: Viewer, written: Written) -> None:
        self._session = session
        self._viewer = viewer
        self._known = Known(session, viewer)
        self._written = written
        self._found = Findings()
        self._found.add(written.found.faults)
        self._found.add(written.found.remarks)
        self._found.fault_count = written.found.fault_count
        self._found.remark_count = written.found.remark_count

    def addresses(self) -> Plan:
        with_units: dict[tuple[str, str], bool] = defaultdict(bool)
        for row in self._written.rows:
            with_units[row.estate, row.building] |= row.unit not in ("", "0")
        seen: dict[tuple[int, str], int] = {}
        doors: list[DoorPlanned] = []
        unchanged = 0
        for row in self._written.rows:
            estate = self._estate(row)
            if estate is None:
                continue
            has_units = with_units[row.estate, row.building] or _has_units(estate, row.building)
            key = self._key(row, has_units)
            area = self._area(row, estate)
            if key is None or area is None or not self._floor_fits(row):
                continue
            before = seen.setdefault((estate.id, str(key)), row.line)
            if before != row.line:
                self._finds(row, Column.ROOM, Problem.DOOR_TWICE, str(before))
                continue
            known = estate.doors.get(str(key))
            if known is not None and known.area_id != area:
                self._finds(row, Column.AREA, Problem.OTHER_AREA, self._known.area_name(known.area_id))
            elif known is not None and known.in_address_book:
                unchanged += 1
            else:
                floor = row.floor or floor_of(key.room)
                doors.append(DoorPlanned(estate.id, area, key, floor, known.id if known else None))
        return Plan(Form.ADDRESSES, self._written.count, self._found, doors=tuple(doors), unchanged=unchanged)

    def residents(self) -> Plan:
        placed = list(self._placed())
        on_record = self._people_of({door.id for _, door, _ in placed})
        seen: dict[tuple[int, str], int] = {}
        people: list[PersonPlanned] = []
        unchanged = 0
        for row, door, key in placed:
            person = row.person
            if person is None or not person.called:
                continue
            before = seen.setdefault((door.id, person.called), row.line)
            if before != row.line:
                self._finds(row, Column.CALLED, Problem.PERSON_TWICE, str(before))
                continue
            known = on_record.get((door.id, person.called))
            if known is not None and not news_of(person, known):
                unchanged += 1
            else:
                people.append(PersonPlanned(door.id, door.area_id, key, person, known.id if known else None))
        return Plan(Form.RESIDENTS, self._written.count, self._found, people=tuple(people), unchanged=unchanged)

    def _placed(self) -> Iterator[tuple[RowWritten, KnownDoor, HouseholdKey]]:
        """The rows whose door is on record in the viewer's area."""
        for row in self._written.rows:
            estate = self._estate(row)
            if estate is None:
                continue
            if row.building not in estate.buildings:
                self._finds(row, Column.BUILDING, Problem.UNKNOWN_BUILDING, row.building)
                continue
            key = self._key(row, _has_units(estate, row.building))
            if key is None:
                continue
            door = estate.doors.get(str(key))
            if door is None or not door.is_mine:
                self._finds(row, Column.ROOM, Problem.UNKNOWN_DOOR, str(key))
            else:
                yield row, door, key

    def _people_of(self, household_ids: set[int]) -> dict[tuple[int, str], Resident]:
        rows = self._session.exec(
            select(Resident)
            .where(in_area(self._viewer, Resident.area_id))
            .where(col(Resident.withdrawn_at).is_(None), col(Resident.moved_away_on).is_(None))
        )
        return {(row.household_id, row.called): row for row in rows if row.household_id in household_ids}

    def _estate(self, row: RowWritten) -> KnownEstate | None:
        estate = self._known.estate(row.estate)
        if estate is None:
            problem = Problem.UNKNOWN_ESTATE if row.estate else Problem.WHICH_ESTATE
            self._finds(row, Column.ESTATE, problem, row.estate)
        return estate

    def _key(self, row: RowWritten, has_units: bool) -> HouseholdKey | None:
        if not row.unit and has_units:
            self._finds(row, Column.UNIT, Problem.NO_UNIT)
            return None
        return HouseholdKey(row.building, row.unit or "0", row.room)

    def _area(self, row: RowWritten, estate: KnownEstate) -> int | None:
        """The micro-grid that is written, else the one that the building's other doors all belong to."""
        if not row.area:
            others = estate.buildings[row.building].area_ids if row.building in estate.buildings else set()
            if len(others) == 1:
                return next(iter(others))
            self._finds(row, Column.AREA, Problem.NO_AREA)
            return None
        fitting: list[KnownArea] = [
            area for area in self._known.areas.get(row.area, ()) if lies_on_one_line(area.path, estate.area_path)
        ]
        if len(fitting) == 1:
            return fitting[0].id
        self._finds(row, Column.AREA, Problem.WHICH_AREA if fitting else Problem.UNKNOWN_AREA, row.area)
        return None

    def _floor_fits(self, row: RowWritten) -> bool:
        told = floor_of(row.room)
        if row.floor and told is not None and told != row.floor:
            self._finds(row, Column.FLOOR, Problem.FLOOR_DISAGREES, row.floor)
            return False
        return True

    def _finds(self, row: RowWritten, column: Column, problem: Problem, it: str = "") -> None:
        self._found.add([Fault(row.line, column, problem, it)])


def news_of(person: PersonWritten, known: Resident) -> dict[str, Any]:
    """The columns of a resident on record that the sheet tells otherwise; what it leaves empty stays."""
    told: dict[str, Any] = {
        "sex": person.sex,
        "birth_year": person.birth_year,
        "lives_alone": person.lives_alone,
        "disabled": person.disabled,
        "care_grade": person.care_grade,
        "agrees_to_doctor_list": person.agrees_to_doctor_list,
    }
    if person.birth_year is None and known.birth_year is None:
        told["age_said"] = person.age
    return {name: value for name, value in told.items() if value is not None and getattr(known, name) != value}


def _has_units(estate: KnownEstate, building: str) -> bool:
    return building in estate.buildings and bool(estate.buildings[building].units - {"0"})
