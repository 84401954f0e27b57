"""楼栋图: estates, the buildings of one, the doors of one, drawn unit by unit, lettered by the worst that is open."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.domain.errors import NotAllowed
from assistant.domain.reports import Severity
from assistant.domain.rights import Right
from assistant.storage.read.buildings import Building, DoorTile, Unit, building_of, buildings_of, estates_of
from assistant.storage.read.households import households
from assistant.storage.read.wanted import Wanted
from assistant.storage.tables import Estate

MAP_PATH = "/console/map"
ESTATE_PATH = "/console/map/{id}"
BUILDING_PATH = "/console/map/{id}/{building}"
#: a building with more doors is shown one unit at a time
_AT_ONCE = 500
_WIDTH, _HEIGHT, _GAP, _LABEL = 58, 36, 4, 34
_LONGEST_NAME = 20
_NOT_THERE = "没有这个小区或楼栋，或者不在您的范围里。"


@dataclass(frozen=True)
class Cell:
    """A door where it is drawn within its floor."""

    door: DoorTile
    x: int


@dataclass(frozen=True)
class Row:
    """A floor where it is drawn."""

    name: str
    y: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Drawing:
    """A unit as it is drawn, in pixels."""

    name: str
    width: int
    height: int
    rows: tuple[Row, ...]


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(MAP_PATH, Right.SEE_CASES, _estates),
        gate.route(ESTATE_PATH, Right.SEE_CASES, _estate),
        gate.route(BUILDING_PATH, Right.SEE_CASES, _building),
    ]


def drawn(unit: Unit) -> Drawing:
    """Where each door of a unit goes: one column a room number's end (501 and 601 stand above each other)."""
    columns = sorted({_column(door) for door in unit.doors})
    at = {column: _LABEL + place * (_WIDTH + _GAP) for place, column in enumerate(columns)}
    rows = []
    for number, floor in enumerate(unit.floors):
        is_told = bool(floor.name)
        cells = tuple(
            Cell(door, at[_column(door)] if is_told else _LABEL + place * (_WIDTH + _GAP))
            for place, door in enumerate(floor.doors)
        )
        rows.append(Row(floor.name, number * (_HEIGHT + _GAP), cells))
    width = max((cell.x for row in rows for cell in row.cells), default=_LABEL) + _WIDTH
    return Drawing(unit.name, width, len(rows) * (_HEIGHT + _GAP), tuple(rows))


def _column(door: DoorTile) -> str:
    return door.room[-2:]


def _estates(visit: Visit) -> Response:
    with visit.reading() as session:
        estates = estates_of(session, visit.viewer)
    if len(estates) == 1:
        return visit.go(f"{MAP_PATH}/{estates[0].id}")
    return visit.show("map.html", estates=estates)


def _estate(visit: Visit) -> Response:
    with visit.reading() as session:
        estate = session.get(Estate, visit.number("id"))
        buildings = buildings_of(session, visit.viewer, estate) if estate is not None else ()
        if estate is None or not buildings:
            raise NotAllowed(_NOT_THERE)
    return visit.show("map_estate.html", estate=estate, buildings=buildings)


def _building(visit: Visit) -> Response:
    name = str(visit.request.path_params["building"])[:_LONGEST_NAME]
    with visit.reading() as session:
        estate = session.get(Estate, visit.number("id"))
        building = building_of(session, visit.viewer, estate, name) if estate is not None else None
        if estate is None or building is None:
            raise NotAllowed(_NOT_THERE)
        lines = households(session, visit.viewer, Wanted(estate_id=estate.id, building=name), visit.now).lines
    shown = _shown(building, visit.request.query_params.get("unit"))
    return visit.show(
        "map_building.html",
        estate=estate,
        building=building,
        shown=[unit.name for unit in shown],
        drawings=[drawn(unit) for unit in shown],
        lines=lines,
    )


def _shown(building: Building, chosen: str | None) -> list[Unit]:
    """All units, or of a tall building the one that was chosen, else the worst."""
    if sum(len(unit.doors) for unit in building.units) <= _AT_ONCE:
        return list(building.units)
    named = [unit for unit in building.units if unit.name == chosen]
    return named or [min(building.units, key=lambda unit: (unit.severity or Severity.RECORD).urgency)]
