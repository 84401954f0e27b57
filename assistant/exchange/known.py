"""What is on record where somebody brings a sheet: their estates, areas and doors.

Doors of other areas are known to exist, so that none is put on record twice, but nothing more is told of them.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel
from assistant.domain.rights import Viewer
from assistant.storage.tables import Area, Estate, Household

#: an estate's doors belong to one of these
_HOLDS_DOORS = (AreaLevel.MICRO_GRID, AreaLevel.SPECIAL_GRID, AreaLevel.GRID)


class KnownDoor(NamedTuple):
    """A door on record."""

    id: int
    area_id: int
    in_address_book: bool
    is_mine: bool


class KnownArea(NamedTuple):
    """An area of the viewer's that doors may belong to."""

    id: int
    name: str
    path: str


@dataclass
class KnownBuilding:
    """What the doors of one building tell: its units, and the areas of the viewer's that they belong to."""

    units: set[str] = field(default_factory=set)
    area_ids: set[int] = field(default_factory=set)


@dataclass
class KnownEstate:
    """An estate that lies in the viewer's area, or that their area lies in."""

    id: int
    name: str
    area_path: str
    doors: dict[str, KnownDoor] = field(default_factory=dict)
    buildings: dict[str, KnownBuilding] = field(default_factory=lambda: defaultdict(KnownBuilding))


class Known:
    """The record as one viewer may know it; an estate's doors are read when they are first asked for."""

    def __init__(self, session: Session, viewer: Viewer) -> None:
        self._session = session
        self._loaded: dict[int, KnownEstate] = {}
        self.estates: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.areas: dict[str, list[KnownArea]] = defaultdict(list)
        self._area_ids: set[int] = set()
        self._area_names: dict[int, str] = {}
        self._read_areas(viewer)

    def _read_areas(self, viewer: Viewer) -> None:
        rows = self._session.exec(select(Area)).all()
        names = {row.id: row.name for row in rows}
        for row in rows:
            assert row.id is not None
            if not row.path.startswith(viewer.area_path):
                continue
            self._area_ids.add(row.id)
            self._area_names[row.id] = row.name
            if row.level in _HOLDS_DOORS:
                area = KnownArea(row.id, row.name, row.path)
                self.areas[row.name].append(area)
                self.areas[f"{names.get(row.parent_id)}/{row.name}"].append(area)
        for estate_id, name, path in self._session.exec(
            select(Estate.id, Estate.name, Area.path).join(Area, col(Area.id) == Estate.area_id)
        ):
            if estate_id is not None and lies_on_one_line(path, viewer.area_path):
                self.estates[name].append((estate_id, path))

    def area_name(self, area_id: int) -> str:
        """The name of an area of the viewer's; of another one only that it is another."""
        return self._area_names.get(area_id, "别的网格")

    def estate(self, name: str) -> KnownEstate | None:
        """The estate of that name with its doors; without a name, the only one. None where none or several fit."""
        fitting = self.estates.get(name, []) if name else [one for ones in self.estates.values() for one in ones]
        if len(fitting) != 1:
            return None
        estate_id, path = fitting[0]
        if estate_id not in self._loaded:
            own_name = next(key for key, ones in self.estates.items() if fitting[0] in ones)
            self._loaded[estate_id] = self._with_doors(KnownEstate(estate_id, own_name, path))
        return self._loaded[estate_id]

    def _with_doors(self, estate: KnownEstate) -> KnownEstate:
        rows = self._session.exec(
            select(  # type: ignore[call-overload]
                Household.id,
                Household.key,
                Household.area_id,
                Household.in_address_book,
                Household.building,
                Household.unit,
            )
            .where(Household.estate_id == estate.id, Household.scope == "")
            .where(col(Household.is_place).is_(False))
        )
        for door_id, key, area_id, in_book, building, unit in rows:
            is_mine = area_id in self._area_ids
            estate.doors[key] = KnownDoor(door_id, area_id, in_book, is_mine)
            if in_book:
                of_building = estate.buildings[building]
                of_building.units.add(unit)
                if is_mine:
                    of_building.area_ids.add(area_id)
        return estate


def lies_on_one_line(path: str, other: str) -> bool:
    """Is one of the two areas the other, or above it?"""
    return path.startswith(other) or other.startswith(path)
