"""Put pieces that stand together into phrases: one phrase names the doors, or the place, of one breath.

    3栋2单元501 和 502     one phrase, two doors          1-1-101到108     one phrase, eight doors
    8栋的楼道              a place                        3-2-501门口      a door (its own doorway)

A phrase holds what was said and nothing else; ``elision`` adds what an earlier phrase lends it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.understand.address.mention import BUILDING, FLOOR, ROOM, UNIT, Relation
from assistant.understand.address.parts import (
    A_DAY,
    LEVELS,
    ROOMS,
    Parts,
    grow,
    joins,
    lent,
    rooms_between,
    with_level,
)
from assistant.understand.address.pieces import LONGEST_LIST, Kind, Piece
from assistant.understand.address.surroundings import SPOTS, Surroundings
from assistant.understand.idioms import idioms
from assistant.understand.numbers.words import any_of
from knowledge.language import PlaceWords


@dataclass(slots=True)
class Phrase:
    """``text[start:end]``. ``words`` are the parts that make its name; ``is_place`` when it can be no household."""

    start: int
    end: int
    doors: list[Parts] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    is_place: bool = False
    is_range: bool = False
    whole_unit: bool = False
    relation: Relation | None = None


_AND = re.compile(r"\s?(?:[、,/+&]|和|跟|与|及|以及|还有|同|跟到|连到|,还有)\s?")
_TO = re.compile(r"\s?(?:(?:一直|往[上下])?(?P<walked>一路走|走|跑|查|看|敲)?(?:到|至)|[-~—]+)\s?")
_STREET = re.compile(r"((?:(?![下到在去往从住了的和])[一-龥]){1,3}[街路巷道])$")
#: what names a building, so that it begins anew behind a comma
_WHOLE = (Kind.BUILDING, Kind.CHAIN)
_VILLAGE = re.compile(r"[一-龥]{1,3}[村湾寨坝屯庄坪坡岭冲沟营]$")
_RANGED = (*ROOMS, Kind.CHAIN, Kind.FLAT)
_EACH = re.compile(r"[^,。;!?\n]{0,4}(?:都|均|全|皆)")
_WHOLE_AFTER = re.compile(r"的?(?:整个|全部|全体|所有|家家|每家|每户|各户|各家|挨家|都停|全停)")


def _share(text: str, phrase: Phrase, bare: int) -> None:
    """7栋、8栋的201都…: what stands behind the last of several bare buildings is in each of them."""
    last = phrase.doors[bare:]
    is_shared = _EACH.match(text, phrase.end) or "的" in text[phrase.start : phrase.end]
    if not is_shared or len(last) != 1 or last[0].depth == 1:
        return
    if all(door == Parts(building=door.building) for door in phrase.doors[:bare]):
        phrase.doors[:bare] = [replace(last[0], building=door.building) for door in phrase.doors[:bare]]


def _is_in_village(text: str, piece: Piece) -> bool:
    """张家湾15号, 上河村12号: houses are numbered by the village."""
    return _VILLAGE.search(text, max(0, piece.start - 4), piece.start) is not None


def _between(first: str, last: str, to: re.Match[str]) -> list[str]:
    """The doors or floors of a range; who walked them may have gone down (从601走到301)."""
    return rooms_between(first, last) or (rooms_between(last, first)[::-1] if to["walked"] else [])


def _is_last_number(text: str, piece: Piece, following: Piece | None) -> bool:
    goes_on = following is not None and following.start - piece.end <= 1 and following.kind in LEVELS
    return piece.kind is Kind.FLAT and not goes_on and not A_DAY.match(text, piece.end)


class PhraseReader:
    """The grammar, with its patterns compiled once for one set of words."""

    def __init__(self, words: PlaceWords) -> None:
        self._relations = {
            **dict.fromkeys(words.upstairs, Relation.UPSTAIRS),
            **dict.fromkeys(words.downstairs, Relation.DOWNSTAIRS),
            **dict.fromkeys(words.opposite, Relation.OPPOSITE),
            **dict.fromkeys(words.next_door, Relation.NEXT_DOOR),
        }
        self._surroundings = Surroundings(words)
        self._stay = re.compile(any_of(words.floor_stay_before) + "$")
        self._flow_to = re.compile(any_of(words.flow_verbs) + "水?到了?$")
        self._common = re.compile("的?" + any_of(words.common_things))
        self._shop = re.compile(any_of(words.shop_words))

    def phrases(self, text: str, pieces: Sequence[Piece]) -> list[Phrase]:
        """All phrases, left to right; a piece that means nothing by itself (5号来) yields none."""
        found: list[Phrase] = []
        at = 0
        while at < len(pieces):
            kind = pieces[at].kind
            if kind is Kind.NEAR:
                phrase, at = self._neighbour(text, pieces, at)
            elif kind in SPOTS:
                phrase, at = self._place(text, pieces, at)
            else:
                phrase, at = self._household(text, pieces, at, found)
            if phrase is not None:
                found.append(phrase)
        return found

    def _neighbour(self, text: str, pieces: Sequence[Piece], at: int) -> tuple[Phrase | None, int]:
        piece = pieces[at]
        said = text[piece.start : piece.end]
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if following is not None and following.start - piece.end <= 1:
            if following.kind is Kind.NEAR:  # 楼上楼下: everybody around, nobody in particular
                return None, at + 2
            if following.kind in (*ROOMS, Kind.CHAIN):  # 楼上502: the number says it
                return None, at + 1
            if following.kind is Kind.SPOT and following.start == piece.end:  # 楼下小卖部
                return None, at + 1
        before = text[max(0, piece.start - 4) : piece.start]
        is_vertical = self._relations[said] in (Relation.UPSTAIRS, Relation.DOWNSTAIRS)
        if is_vertical and self._stay.search(before) and not self._flow_to.search(before):
            return None, at + 1
        return Phrase(piece.start, piece.end, [Parts()], [said], relation=self._relations[said]), at + 1

    def _place(self, text: str, pieces: Sequence[Piece], at: int) -> tuple[Phrase | None, int]:
        piece = pieces[at]
        street = self._surroundings.street_before(text, piece)
        around = self._surroundings.behind(text, pieces, at, piece.start, has_anchor=bool(street))
        start = piece.start - len(street)
        following = pieces[around.at] if around.at < len(pieces) else None
        if following is not None and following.start == around.end and following.kind in (Kind.BUILDING, Kind.CHAIN):
            return None, around.at  # 锦江花园3号楼: the estate's name
        is_passed = piece.kind is Kind.GATE and self._surroundings.is_only_passed(text, start, around.end)
        if not around.words or is_passed or self._surroundings.is_a_thing(text, start, around.end):
            return None, max(around.at, at + 1)
        return Phrase(start, around.end, [], [street, *around.words], is_place=True), around.at

    def _household(
        self, text: str, pieces: Sequence[Piece], at: int, earlier: Sequence[Phrase]
    ) -> tuple[Phrase | None, int]:
        phrase = Phrase(pieces[at].start, pieces[at].start)
        after = self._doors(text, pieces, at, phrase)
        if not phrase.doors:
            after = self._short_number(text, pieces, at, phrase, earlier)
        if not phrase.doors:
            return self._yard(text, pieces[at]), at + 1
        after = self._more_doors(text, pieces, after, phrase)
        phrase.words = [text[phrase.start : phrase.end].replace("的", "")]
        last = phrase.doors[-1]
        if last.room is not None:
            is_shop = last.room.startswith("附") and self._shop.search(text, phrase.end, phrase.end + 8) is not None
            phrase.is_place = is_shop
            return phrase, self._surroundings.behind_own_door(text, pieces, after, phrase.end)
        phrase.whole_unit |= (
            last.unit is not None and last.floor is None and _WHOLE_AFTER.match(text, phrase.end) is not None
        )
        around = self._surroundings.behind(text, pieces, after, phrase.end, has_anchor=True)
        if around.words:
            phrase.words += around.words
            phrase.is_place, phrase.end = True, around.end
        is_common = len(phrase.doors) == 1 and self._common.match(text, phrase.end) is not None
        phrase.is_place |= phrase.doors[0].floor == "-1" or is_common
        return phrase, around.at

    def _short_number(
        self, text: str, pieces: Sequence[Piece], at: int, phrase: Phrase, earlier: Sequence[Phrase]
    ) -> int:
        """A door's short number by itself goes on with an earlier one (15楼2号…,3号…); else it is none (3号来)."""
        before = next((one.doors[-1] for one in reversed(earlier) if one.doors and one.relation is None), None)
        piece = pieces[at]
        start = None if before is None else lent(before, piece)
        if start is None or A_DAY.match(text, piece.end):
            return at
        phrase.doors = [replace(start, room=piece.values[-1])]
        phrase.end = piece.end
        return at + 1

    def _yard(self, text: str, piece: Piece) -> Phrase | None:
        """南岗路27号院 by itself, with no building of it named: a place."""
        if piece.kind is not Kind.AREA or not text.startswith("号院", piece.end - 2):
            return None
        street = _STREET.search(text, max(0, piece.start - 6), piece.start)
        start = street.start(1) if street else piece.start
        return Phrase(start, piece.end, [], [text[start : piece.end]], is_place=True)

    def _doors(self, text: str, pieces: Sequence[Piece], at: int, phrase: Phrase) -> int:
        """Take the pieces of one door (or of one list piece: 1、2栋) from ``at`` on."""
        first = len(phrase.doors)
        is_in_yard = False
        while at < len(pieces):
            piece, doors = pieces[at], phrase.doors[first:]
            following = pieces[at + 1] if at + 1 < len(pieces) else None
            if doors and not joins(text[phrase.end : piece.start], doors[-1], piece):
                break
            if (piece.kind is Kind.AREA and not doors) or piece.kind is Kind.WHOLE:
                if following is None or following.start - piece.end > 1 or following.kind in (*SPOTS, Kind.NEAR):
                    break
                phrase.whole_unit |= piece.kind is Kind.WHOLE and following.kind is Kind.UNIT
                is_in_yard = text.startswith("号院", piece.end - 2)
            elif not doors and (is_in_yard or _is_in_village(text, piece)) and _is_last_number(text, piece, following):
                phrase.doors.append(Parts(room=piece.values[0]))  # 7号院3号
            else:
                grown = grow(text, doors or [Parts()], piece, following)
                if grown is None:
                    break
                phrase.doors[first:] = grown
            phrase.end = piece.end
            at += 1
        return at

    def _more_doors(self, text: str, pieces: Sequence[Piece], at: int, phrase: Phrase) -> int:
        """Take what a list or range adds: 102、104; 101到108; 1栋和2栋. Where 、 joins it, a comma ends it."""
        is_listed = False
        while at < len(pieces) and len(phrase.doors) < LONGEST_LIST:
            piece, last, end = pieces[at], phrase.doors[-1], phrase.end
            gap = text[end : piece.start]
            if "," in gap and (is_listed or idioms().focus.search(text, max(0, phrase.start - 3), phrase.start)):
                break
            is_listed = is_listed or "," not in gap
            if "," in gap and any(piece.values[-1:] == (door.room,) for door in phrase.doors):
                break  # 漏到301,301没人
            to = _TO.fullmatch(gap)
            if last.room is not None and piece.kind in _RANGED and to:
                is_elsewhere = piece.kind is Kind.CHAIN and piece.values[:-1] != (last.building, last.unit)
                rooms = [] if is_elsewhere else _between(last.room, piece.values[-1], to)
                if not rooms:
                    break
                phrase.doors.extend(replace(last, room=room) for room in rooms[1:])
                phrase.is_range = True
            elif piece.kind is Kind.FLOOR and last.depth == LEVELS[Kind.FLOOR] and to:
                floors = _between(last.floor or "", piece.values[-1], to)
                if not floors:
                    break
                phrase.doors.extend(replace(last, floor=floor) for floor in floors[1:])
                phrase.is_range = True
            elif not _AND.fullmatch(gap) or ("," in gap and (last.room is None or piece.kind in _WHOLE)):
                break
            elif piece.kind in (Kind.CHAIN, Kind.BUILDING):
                bare = len(phrase.doors)
                at = self._doors(text, pieces, at, phrase)
                if phrase.end == end:
                    break
                _share(text, phrase, bare)
                continue
            elif LEVELS.get(piece.kind) != last.depth or (piece.kind is Kind.FLAT and A_DAY.match(text, piece.end)):
                break
            else:
                level = (BUILDING, UNIT, FLOOR, ROOM)[last.depth - 1]
                phrase.doors.extend(with_level(last, level, value) for value in piece.values)
            phrase.end = piece.end
            at += 1
        return at
