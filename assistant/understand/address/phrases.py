"""Put pieces that stand together into phrases: one phrase names the doors, or the place, of one breath.

    3栋2单元501 和 502     one phrase, two doors          1-1-101到108     one phrase, eight doors
    8栋的楼道              a place                        3-2-501门口      a door (its own doorway)

A phrase holds what was said and nothing else; ``elision`` adds what an earlier phrase lends it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.understand.address.mention import BUILDING, FLOOR, ROOM, UNIT, Relation
from assistant.understand.address.pieces import LONGEST_LIST, Kind, Piece
from assistant.understand.numbers.words import any_of
from knowledge.language import PlaceWords


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


_LEVELS = {
    Kind.BUILDING: 1,
    Kind.ROW: 1,
    Kind.UNIT: 2,
    Kind.GATEWAY: 2,
    Kind.FLOOR: 3,
    Kind.ROOM: 4,
    Kind.LOOSE_ROOM: 4,
    Kind.FLAT: 4,
    Kind.ANNEX: 4,
}
_ROOMS = (Kind.ROOM, Kind.LOOSE_ROOM)
_CLOSE = re.compile(r"\s?(?:的|那个|那边的?|里头的?|[-/—、])?\s?")
_COMMA = re.compile(r"的?[,、。]?\s?")
_AND = re.compile(r"\s?(?:[、,/]|和|跟|与|及|以及|还有|同|跟到|连到|,还有)\s?")
_TO = re.compile(r"\s?(?:一直到|到|至|-|~|—)+\s?")
_A_DAY = re.compile(r"来|去|上午|下午|中午|晚|早|就|前|后|之前|以前|之后|开始|起|到期|截止|交|那天|当天|左右")
_WHOLE_AFTER = re.compile(r"(?:的)?(?:整个|全部|全体|所有|家家|每家|每户|各户|各家|挨家|都停|全停)")
_A_HOME = re.compile(r"(?:的|那|那个|那边|那一)?(?:家|户|住户|邻居|屋头|人家)")
_THESE = re.compile(r"(?:[这那]|一共|总共|共)$")
_STREET_NAME = re.compile(r"(?:^|[,。;、\s在到去从往过])([一-龥]{1,4})$")
_STOREYS = re.compile(r"楼(?![道上下梯顶长层脚里头门栋])")


class PhraseReader:
    """The grammar, with its patterns compiled once for one set of words."""

    def __init__(self, words: PlaceWords) -> None:
        self._relations = {
            **dict.fromkeys(words.upstairs, Relation.UPSTAIRS),
            **dict.fromkeys(words.downstairs, Relation.DOWNSTAIRS),
            **dict.fromkeys(words.opposite, Relation.OPPOSITE),
            **dict.fromkeys(words.next_door, Relation.NEXT_DOOR),
        }
        self._locative = re.compile(any_of(words.locatives))
        self._inner = re.compile(any_of(words.inner_locatives))
        self._passage = re.compile(f"{any_of(words.passages)}?{any_of(words.sides)}")
        self._passing = re.compile(any_of(words.passages))
        self._stay = re.compile(any_of(words.floor_stay_before) + "$")
        self._flow_to = re.compile(any_of(words.flow_verbs) + "(?:水)?到(?:了)?$")
        self._shop = re.compile(any_of(words.shop_words))

    def phrases(self, text: str, pieces: Sequence[Piece]) -> list[Phrase]:
        """All phrases, left to right; a piece that means nothing by itself (5号来) yields none."""
        found: list[Phrase] = []
        at = 0
        while at < len(pieces):
            phrase, at = self._phrase(text, pieces, at)
            if phrase is not None:
                found.append(phrase)
        return found

    def _phrase(self, text: str, pieces: Sequence[Piece], at: int) -> tuple[Phrase | None, int]:
        piece = pieces[at]
        if piece.kind is Kind.NEAR:
            return self._neighbour(text, pieces, at)
        phrase = Phrase(piece.start, piece.start)
        if piece.kind in (Kind.SPOT, Kind.LANDMARK, Kind.GATE):
            if text[piece.end - 2 : piece.end] in ("街口", "巷口"):
                name = _STREET_NAME.search(text, max(0, piece.start - 5), piece.start)
                phrase.start = name.start(1) if name else phrase.start
                phrase.words = [name[1]] if name else []
            phrase.end = piece.start
            after = self._extend(text, pieces, at, phrase)
            if not phrase.is_place or (piece.kind is Kind.GATE and self._only_passes(text, phrase)):
                return None, max(after, at + 1)
            return phrase, after
        after = self._doors(text, pieces, at, phrase)
        if not phrase.doors:
            return None, at + 1
        after = self._more_doors(text, pieces, after, phrase)
        self._end_of_door(text, phrase)
        phrase.words = [text[phrase.start : phrase.end].replace("的", "")]
        if phrase.doors[-1].depth < 4:
            after = self._extend(text, pieces, after, phrase)
        else:
            after = self._skip_own_spots(text, pieces, after, phrase.end)
        phrase.is_place |= phrase.doors[0].floor == "-1"
        return phrase, after

    def _neighbour(self, text: str, pieces: Sequence[Piece], at: int) -> tuple[Phrase | None, int]:
        piece = pieces[at]
        said = text[piece.start : piece.end]
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if following is not None and following.start - piece.end <= 1:
            if following.kind is Kind.NEAR:  # 楼上楼下: everybody around, nobody in particular
                return None, at + 2
            if following.kind in (*_ROOMS, Kind.CHAIN):  # 楼上502: the number says it
                return None, at + 1
        before = text[max(0, piece.start - 4) : piece.start]
        is_vertical = self._relations[said] in (Relation.UPSTAIRS, Relation.DOWNSTAIRS)
        if is_vertical and self._stay.search(before) and not self._flow_to.search(before):
            return None, at + 1
        return Phrase(piece.start, piece.end, [Parts()], [said], relation=self._relations[said]), at + 1

    def _doors(self, text: str, pieces: Sequence[Piece], at: int, phrase: Phrase) -> int:
        """Take the pieces of one door (or of one list piece: 1、2栋) from ``at`` on."""
        first = len(phrase.doors)
        while at < len(pieces):
            piece, doors = pieces[at], phrase.doors[first:]
            following = pieces[at + 1] if at + 1 < len(pieces) else None
            if doors and not _joins(text[phrase.end : piece.start], doors[-1], piece):
                break
            if (piece.kind is Kind.AREA and not doors) or piece.kind is Kind.WHOLE:
                if following is None or following.start - piece.end > 1 or following.kind in (Kind.SPOT, Kind.NEAR):
                    break
                phrase.whole_unit |= piece.kind is Kind.WHOLE and following.kind is Kind.UNIT
                phrase.end = piece.end
                at += 1
                continue
            grown = _grow(text, doors or [Parts()], piece, following)
            if grown is None:
                break
            phrase.doors[first:] = grown
            phrase.end = piece.end
            at += 1
        return at

    def _more_doors(self, text: str, pieces: Sequence[Piece], at: int, phrase: Phrase) -> int:
        """Take what a list or range adds: 102、104; 101到108; 1栋和2栋."""
        while at < len(pieces) and len(phrase.doors) < LONGEST_LIST:
            piece, last = pieces[at], phrase.doors[-1]
            gap = text[phrase.end : piece.start]
            end = phrase.end
            if piece.kind in (*_ROOMS, Kind.CHAIN) and last.room is not None and _TO.fullmatch(gap):
                if piece.kind is Kind.CHAIN and piece.values[:-1] != (last.building, last.unit):
                    break
                rooms = _rooms_between(last.room, piece.values[-1])
                if not rooms:
                    break
                phrase.doors.extend(replace(last, room=room) for room in rooms[1:])
                phrase.is_range, phrase.end = True, piece.end
                at += 1
            elif not _AND.fullmatch(gap) or ("," in gap and (last.depth < 4 or piece.kind is Kind.BUILDING)):
                break
            elif piece.kind in (Kind.CHAIN, Kind.BUILDING) or last.depth == 0:
                at = self._doors(text, pieces, at, phrase)
            elif piece.kind is Kind.FLAT and _A_DAY.match(text, piece.end):
                break
            elif _LEVELS.get(piece.kind) == last.depth:
                level = (BUILDING, UNIT, FLOOR, ROOM)[last.depth - 1]
                phrase.doors.extend(_with(last, level, value) for value in piece.values)
                phrase.end = piece.end
                at += 1
            else:
                break
            if phrase.end == end:
                break
        return at

    def _end_of_door(self, text: str, phrase: Phrase) -> None:
        last = phrase.doors[-1]
        if last.depth == 2 and _WHOLE_AFTER.match(text, phrase.end):
            phrase.whole_unit = True
        if last.room is not None and last.room.startswith("附") and self._shop.search(text, phrase.end, phrase.end + 8):
            phrase.is_place = True

    def _extend(self, text: str, pieces: Sequence[Piece], at: int, phrase: Phrase) -> int:
        """Take the place words that follow: 楼道, 门口, 进来左手边. Makes the phrase a place when there are any."""
        before, landmark_open = at, False
        words: list[str] = []
        end = phrase.end
        while True:
            start = end + 1 if text[end : end + 1] == "的" else end
            piece = pieces[at] if at < len(pieces) and pieces[at].start == start else None
            if piece is not None and piece.kind in (Kind.SPOT, Kind.GATE, Kind.LANDMARK):
                goes_on = at + 1 < len(pieces) and pieces[at + 1].start == piece.end
                if piece.kind is Kind.LANDMARK and not goes_on and not self._locative.match(text, piece.end):
                    break
                landmark_open = piece.kind is Kind.LANDMARK
                words.append(text[start : piece.end])
                end, at = piece.end, at + 1
                continue
            if piece is not None and piece.kind is Kind.NEAR:
                pair = pieces[at + 1] if at + 1 < len(pieces) else None
                said = text[start : piece.end]
                is_pair = pair is not None and pair.kind is Kind.NEAR and pair.start == piece.end
                if words or is_pair or self._relations[said] is not Relation.DOWNSTAIRS:
                    at += 2 if is_pair else 1
                    return at if not words else _make_place(phrase, words, end, at)
                words.append(said)
                end, at = piece.end, at + 1
                continue
            match = (self._passage.match(text, start) if words else None) or self._locative.match(text, start)
            if match is None or _A_HOME.match(text, match.end()):
                break
            if not words and not phrase.words:
                break
            words.append(match[0])
            landmark_open = False
            end = match.end()
            while at < len(pieces) and pieces[at].start < end:
                at += 1
        if not words or landmark_open:
            return before if not words else at
        return _make_place(phrase, words, end, at)

    def _skip_own_spots(self, text: str, pieces: Sequence[Piece], at: int, end: int) -> int:
        """501门口的楼道 is still the household's own matter: its spots are no places of their own."""
        while at < len(pieces) and pieces[at].kind in (Kind.SPOT, Kind.LANDMARK):
            between = text[end : pieces[at].start].strip("的")
            if between and not self._locative.fullmatch(between):
                break
            end = pieces[at].end
            at += 1
        return at

    def _only_passes(self, text: str, phrase: Phrase) -> bool:
        """从西门进来,看到…: the way somebody came, no place that is spoken of."""
        is_from = text[phrase.start - 1 : phrase.start] in ("从", "由")
        return is_from and self._passing.match(text, phrase.end) is not None


def _make_place(phrase: Phrase, words: list[str], end: int, at: int) -> int:
    phrase.words.extend(words)
    phrase.is_place, phrase.end = True, end
    return at


def _joins(gap: str, door: Parts, piece: Piece) -> bool:
    """May ``piece`` go on with the door before it? Only downwards, and hardly anything may stand between."""
    level = _LEVELS.get(piece.kind, 1 if piece.kind is Kind.WHOLE else 0)
    if piece.kind is Kind.CHAIN:
        return len(piece.values) == 2 and door.depth == 1 and bool(_CLOSE.fullmatch(gap))
    if piece.kind is Kind.UNIT and door == Parts(floor=door.floor) and not gap:
        return True  # 8楼2单元: a northern way to write a building
    if level <= door.depth and piece.kind is not Kind.WHOLE:
        return False
    if _CLOSE.fullmatch(gap):
        return True
    return door.depth <= 2 and piece.kind in (Kind.UNIT, Kind.FLOOR, Kind.ROOM) and bool(_COMMA.fullmatch(gap))


def _grow(text: str, doors: list[Parts], piece: Piece, following: Piece | None) -> list[Parts] | None:
    """The doors with the piece added; None when the piece does not belong to a door here."""
    door, values = doors[-1], piece.values
    is_next = following is not None and following.start == piece.end
    match piece.kind:
        case Kind.CHAIN:
            return [_chain(values, door)]
        case Kind.BUILDING:
            if _THESE.search(text, max(0, piece.start - 2), piece.start):
                return None  # 这3栋楼: how many
            if not text[piece.start].isdigit() and _STOREYS.match(text, piece.end):
                return None  # 三栋楼
            return [Parts(building=value) for value in values]
        case Kind.ROW if following is not None and following.kind is Kind.FLAT:
            return [Parts(building=values[0])]
        case Kind.UNIT if door.building is None and door.floor is not None:
            return [Parts(building=door.floor, unit=value) for value in values]
        case Kind.UNIT:
            return [replace(each, unit=value) for each in doors for value in values]
        case Kind.GATEWAY if door.depth == 1:
            return [replace(each, unit=values[0]) for each in doors]
        case Kind.FLOOR:
            return [replace(each, floor=value) for each in doors for value in values]
        case Kind.ROOM | Kind.ANNEX:
            return [replace(each, room=value) for each in doors for value in values]
        case Kind.LOOSE_ROOM if door.depth:
            return [replace(each, room=values[0]) for each in doors]
        case Kind.FLAT if door.depth in (1, 2, 3):
            if door.depth == 1 and _A_DAY.match(text, piece.end):
                return None
            return [replace(each, room=values[0]) for each in doors]
        case Kind.FLAT if is_next and following is not None and following.kind in (*_ROOMS, Kind.UNIT):
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


def _with(door: Parts, level: str, value: str) -> Parts:
    match level:
        case "building":
            return Parts(building=value)
        case "unit":
            return Parts(building=door.building, unit=value)
        case "floor":
            return Parts(building=door.building, unit=door.unit, floor=value)
        case _:
            return replace(door, room=value)


def _rooms_between(first: str, last: str) -> list[str]:
    """101到108 along a floor, 101到601 up the building; empty when it is no such range."""
    if not (first.isdigit() and last.isdigit()) or int(last) <= int(first):
        return []
    if len(last) < 3:  # 5楼1号到4号
        return [str(number) for number in range(int(first), int(last) + 1)][:LONGEST_LIST]
    step = 1 if first[:-2] == last[:-2] else 100 if first[-2:] == last[-2:] else 0
    return [str(number) for number in range(int(first), int(last) + 1, step)][:LONGEST_LIST] if step else []
