"""A door or a public place as a message speaks of it."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.places import UNSAID, HouseholdKey

BUILDING, UNIT, FLOOR, ROOM = "building", "unit", "floor", "room"


class Relation(StrEnum):
    """How a neighbour was named: by where they live from a door that the message speaks of."""

    UPSTAIRS = "upstairs"
    DOWNSTAIRS = "downstairs"
    OPPOSITE = "opposite"
    NEXT_DOOR = "next_door"


@dataclass(frozen=True)
class DoorMention:
    """``text[start:end]`` names the doors ``keys``, or else the public place ``place``.

    ``keys`` has several entries for what is named in one breath (101到108, 301和401, 1、2栋) and none for a place.
    ``words`` are the location words without 的, in capitals (B座): what a finding about common property is filed under
    when the mention is only a building, unit or floor (12栋, 8栋2单元, 4栋顶楼); equal to ``place`` for a place.
    """

    start: int
    end: int
    keys: tuple[HouseholdKey, ...]
    words: str
    #: set when the words can only mean a public place
    place: str | None = None
    #: of a place: the building, unit and floor that were named with it
    anchor: HouseholdKey | None = None
    #: which of building, unit, floor and room were said here, not taken from elsewhere
    said: frozenset[str] = frozenset()
    relation: Relation | None = None
    is_range: bool = False
    #: doors of a range that were taken out of it again (除了105)
    left_out: tuple[HouseholdKey, ...] = ()
    #: some part was taken from another mention
    elided: bool = False
    #: everybody of the unit is meant (整个2单元)
    whole_unit: bool = False
    #: 在, 到, 去, 从 … right before a place: where somebody went, more often than what is reported
    preposition: str | None = None

    @property
    def names_a_door(self) -> bool:
        """Is there a room, or a whole unit, in it?"""
        return self.whole_unit or any(key.room != UNSAID and not key.is_floor_only for key in self.keys)
