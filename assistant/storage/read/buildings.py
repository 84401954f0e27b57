"""楼栋图: from the estates to the buildings of one to the doors of one, each with the worst that stands open there.

A door shows what its flags say that this viewer may see; a building shows its worst door, an estate its worst building.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.domain.places import PLACE_PREFIX, UNSAID
from assistant.domain.reports import Severity
from assistant.domain.rights import Viewer
from assistant.storage.read.standing import STANDS
from assistant.storage.tables import Estate, Flag, Household
from assistant.storage.viewing import flags_seen_by, households_seen_by

_BY_URGENCY = list(Severity)
#: a building without units has this one
_NO_UNIT = "0"


@dataclass(frozen=True)
class Tile:
    """An estate or a building. ``counts`` tells how many doors stand at each severity; ``doors`` how many there are."""

    name: str
    doors: int
    counts: dict[Severity, int]
    id: int | None = None

    @property
    def severity(self) -> Severity | None:
        """The worst in it; None where nothing stands open."""
        return next((severity for severity in Severity if self.counts.get(severity)), None)


@dataclass(frozen=True)
class DoorTile:
    """One door or place."""

    household_id: int
    key: str
    room: str
    severity: Severity | None


@dataclass(frozen=True)
class Floor:
    """The doors of one floor, by room number. ``name`` is empty for doors whose number tells no floor."""

    name: str
    doors: tuple[DoorTile, ...]


@dataclass(frozen=True)
class Unit:
    """The floors of one unit, the highest first. ``name`` is empty in a building without units."""

    name: str
    floors: tuple[Floor, ...]

    @property
    def doors(self) -> list[DoorTile]:
        return [door for floor in self.floors for door in floor.doors]

    @property
    def severity(self) -> Severity | None:
        """The worst in it."""
        found = [door.severity for door in self.doors if door.severity is not None]
        return min(found, key=lambda severity: severity.urgency, default=None)


@dataclass(frozen=True)
class Building:
    """A building: its units, and what is known of it that has no door (a corridor, a floor, half a number)."""

    estate: str
    name: str
    units: tuple[Unit, ...]
    around: tuple[DoorTile, ...] = field(default=())

    @property
    def counts(self) -> dict[Severity, int]:
        """How many doors and places stand at each severity."""
        every = [*self.around, *(door for unit in self.units for door in unit.doors)]
        return dict(Counter(door.severity for door in every if door.severity is not None))


def estates_of(session: Session, viewer: Viewer) -> tuple[Tile, ...]:
    """The estates in which the viewer may see a door, the worst first."""
    seen_here = sa.select(col(Household.id)).where(col(Household.estate_id) == Estate.id, households_seen_by(viewer))
    estates = session.exec(select(Estate.id, Estate.name).where(seen_here.exists()).order_by(col(Estate.id))).all()
    worst = _worst(viewer).subquery()
    counts: dict[int, dict[Severity, int]] = defaultdict(dict)
    rows = session.execute(
        sa.select(col(Household.estate_id), worst.c.urgency, func.count())
        .join(worst, worst.c.household_id == col(Household.id))
        .group_by(col(Household.estate_id), worst.c.urgency)
    )
    for estate_id, urgency, count in rows:
        counts[estate_id][_BY_URGENCY[urgency]] = count
    return _worst_first(Tile(name, 0, counts[id_], id_) for id_, name in estates if id_ is not None)


def buildings_of(session: Session, viewer: Viewer, estate: Estate) -> tuple[Tile, ...]:
    """The buildings of an estate in which the viewer may see a door, in the order of their numbers."""
    here = [col(Household.estate_id) == estate.id, households_seen_by(viewer), *_has_a_building()]
    doors = session.execute(
        sa.select(col(Household.building), func.count()).where(*here).group_by(col(Household.building))
    ).all()
    worst = _worst(viewer).subquery()
    counts: dict[str, dict[Severity, int]] = defaultdict(dict)
    rows = session.execute(
        sa.select(col(Household.building), worst.c.urgency, func.count())
        .join(worst, worst.c.household_id == col(Household.id))
        .where(*here)
        .group_by(col(Household.building), worst.c.urgency)
    )
    for building, urgency, count in rows:
        counts[building][_BY_URGENCY[urgency]] = count
    tiles = [Tile(building, count, counts[building]) for building, count in doors]
    return tuple(sorted(tiles, key=lambda tile: _by_number(tile.name)))


def building_of(session: Session, viewer: Viewer, estate: Estate, name: str) -> Building | None:
    """One building door by door; None where the viewer may see nothing of it."""
    of_it = sa.or_(
        col(Household.building) == name,
        col(Household.key).startswith(f"{PLACE_PREFIX}{name}栋", autoescape=True),
    )
    here = sa.and_(col(Household.estate_id) == estate.id, of_it, households_seen_by(viewer))
    households = session.exec(
        select(Household).where(here).order_by(col(Household.door_order), col(Household.id))
    ).all()
    if not households or name == UNSAID:
        return None
    ids = sa.select(col(Household.id)).where(here)
    worst = {id_: urgency for id_, urgency in session.execute(_worst(viewer).where(col(Flag.household_id).in_(ids)))}
    rooms: dict[str, dict[str, list[DoorTile]]] = defaultdict(lambda: defaultdict(list))
    around = []
    for row in households:
        urgency = worst.get(row.id)
        tile = DoorTile(row.id or 0, row.key, row.room or "", None if urgency is None else _BY_URGENCY[urgency])
        if _is_a_door(row):
            rooms[row.unit or ""][row.floor or ""].append(tile)
        elif tile.severity is not None:
            around.append(tile)
    units = (Unit("" if unit == _NO_UNIT else unit, _floors(rooms[unit])) for unit in sorted(rooms, key=_by_number))
    return Building(estate.name, name, tuple(units), tuple(around))


def _worst(viewer: Viewer) -> sa.Select[int, int]:
    """The most urgent standing flag of each household that the viewer may see."""
    return (
        sa.select(col(Flag.household_id), func.min(col(Flag.urgency)).label("urgency"))
        .where(STANDS, flags_seen_by(viewer))
        .group_by(col(Flag.household_id))
    )


def _worst_first(tiles: Iterable[Tile]) -> tuple[Tile, ...]:
    return tuple(sorted(tiles, key=lambda tile: (tile.severity or Severity.RECORD).urgency))


def _has_a_building() -> Sequence[sa.ColumnElement[bool]]:
    return col(Household.is_place).is_(False), col(Household.building).is_not(None), col(Household.building) != UNSAID


def _is_a_door(row: Household) -> bool:
    parts = (row.unit, row.room)
    return not row.is_place and None not in parts and UNSAID not in parts and not (row.room or "").endswith("F")


def _floors(by_floor: dict[str, list[DoorTile]]) -> tuple[Floor, ...]:
    names = sorted((name for name in by_floor if name), key=_by_number, reverse=True)
    if "" in by_floor:
        names.append("")
    return tuple(Floor(name, tuple(by_floor[name])) for name in names)


def _by_number(name: str) -> tuple[int, int, str]:
    """2 before 10, and numbers before letters."""
    return (0, int(name), "") if name.isascii() and name.lstrip("-").isdecimal() else (1, len(name), name)
