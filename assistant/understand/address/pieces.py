"""Cut a message into the pieces that addresses are made of, and into numbers that are certainly no doors.

    3栋2单元501的婆婆血压182/108   →   BUILDING 3 · UNIT 2 · ROOM 501 · (skipped: a reading)

``patterns`` says how each piece is written; here each becomes a kind and plain values (五洞幺 → 501). What pieces mean
together (3栋 then 501) is none of this file's business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.domain.numerals import read_digits, read_number
from assistant.understand.address.patterns import COUNTING, DASH, counter, patterns, starters
from assistant.understand.numbers.words import any_of
from knowledge.language import PlaceWords

#: more doors than this in one breath are no list of doors
LONGEST_LIST = 40


class Kind(StrEnum):
    #: 3-2-501: ``values`` are its parts
    CHAIN = "chain"
    #: 3栋, A座, 1、2栋
    BUILDING = "building"
    #: 2单元; an unnumbered one (东单元) has the value ""
    UNIT = "unit"
    #: 2门, B梯, a unit only between a building and a room
    GATEWAY = "gateway"
    #: 5排, 三社, 2组, a building only before a short number
    ROW = "row"
    #: 6楼, 底楼 (1); 顶楼 has the value "", 负1楼 is ``-1``
    FLOOR = "floor"
    #: 501, 501室, 五零一; several for 七零一七零二
    ROOM = "room"
    #: the same, but to be believed only right behind another piece (五百零一, 三一二, 380)
    LOOSE_ROOM = "loose_room"
    #: 1号, 5室: the door of a floor, unit or row; or a building before a room (5号402室)
    FLAT = "flat"
    #: 15-1 behind a building or unit: floor and door, as they write in Chongqing
    FLOOR_FLAT = "floor_flat"
    #: 3-2单元 before a room
    BUILDING_UNIT = "building_unit"
    #: 附3号
    ANNEX = "annex"
    #: 二期, 28号院, 5弄: part of the estate
    AREA = "area"
    #: 整个 before a unit
    WHOLE = "whole"
    #: 楼上, 对门: a neighbour, or a side of a building
    NEAR = "near"
    #: 楼道, 架空层: a place by itself
    SPOT = "spot"
    #: 垃圾桶: a place only together with 旁边, 门口
    LANDMARK = "landmark"
    GATE = "gate"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Piece:
    """``text[start:end]``; ``values`` has several entries for a list or range (1、2栋)."""

    kind: Kind
    start: int
    end: int
    values: tuple[str, ...] = ()


_KINDS = {
    **dict.fromkeys(["trap", "date", "month_day", "clock", "reading", "pair", "phone", "bus", "measure"], Kind.SKIP),
    **dict.fromkeys(["chain", "spoken_chain", "spaced", "lettered_room"], Kind.CHAIN),
    **dict.fromkeys(["hash", "building", "misheard_building"], Kind.BUILDING),
    **dict.fromkeys(["unit", "bare_unit", "counted_units"], Kind.UNIT),
    **dict.fromkeys(["floor", "named_floor", "basement"], Kind.FLOOR),
    **dict.fromkeys(["room", "spoken_room", "read_out_run", "lettered_flat"], Kind.ROOM),
    **dict.fromkeys(["spot", "numbered_spot"], Kind.SPOT),
    **dict.fromkeys(["building_unit", "headed_pair"], Kind.BUILDING_UNIT),
    "road_number": Kind.AREA,
    "area": Kind.AREA,
    "gateway": Kind.GATEWAY,
    "row": Kind.ROW,
    **dict.fromkeys(["flat", "flats", "short_room"], Kind.FLAT),
    "annex": Kind.ANNEX,
    "whole": Kind.WHOLE,
    "neighbour": Kind.NEAR,
    "gate": Kind.GATE,
    "landmark": Kind.LANDMARK,
}

#: a room number that was not marked as one: floors 1–59, doors 01–30
_ROOM_LIKE = re.compile(r"(?:[1-9]|[1-5]\d)(?:0[1-9]|[12]\d|30)")
#: the short rest of a list of rooms: 501|、2、3
_RUN = re.compile(r"(?:[、/](?:[1-9]|0[1-9]|1\d)(?!\d)){1,8}(?![号个块元人户家岁栋幢座单楼层万千百月日天次/.、,-])")
_LIST = re.compile(r"\s?[、,和跟与及同或]\s?")
_RANGE = re.compile(r"\s?[到至~-]\s?")
_DASH = re.compile(DASH)
_LETTERED = re.compile(r"[a-z]\d{0,2}|\d{1,2}[a-z]")
_ROOM_WORDS = re.compile(r"[号室房间]+$")
_LEVEL_WORDS = re.compile(rf"[^\da-z{COUNTING}幺零〇]+$")
_CHAT_NAME = re.compile(r"(?:^|[,。;、\s在看听])([一-龥a-z]{1,5})$")
#: 走完320户, 清除310张: a number behind what was done is a number of them
_TOLD_OVER = re.compile(r"[完除放集访查记贴][了过]?$")
_AFTER_ONE = re.compile(r"[直进个开样下边家上去来到看摸闻股楼打天早]")


class Lexer:
    """The patterns, compiled once for one set of words."""

    def __init__(self, words: PlaceWords) -> None:
        self._ground, self._phones = frozenset(words.ground_floor), frozenset(words.phones)
        self._counter = re.compile(rf"\s?{counter(words)}")
        self._loose_counter = re.compile(any_of(words.loose_counters))
        self._cue = re.compile(any_of(words.number_cues) + r"\s?$")
        self._reading = re.compile(any_of(words.reading_words))
        named = "|".join(f"(?P<{name}>{pattern})" for name, pattern in patterns(words))
        self._pattern = re.compile(f"{starters(words)}(?:{named})")

    def pieces(self, text: str) -> list[Piece]:
        """All pieces, left to right, numbers that are no doors left out."""
        return [piece for piece in self._all(text) if piece.kind is not Kind.SKIP]

    def _all(self, text: str) -> Iterator[Piece]:
        for match in self._pattern.finditer(text):
            name = match.lastgroup or ""
            start, end, said = match.start(), match.end(), match[0]
            if name == "number":
                yield self._number(text, start, end, said)
            elif name in ("spoken", "hundreds"):
                yield self._spoken(text, start, end, said)
            elif name in ("chain", "spoken_chain"):
                yield self._chain(text, start, end, said)
            elif name == "chat":
                name_of_it = _CHAT_NAME.search(text, max(0, start - 6), start)
                if name_of_it:
                    yield Piece(Kind.SPOT, name_of_it.start(1), end)
            else:
                yield Piece(_KINDS[name], start, end, self._values(name, said))

    def _values(self, name: str, said: str) -> tuple[str, ...]:
        match name:
            case "building_unit" | "headed_pair":
                return tuple(_ordinal(part) for part in _DASH.split(_LEVEL_WORDS.sub("", said)))
            case (
                "building"
                | "misheard_building"
                | "hash"
                | "unit"
                | "floor"
                | "row"
                | "gateway"
                | "flat"
                | "flats"
                | "short_room"
            ):
                return _expand(said)
            case "room" | "spoken_room":
                return (_room_number(_ROOM_WORDS.sub("", said)),)
            case "read_out_run":
                return tuple(_room_number(said[at : at + 3]) for at in range(0, len(said), 3))
            case "lettered_flat":
                return (said.upper(),)
            case "lettered_room":
                return (said[0].upper(), said[1:])
            case "spaced":
                return tuple(said.split())
            case "named_floor":
                return ("1" if said in self._ground else "",)
            case "basement":
                return ("-1",)
            case "counted_units":
                return tuple(str(number) for number in range(1, int(_ordinal(said[0])) + 1))
            case "bare_unit":
                return ("",)
            case "annex":
                return ("附" + _ordinal(said[1:-1]),)
            case _:
                return ()

    def _chain(self, text: str, start: int, end: int, said: str) -> Piece:
        parts = tuple(_part(part) for part in _DASH.split(said))
        if _is_door(parts, said) and not (len(parts) == 2 and self._counter.match(text, end)):
            return Piece(Kind.CHAIN, start, end, parts)
        is_count = self._counter.match(text, end) or self._loose_counter.match(text, end)
        if len(parts) == 2 and "." not in said and "/" not in said and len(parts[1]) < 3 and not is_count:
            return Piece(Kind.FLOOR_FLAT, start, end, parts)
        return Piece(Kind.SKIP, start, end)

    def _number(self, text: str, start: int, end: int, said: str) -> Piece:
        """A bare number: a room when it looks like one and nothing around it makes it an amount or a reading."""
        before, after = text[start - 1 : start], text[end : end + 1]
        is_likely = _ROOM_LIKE.fullmatch(said) is not None
        run = _RUN.match(text, end) if is_likely else None
        is_other = (
            len(said) not in (3, 4)
            or said in self._phones
            or said[0] == "0"
            or before == "比"
            or (before == "." and text[start - 2 : start - 1].isdigit())
            or (after in (".", "/", "比", "%") and not run)
            or (after == ":" and text[end + 1 : end + 2].isdigit())
            or text.startswith(" 号", end)
            or self._counter.match(text, end)
            or (
                self._cue.search(text, max(0, start - 4), start) and not (is_likely and text.endswith("只有", 0, start))
            )
            or ((not is_likely or _TOLD_OVER.search(text, start - 1, start)) and self._loose_counter.match(text, end))
            or (before == "是" and self._reading.search(text, 0, start))
        )
        if is_other:
            return Piece(Kind.SKIP, start, end)
        if run is not None and (rooms := _run_of_rooms(said, run[0])):
            return Piece(Kind.ROOM, start, run.end(), rooms)
        return Piece(Kind.ROOM if is_likely and before != "/" else Kind.LOOSE_ROOM, start, end, (said,))

    def _spoken(self, text: str, start: int, end: int, said: str) -> Piece:
        """A number said digit by digit, or in hundreds; certain only with a zero in it, as in 五零一."""
        if _is_followed_by_a_word(text, end, said):
            said, end = said[:3], end - 1
        number = _room_number(said)
        if number in self._phones or self._counter.match(text, end) or len(number) not in (3, 4) or number[0] == "0":
            return Piece(Kind.SKIP, start, end)
        is_certain = read_digits(said) is not None and number[-2] in "01" and _ROOM_LIKE.fullmatch(number) is not None
        return Piece(Kind.ROOM if is_certain else Kind.LOOSE_ROOM, start, end, (number,))


def _run_of_rooms(first: str, tail: str) -> tuple[str, ...]:
    """501、2、3 are 501, 502 and 503; nothing where the short numbers do not go up."""
    doors = [int(first[-2:]), *(int(number) for number in re.findall(r"\d+", tail))]
    if doors != sorted(set(doors)):
        return ()
    return tuple(f"{first[:-2]}{door:02d}" for door in doors)


def _is_followed_by_a_word(text: str, end: int, said: str) -> bool:
    """四零二一进门 is 402 and 一进门: nobody lives on the fortieth floor here."""
    if len(said) != 4 or said[1] not in "零〇洞0":
        return False
    return said[0] not in "一二两三幺" or (said[3] == "一" and _AFTER_ONE.match(text, end) is not None)


def _is_door(parts: tuple[str, ...], said: str) -> bool:
    """Is a chain of numbers a door? 3-15 and 3/5 are dates or amounts, 96/148 is a pressure, 3.501 a decimal."""
    first, last = parts[0] if parts[0].isdigit() else "1", parts[-1]
    is_year = len(last) == 4 and "2015" <= last <= "2039"
    if int(first) == 0 or (last[0] == "0" and len(last) < 4) or is_year:
        return False
    if len(parts) == 2:
        return len(last) >= 3 and "." not in said and not ("/" in said and int(first) >= 40)
    return len(last) >= 3 or not ("/" in said or "." in said)


def _expand(said: str) -> tuple[str, ...]:
    """The numbers of a list or range: ``1、2栋`` → 1, 2; ``1到3单元`` → 1, 2, 3; ``A、B座`` → A, B."""
    values: list[str] = []
    for item in _LIST.split(_LEVEL_WORDS.sub("", said)):
        ends = [_ordinal(part) for part in _RANGE.split(item) if part]
        if len(ends) == 2 and all(end.isdigit() for end in ends) and 0 < int(ends[1]) - int(ends[0]) < LONGEST_LIST:
            values.extend(str(number) for number in range(int(ends[0]), int(ends[1]) + 1))
        else:
            values.extend(ends)
    return tuple(dict.fromkeys(values))


@cache
def _ordinal(numeral: str) -> str:
    if _LETTERED.fullmatch(numeral):
        return numeral.upper()
    number = read_number(numeral)
    return numeral if number is None else str(int(number))


def _part(part: str) -> str:
    """One part of a chain: leading zeros go (03-02-0501), letters become capitals."""
    if part.isdigit():
        return str(int(part)) if len(part) < 3 or part[0] == "0" else part
    return _ordinal(part)


def _room_number(said: str) -> str:
    digits = read_digits(said)
    if digits is not None:
        return str(int(digits))
    number = read_number(said)
    return said if number is None else str(int(number))
