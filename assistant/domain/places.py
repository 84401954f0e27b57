"""Where a finding is: a household behind one door, or a public place.

A key is what every record hangs under, written as ``contract/severity.md`` fixes it: ``3-2-501``, ``3-?-6F``,
``A-0-1203``, ``place:8栋楼道``. The estate is not part of the key; records pair the two.
"""

from dataclasses import dataclass, replace

UNSAID = "?"
PLACE_PREFIX = "place:"


@dataclass(frozen=True, order=True)
class HouseholdKey:
    """栋-单元-房号 in plain digits (a building may be a letter); a part that was not said is ``?``."""

    building: str = UNSAID
    unit: str = UNSAID
    room: str = UNSAID

    def __str__(self) -> str:
        return f"{self.building}-{self.unit}-{self.room}"

    @classmethod
    def parse(cls, text: str) -> "HouseholdKey":
        """Read ``3-2-501``. Raises ValueError when it has not three parts."""
        building, unit, room = text.split("-")
        return cls(building, unit, room)

    @property
    def is_complete(self) -> bool:
        """Is there one door that this can mean? (A whole unit is complete too: ``CaseReading.is_whole_unit``.)"""
        return UNSAID not in (self.building, self.unit, self.room) and not self.is_floor_only

    @property
    def is_floor_only(self) -> bool:
        """Is the floor all that is known of the room (``3-?-6F``)?"""
        return self.room.endswith("F")

    @property
    def is_empty(self) -> bool:
        """Was no door named at all?"""
        return (self.building, self.unit, self.room) == (UNSAID, UNSAID, UNSAID)

    def fill_from(self, other: "HouseholdKey") -> "HouseholdKey":
        """Take each unsaid part from ``other``."""
        return HouseholdKey(
            self.building if self.building != UNSAID else other.building,
            self.unit if self.unit != UNSAID else other.unit,
            self.room if self.room != UNSAID else other.room,
        )

    def fits(self, other: "HouseholdKey") -> bool:
        """Do the parts that both say agree? (A floor fits the rooms on it.)"""
        return (
            _agree(self.building, other.building)
            and _agree(self.unit, other.unit)
            and _rooms_agree(self.room, other.room)
        )

    def with_room(self, room: str) -> "HouseholdKey":
        """The same building and unit, another room."""
        return replace(self, room=room)


def _agree(a: str, b: str) -> bool:
    return UNSAID in (a, b) or a == b


def _rooms_agree(a: str, b: str) -> bool:
    if UNSAID in (a, b) or a == b:
        return True
    if a.endswith("F") != b.endswith("F"):
        floor, room = (a, b) if a.endswith("F") else (b, a)
        return floor_of(room) == floor[:-1]
    return False


def floor_of(room: str) -> str | None:
    """The floor a room number tells: ``501`` → ``5``, ``1502`` → ``15``, ``6F`` → ``6``; None for ``11``."""
    if room.endswith("F"):
        return room[:-1]
    return room[:-2] if room.isdigit() and len(room) in (3, 4) else None


def is_place(key: str) -> bool:
    """Is this the key of a public place?"""
    return key.startswith(PLACE_PREFIX)
