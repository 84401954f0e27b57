"""How a community begins: its areas, its estates and the people who work there, from one sheet.

    roster, news = look_at_roster(database, content, bodies)
    found(database, roster, now)                # all of it or nothing; what is there already stays as it is

A row names an area from the widest to the narrowest, perhaps an estate in it, perhaps a person who answers for it. An
estate belongs to the narrowest area that holds all the rows which name it. Nobody is logged in yet when this is done:
whoever runs the machine does it, and invites the people after (``weiguang invite``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.exchange.cells import CellReader
from assistant.exchange.columns import Column, Form, find_heading
from assistant.exchange.faults import Problem, Refused
from assistant.exchange.opening import Cell, open_sheet
from assistant.exchange.reading import Findings
from assistant.storage.columns import new
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, Estate, Worker

_LEVELS = {
    Column.STREET: AreaLevel.STREET,
    Column.COMMUNITY: AreaLevel.COMMUNITY,
    Column.GRID: AreaLevel.GRID,
    Column.AREA: AreaLevel.MICRO_GRID,
}
#: 微网格长, 微网格员 and 网格员 are one role in the papers and here
ROLES = {
    "微网格员": Role.WORKER,
    "微网格长": Role.WORKER,
    "网格员": Role.WORKER,
    "网格长": Role.COORDINATOR,
    "处置单位": Role.RESPONDER,
    "审计员": Role.AUDITOR,
    "管理员": Role.ADMINISTRATOR,
}

#: an area by its names from the widest on, each with its level
AreaNames = tuple[tuple[AreaLevel, str], ...]


@dataclass(frozen=True)
class PersonFounded:
    """Somebody of the roster, in the area that they answer for."""

    area: AreaNames
    name: str
    role: Role
    acts_as: Responder | None
    estate: str | None


@dataclass
class Roster:
    """What a sheet says. ``estates`` has, for each, the areas of all rows that name it."""

    found: Findings = field(default_factory=Findings)
    areas: dict[AreaNames, None] = field(default_factory=dict)
    estates: dict[str, list[AreaNames]] = field(default_factory=dict)
    people: dict[PersonFounded, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Founded:
    """How many of each are new."""

    areas: int
    estates: int
    people: int


def read_roster(content: bytes, bodies: Mapping[str, Responder]) -> Roster:
    """Read the sheet; ``bodies`` are the responders by what people call them. Raises Refused."""
    sheet = open_sheet(content)
    rows = sheet.rows()
    first = list(islice(rows, 10))
    heading = find_heading(Form.ROSTER, first)
    roster = Roster()
    roster.found.add(heading.remarks)
    for line, cells in [*first, *rows]:
        if line > heading.line and any(cell is not None for cell in cells):
            reader = CellReader(line)
            _read_row(roster, reader, heading.pick(cells), bodies)
            roster.found.add(reader.faults)
    if not roster.areas and not roster.found.fault_count:
        raise Refused(Problem.NO_ROWS)
    return roster


def _read_row(roster: Roster, reader: CellReader, cells: dict[Column, Cell], bodies: Mapping[str, Responder]) -> None:
    names = [(column, reader.text(column, cells.get(column))) for column in _LEVELS]
    area = tuple((_LEVELS[column], name) for column, name in names if name)
    filled = "".join("x" if name else " " for _, name in names)
    # a community need not name its street, but between the widest and the narrowest none may be left out
    if not area or " " in filled.strip():
        reader.finds(Column.COMMUNITY, Problem.SKIPPED_LEVEL, area[-1][1] if area else "")
        return
    for depth in range(1, len(area) + 1):
        roster.areas[area[:depth]] = None
    estate = reader.text(Column.ESTATE, cells.get(Column.ESTATE)) or None
    if estate is not None:
        roster.estates.setdefault(estate, []).append(area)
    if cells.get(Column.NAME) is None:
        return
    name = reader.called(Column.NAME, cells[Column.NAME])
    role = ROLES.get(written := reader.text(Column.ROLE, cells.get(Column.ROLE)))
    if role is None:
        reader.finds(Column.ROLE, Problem.NOT_A_ROLE, written)
    body = reader.text(Column.BODY, cells.get(Column.BODY))
    acts_as = bodies.get(body) if role is Role.RESPONDER else None
    if role is Role.RESPONDER and acts_as is None:
        reader.finds(Column.BODY, Problem.NOT_A_BODY, body)
        return
    if name is None or role is None:
        return
    before = roster.people.setdefault(PersonFounded(area, name, role, acts_as, estate), reader.line)
    if before != reader.line:
        reader.finds(Column.NAME, Problem.PERSON_TWICE, str(before))


def look_at_roster(database: Database, content: bytes, bodies: Mapping[str, Responder]) -> tuple[Roster, Founded]:
    """What the sheet says, and how much of it is new; nothing is changed. Raises Refused."""
    roster = read_roster(content, bodies)
    with database.reading() as session:
        return roster, _Record(session).news_of(roster)


def found(database: Database, roster: Roster, now: datetime) -> Founded:
    """Put what is new on record, in one transaction. Raises ValueError for a roster with faults."""
    if roster.found.fault_count:
        raise ValueError("a roster with faults is not put on record")
    with database.writing() as session:
        record = _Record(session)
        news = record.news_of(roster)
        record.take_in(Ledger(session, now), roster)
        return news


class _Record:
    """The areas, estates and people that are on record, by the names that a roster uses."""

    def __init__(self, session: Session) -> None:
        rows = session.exec(select(Area).order_by(col(Area.path))).all()
        by_id = {row.id: row for row in rows}
        self._areas: dict[AreaNames, Area] = {}
        for row in rows:
            ids = [int(part) for part in row.path.strip("/").split("/")]
            self._areas[tuple((by_id[id_].level, by_id[id_].name) for id_ in ids)] = row
        self._estates = {row.name: row for row in session.exec(select(Estate))}
        staff = session.exec(select(Worker).where(col(Worker.left_at).is_(None)))
        self._people = {(row.name, row.area_id, row.role) for row in staff}

    def news_of(self, roster: Roster) -> Founded:
        return Founded(
            areas=sum(names not in self._areas for names in roster.areas),
            estates=sum(name not in self._estates for name in roster.estates),
            people=sum(not self._has(person) for person in roster.people),
        )

    def take_in(self, ledger: Ledger, roster: Roster) -> None:
        for names in roster.areas:
            if names not in self._areas:
                self._areas[names] = self._new_area(ledger, names)
        for name, homes in roster.estates.items():
            if name not in self._estates:
                estate = new(Estate, area_id=self._areas[_common(homes)].id, name=name)
                ledger.session.add(estate)
                ledger.session.flush()
                self._estates[name] = estate
        for person in roster.people:
            if not self._has(person):
                self._add(ledger, person)

    def _has(self, person: PersonFounded) -> bool:
        area = self._areas.get(person.area)
        return area is not None and (person.name, area.id, person.role) in self._people

    def _new_area(self, ledger: Ledger, names: AreaNames) -> Area:
        above = self._areas.get(names[:-1])
        level, name = names[-1]
        area = new(Area, level=level, name=name, parent_id=above.id if above else None)
        ledger.session.add(area)
        ledger.session.flush()
        area.path = f"{above.path if above else '/'}{area.id}/"
        return area

    def _add(self, ledger: Ledger, person: PersonFounded) -> None:
        worker = new(
            Worker,
            area_id=self._areas[person.area].id,
            name=person.name,
            role=person.role,
            acts_as=person.acts_as,
            estate_id=self._estates[person.estate].id if person.estate else None,
        )
        ledger.adds(worker, "founded")


def _common(homes: Sequence[AreaNames]) -> AreaNames:
    """The narrowest area that holds all of these."""
    depth = 0
    while all(len(names) > depth and names[: depth + 1] == homes[0][: depth + 1] for names in homes):
        depth += 1
    return homes[0][:depth]
