"""One door as far as it was said, and how a piece makes it more.

3栋 + 2单元 + 501    a piece only ever goes on downwards, and hardly anything may stand between
8楼 + 2单元          a northern way to write a building
5号 + 402室          a Shanghai way
"""

import re
from dataclasses import dataclass, replace

from assistant.understand.address.mention import BUILDING, FLOOR, ROOM, UNIT
from assistant.understand.address.pieces import LONGEST_LIST, Kind, Piece

LEVELS = {
    Kind.BUILDING: 1,
    Kind.ROW: 1,
    Kind.UNIT: 2,
    Kind.GATEWAY: 2,
    Kind.FLOOR: 3,
    Kind.ROOM: 4,
    Kind.LOOSE_ROOM: 4,
    Kind.FLAT: 4,
    Kind.FLOOR_FLAT: 4,
    Kind.BUILDING_UNIT: 2,
    Kind.ANNEX: 4,
}
ROOMS = (Kind.ROOM, Kind.LOOSE_ROOM)
_CLOSE = re.compile(r"\s?(?:的|那个|那边的?|里头的?|里|[-/—、第])?\s?")
_COMMA = re.compile(r"的?[,、。:]?\s?")
#: behind 5号: then it is a day
A_DAY = re.compile(r"来|去|再|上午|下午|中午|晚|早|就|前|后|之前|以前|之后|开始|起|到期|截止|交|那天|当天|左右")
_THESE = re.compile(r"(?:[这那]|一共|总共|共)$")
_STOREYS = re.compile(r"楼(?![道上下梯顶长层脚里头门栋])")


@dataclass(frozen=True, slots=True)
class Parts:
    """One door as far as it was said. ``unit`` and ``floor`` may be "": said, but not as a number (东单元, 顶楼).

    ``unsure`` are the last two numbers of a chain like 3-2-5, which may be unit and door, or floor and door.
    """

    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    unsure: tuple[str, str] | None = None

    @property
    def depth(self) -> int:
        """The lowest level said: 1 building, 2 unit, 3 floor, 4 room, 0 nothing."""
        levels = (self.building, self.unit, self.floor, self.room)
        return max((level for level, value in enumerate(levels, start=1) if value is not None), default=0)

    @property
    def said(self) -> frozenset[str]:
        """The names of the levels that were said."""
        return frozenset(name for name in (BUILDING, UNIT, FLOOR, ROOM) if getattr(self, name) is not None)


def joins(gap: str, door: Parts, piece: Piece) -> bool:
    """May ``piece`` go on with the door before it? Only downwards, and hardly anything may stand between."""
    level = LEVELS.get(piece.kind, 1 if piece.kind is Kind.WHOLE else 0)
    if piece.kind is Kind.CHAIN:
        return len(piece.values) == 2 and door.depth == 1 and bool(_CLOSE.fullmatch(gap))
    if piece.kind is Kind.FLOOR_FLAT:
        return door.depth in (1, 2) and bool(_CLOSE.fullmatch(gap))
    if piece.kind is Kind.UNIT and door == Parts(floor=door.floor) and not gap:
        return True  # 8楼2单元: a northern way to write a building
    if piece.kind is Kind.BUILDING and _is_wing(door, piece) and not gap:
        return True
    if level <= door.depth and piece.kind is not Kind.WHOLE:
        return False
    if _CLOSE.fullmatch(gap):
        return True
    return door.depth <= 2 and piece.kind in (Kind.UNIT, Kind.FLOOR, Kind.ROOM) and bool(_COMMA.fullmatch(gap))


def _is_wing(door: Parts, piece: Piece) -> bool:
    """3号楼A座: a lettered part of a numbered building, as good as a unit."""
    is_numbered = door.building is not None and door.building.isdigit() and door == Parts(building=door.building)
    return is_numbered and len(piece.values) == 1 and piece.values[0].isalpha()


def grow(text: str, doors: list[Parts], piece: Piece, following: Piece | None) -> list[Parts] | None:
    """The doors with the piece added; None when the piece does not belong to a door here."""
    door, values = doors[-1], piece.values
    is_next = following is not None and text[piece.end : following.start] in ("", "里")
    match piece.kind:
        case Kind.CHAIN:
            return [_chain(values, door)]
        case Kind.BUILDING if _is_wing(door, piece):
            return [replace(door, unit=values[0])]
        case Kind.BUILDING:
            if _THESE.search(text, max(0, piece.start - 2), piece.start):
                return None  # 这3栋楼: how many
            if not text[piece.start].isdigit() and _STOREYS.match(text, piece.end):
                return None  # 三栋楼
            return [Parts(building=value) for value in values]
        case Kind.ROW if following is not None and following.kind is Kind.FLAT:
            return None if A_DAY.match(text, following.end) else [Parts(building=values[0])]
        case Kind.BUILDING_UNIT:
            return [Parts(building=values[0], unit=values[1])]
        case Kind.FLOOR_FLAT if door.depth:
            return [replace(each, floor=values[0], room=values[1]) for each in doors]
        case Kind.UNIT if door.building is None and door.floor is not None:
            return [Parts(building=door.floor, unit=value) for value in values]
        case Kind.UNIT:
            return [replace(each, unit=value) for each in doors for value in values]
        case Kind.GATEWAY if door.depth <= 1:
            return [replace(each, unit=values[0]) for each in doors]
        case Kind.FLOOR:
            return [replace(each, floor=value) for each in doors for value in values]
        case Kind.ROOM | Kind.ANNEX:
            return [replace(each, room=value) for each in doors for value in values]
        case Kind.LOOSE_ROOM if door.depth:
            return [replace(each, room=values[0]) for each in doors]
        case Kind.FLAT if door.depth in (1, 2, 3):
            if door.depth == 1 and A_DAY.match(text, piece.end):
                return None
            return [replace(each, room=value) for each in doors for value in values]
        case Kind.FLAT if is_next and following is not None and following.kind in (*ROOMS, Kind.UNIT, Kind.FLOOR):
            return [Parts(building=values[0])]
        case _:
            return None


def _chain(values: tuple[str, ...], door: Parts) -> Parts:
    """3-2-501, 7-302, 3-2-5-1, and 2-501 behind a building; 1-3-2-501 has the estate's phase in front."""
    last = values[-1]
    if len(values) == 2:
        first = values[0]
        return replace(door, unit=first, room=last) if door.building else Parts(building=first, room=last)
    if len(values) == 4:
        a, b, c, _ = values
        return Parts(building=b, unit=c, room=last) if len(last) >= 3 else Parts(building=a, unit=b, floor=c, room=last)
    if len(last) < 3:
        return Parts(building=values[0], unsure=(values[1], last))
    return Parts(building=values[0], unit=values[1], room=last)


def lent(before: Parts, piece: Piece) -> Parts | None:
    """15楼2号没人,|3号…: what a short number by itself goes on with, where ``before`` ended in one too."""
    if before.room is None or not before.room.isdigit() or len(before.room) > 2:
        return None
    if piece.kind is Kind.FLOOR_FLAT:
        return Parts(floor=piece.values[0])
    return Parts(floor=before.floor) if piece.kind is Kind.FLAT else None


def with_level(door: Parts, level: str, value: str) -> Parts:
    """The next member of a list: ``door`` with another value at ``level``, and nothing below it."""
    match level:
        case "building":
            return Parts(building=value)
        case "unit":
            return Parts(building=door.building, unit=value)
        case "floor":
            return Parts(building=door.building, unit=door.unit, floor=value)
        case _:
            return replace(door, room=value)


def rooms_between(first: str, last: str) -> list[str]:
    """101到108 along a floor, 101到601 up the building; empty when it is no such range."""
    if not (first.isdigit() and last.isdigit()) or int(last) <= int(first):
        return []
    if len(last) < 3:  # 5楼1号到4号
        return [str(number) for number in range(int(first), int(last) + 1)][:LONGEST_LIST]
    step = 1 if first[:-2] == last[:-2] else 100 if first[-2:] == last[-2:] else 0
    return [str(number) for number in range(int(first), int(last) + 1, step)][:LONGEST_LIST] if step else []
