"""Cut a message into the pieces that addresses are made of, and into numbers that are certainly no doors.

    3栋2单元501的婆婆血压182/108   →   BUILDING 3 · UNIT 2 · ROOM 501 · (skipped: a reading)

Each piece is a small named pattern below; at any point of the text the first that fits wins, so the traps stand first.
What pieces mean together (3栋 then 501) is none of this file's business.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.understand.numbers.numerals import CHINESE_DIGIT, read_digits, read_number
from knowledge.language import PlaceWords


class Kind(StrEnum):
    #: 3-2-501: ``values`` are its parts
    CHAIN = "chain"
    #: 3栋, A座, 1、2栋
    BUILDING = "building"
    #: 2单元; an unnumbered one (东单元) has the value ""
    UNIT = "unit"
    #: 2门, a unit only between a building and a room
    GATEWAY = "gateway"
    #: 5排, a building only before a short number
    ROW = "row"
    #: 6楼, 底楼 (1); 顶楼 has the value "", 负1楼 is ``-1``
    FLOOR = "floor"
    #: 501, 501室, 五零一
    ROOM = "room"
    #: the same, but to be believed only right behind another piece (五百零一, 三一二, 380)
    LOOSE_ROOM = "loose_room"
    #: 1号, 5室: the door of a floor, unit or row; or a building before a room (5号402室)
    FLAT = "flat"
    #: 附3号
    ANNEX = "annex"
    #: 二期, 28号院, 5弄: part of the estate
    AREA = "area"
    #: 整个 before a unit
    WHOLE = "whole"
    #: 楼上, 对门: a neighbour, or a side of a building
    NEAR = "near"
    SPOT = "spot"
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


_CN = "一二三四五六七八九十"
_NUMBER = rf"(?:\d{{1,3}}|[{_CN}]{{1,3}}|[零〇][{_CN}])"
_LIST = r"(?:\s?[、,和跟与及同或到至~-]\s?)"
_SEPARATOR = r"\s?(?:[-—–−‐_/#·.]|杠|横)+\s?"
_SPOKEN = rf"[{CHINESE_DIGIT}]{{3,4}}"
_FIRST = r"(?:[a-z]\d{0,2}|\d{1,2}|\d{3}(?=\s?[-—/]\s?\d{1,2}\s?[-—/]\s?\d{3}))"
_READING_FILLER = r"(?:是|有|到|都|上了|上到|高到|达到|高达|升到|降到|量了|量起|测了|测起|为|才|又|还|只有|了|过|的|偏高|[:: ]){0,3}"

#: a room number that was not marked as one: floors 1–60, doors 01–36
_ROOM_LIKE = re.compile(r"(?:[1-9]|[1-5]\d)(?:0[1-9]|[12]\d|3[0-6])")
_SPLIT_LIST = re.compile(r"\s?[、,和跟与及同或]\s?")
_SPLIT_RANGE = re.compile(r"\s?[到至~-]\s?")
_SPLIT_CHAIN = re.compile(_SEPARATOR)
_LAST_LETTERS = re.compile(r"[a-z]\d{0,2}")
LONGEST_LIST = 40


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))) + ")"


class Lexer:
    """The patterns, compiled once for one set of words."""

    def __init__(self, words: PlaceWords) -> None:
        self._ground, self._phones = frozenset(words.ground_floor), frozenset(words.phones)
        self._counter = re.compile(any_of(words.counters))
        self._loose_counter = re.compile(any_of(words.loose_counters))
        self._cue = re.compile(any_of(words.number_cues) + r"\s?$")
        self._reading_near = re.compile(any_of(words.reading_words))
        self._pattern = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _patterns(words)))

    def pieces(self, text: str) -> list[Piece]:
        """All pieces, left to right, numbers that are no doors left out."""
        return [piece for piece in self._all(text) if piece.kind is not Kind.SKIP]

    def _all(self, text: str) -> Iterator[Piece]:
        for match in self._pattern.finditer(text):
            name = match.lastgroup or ""
            yield self._piece(name, text, match.start(), match.end(), match[0])

    def _piece(self, name: str, text: str, start: int, end: int, said: str) -> Piece:
        kind = _KINDS[name]
        match name:
            case "chain" | "spoken_chain":
                return self._chain(text, start, end, said)
            case "spaced":
                return Piece(kind, start, end, tuple(said.split()))
            case "number":
                return self._number(text, start, end, said)
            case "spoken" | "hundreds":
                return self._spoken(text, start, end, said)
            case "room":
                return Piece(kind, start, end, (_room_number(re.sub(r"\D+$", "", said) or said),))
            case "spoken_room":
                return Piece(kind, start, end, (_room_number(re.sub(r"[号室房间]+$", "", said)),))
            case "named_floor":
                return Piece(kind, start, end, ("1" if said in self._ground else "",))
            case "basement":
                return Piece(kind, start, end, ("-1",))
            case "bare_unit":
                return Piece(kind, start, end, ("",))
            case "building" | "misheard_building" | "hash" | "unit" | "floor" | "row" | "gateway" | "flat":
                return Piece(kind, start, end, _expand(said))
            case "annex":
                return Piece(kind, start, end, ("附" + _ordinal(said[1:-1]),))
            case _:
                return Piece(kind, start, end)

    def _chain(self, text: str, start: int, end: int, said: str) -> Piece:
        parts = tuple(_part(part) for part in _SPLIT_CHAIN.split(said))
        if _is_door(parts, said) and not (len(parts) == 2 and self._counter.match(text, end)):
            return Piece(Kind.CHAIN, start, end, parts)
        return Piece(Kind.SKIP, start, end)

    def _number(self, text: str, start: int, end: int, said: str) -> Piece:
        """A bare number: a room when it looks like one and nothing around it makes it an amount or a reading."""
        if len(said) not in (3, 4) or said in self._phones or said[0] == "0":
            return Piece(Kind.SKIP, start, end)
        before, after = text[start - 1 : start], text[end : end + 1]
        if before in (".", "/", "比") or after in (".", "/", ":", "比", "%") or self._counter.match(text, end):
            return Piece(Kind.SKIP, start, end)
        if self._cue.search(text, max(0, start - 4), start):
            return Piece(Kind.SKIP, start, end)
        is_likely = _ROOM_LIKE.fullmatch(said) is not None
        if self._loose_counter.match(text, end) and not is_likely:
            return Piece(Kind.SKIP, start, end)
        if before == "是" and self._reading_near.search(text, 0, start):
            return Piece(Kind.SKIP, start, end)
        return Piece(Kind.ROOM if is_likely else Kind.LOOSE_ROOM, start, end, (said,))

    def _spoken(self, text: str, start: int, end: int, said: str) -> Piece:
        number = _room_number(said)
        if number in self._phones or self._counter.match(text, end) or len(number) not in (3, 4) or number[0] == "0":
            return Piece(Kind.SKIP, start, end)
        is_certain = read_digits(said) is not None and number[-2] in "01" and _ROOM_LIKE.fullmatch(number) is not None
        return Piece(Kind.ROOM if is_certain else Kind.LOOSE_ROOM, start, end, (number,))


def _patterns(words: PlaceWords) -> list[tuple[str, str]]:
    counters, building = any_of(words.counters), any_of(words.building)
    unit = any_of((*words.unit, *words.unit_misheard))
    numeral = rf"(?<![\d.{_CN}百千零〇]){_NUMBER}"
    lettered = rf"(?<![a-z\d])[a-z]\d{{0,2}}"
    listed = rf"{numeral}(?:{_LIST}{_NUMBER})*"
    return [
        ("trap", any_of(words.not_a_place)),
        ("date", r"\d{2,4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?!\d)"),
        ("month_day", rf"(?<![\d{_CN}])(?:\d{{1,2}}|[{_CN}]{{1,2}})月(?:(?:\d{{1,2}}|[{_CN}]{{1,3}})[日号]?)?"),
        ("clock", rf"\d{{1,2}}:\d{{2}}(?::\d{{2}})?|{numeral}点(?:半|过|多|钟|\d{{1,2}}分?)?"),
        ("reading", rf"{any_of(words.reading_words)}{_READING_FILLER}(?:\d{{2,3}}\s?[/比 ]\s?\d{{2,3}}|\d{{2,3}}|\d{{1,2}}\.\d+)(?![\d]|[-—#/]\d)"),
        ("pair", r"(?<![\d/])(?:\d{3}|[4-9]\d)\s?[/比]\s?\d{2,3}(?![\d/])"),
        ("road_number", r"(?<=[街路巷道弄里村])\d{1,4}号院?|\d{1,4}号院|\d{1,4}弄"),
        ("chain", rf"(?<![\da-z.])(?<!\d[-/.#:]){_FIRST}(?:{_SEPARATOR}\d{{1,2}}){{0,2}}{_SEPARATOR}\d{{1,4}}(?!\d)"),
        ("spoken_chain", rf"(?:{_NUMBER}[杠横]){{1,2}}(?:\d{{3,4}}|{_SPOKEN})(?!\d)"),
        ("spaced", r"(?<!\S)\d{1,2} \d{1,2} \d{3,4}(?!\d)"),
        ("hash", rf"(?<![\d#])\d{{1,2}}#(?:楼|栋|幢)?"),
        ("building", rf"(?:{listed}|{lettered}(?:{_LIST}[a-z]\d{{0,2}})*){building}(?!桥|山|庙|塔|机|位|城)|{lettered}楼"),
        ("misheard_building", rf"{numeral}{any_of(words.building_misheard)}(?=第?{_NUMBER}{unit}|\d{{3,4}}(?!\d))"),
        ("unit", rf"(?:{listed}|{lettered}){unit}(?!课|测|考|作文|单词)"),
        ("bare_unit", any_of(words.unit_unnumbered)),
        ("gateway", rf"{numeral}门(?=\d{{3,4}}(?!\d)|{_SPOKEN})"),
        ("row", rf"{numeral}{any_of(words.row)}(?={_NUMBER}号)"),
        ("basement", rf"(?:负|地下|-|(?<![a-z])b){_NUMBER}(?:楼|层)|(?:负|地下){_NUMBER}(?!楼)"),
        ("floor", rf"{listed}(?:楼|层)(?!高|以上|以下|楼|电梯房|洋房|小楼|长)"),
        ("named_floor", any_of((*words.ground_floor, *words.top_floor))),
        ("room", r"(?<![\d.])[1-9]\d{2,3}(?:号房间|号房|房间|室|房|号)(?!文|令|公告|线|楼|厅)"),
        ("spoken_room", rf"(?<![{CHINESE_DIGIT}十百千万])(?:{_SPOKEN}|[{_CN}]百[零〇]?[{_CN}]{{1,2}})(?:号房间|号房|房间|室|房|号)(?!文|楼|厅)"),
        ("area", rf"(?<![一-龥\d])(?:[a-z\d]|[{_CN}东南西北中]){any_of(words.area)}(?=[\d{_CN}a-z])"),
        ("annex", rf"附{_NUMBER}号"),
        ("flat", rf"{numeral}(?:号|室)(?!楼|院|线|厅|公告|文|令|桌|\d)|{numeral}号(?=\d{{3,4}}(?!\d))"),
        ("measure", rf"(?<![a-z])\d+(?:\.\d+)?(?:{_LIST}\d+(?:\.\d+)?)?\s?{counters}"),
        ("number", r"(?<![a-z])\d+(?:\.\d+)?"),
        ("hundreds", rf"(?<![{CHINESE_DIGIT}十百千万])(?:[一二]?千)?[{_CN}]百[零〇]?[{_CN}]{{1,2}}(?![{CHINESE_DIGIT}十百千万点])"),
        ("spoken", rf"(?<![{CHINESE_DIGIT}十百千万\d点]){_SPOKEN}(?![{CHINESE_DIGIT}十百千万\d点])"),
        ("whole", "整个|整(?=[一二三四五六七八九\\d])"),
        ("neighbour", any_of((*words.upstairs, *words.downstairs, *words.opposite, *words.next_door)) + rf"(?!{any_of(words.not_neighbour_after)})"),
        ("spot", any_of(words.spots)),
        ("gate", any_of(words.gates) + rf"(?!{any_of(words.not_gate_after)})口?"),
        ("landmark", any_of(words.landmarks)),
    ]


_KINDS = {
    **dict.fromkeys(["trap", "date", "month_day", "clock", "reading", "pair", "measure"], Kind.SKIP),
    "road_number": Kind.AREA,
    "chain": Kind.CHAIN,
    "spoken_chain": Kind.CHAIN,
    "spaced": Kind.CHAIN,
    "hash": Kind.BUILDING,
    "building": Kind.BUILDING,
    "misheard_building": Kind.BUILDING,
    "unit": Kind.UNIT,
    "bare_unit": Kind.UNIT,
    "gateway": Kind.GATEWAY,
    "row": Kind.ROW,
    "basement": Kind.FLOOR,
    "floor": Kind.FLOOR,
    "named_floor": Kind.FLOOR,
    "room": Kind.ROOM,
    "spoken_room": Kind.ROOM,
    "area": Kind.AREA,
    "annex": Kind.ANNEX,
    "flat": Kind.FLAT,
    "number": Kind.ROOM,
    "hundreds": Kind.LOOSE_ROOM,
    "spoken": Kind.ROOM,
    "whole": Kind.WHOLE,
    "neighbour": Kind.NEAR,
    "spot": Kind.SPOT,
    "gate": Kind.GATE,
    "landmark": Kind.LANDMARK,
}


def _is_door(parts: tuple[str, ...], said: str) -> bool:
    """Is a chain of numbers a door? 3-15 and 3/5 are dates or amounts, 96/148 is a pressure, 3.501 a decimal."""
    first, last = parts[0], parts[-1]
    if not first.isdigit():
        first = "1"
    if int(first) == 0 or last[0] == "0" and len(last) < 4 or (len(last) == 4 and "2015" <= last <= "2039"):
        return False
    if len(parts) == 2:
        return len(last) >= 3 and "." not in said and not ("/" in said and int(first) >= 40)
    return not ("/" in said and len(last) < 3) and not ("." in said and len(last) < 3)


def _expand(said: str) -> tuple[str, ...]:
    """The numbers of a list or range: ``1、2栋`` → 1, 2; ``1到3单元`` → 1, 2, 3; ``A、B座`` → A, B."""
    body = re.sub(rf"[^\da-z{_CN}零〇]+$", "", said)
    values: list[str] = []
    for item in _SPLIT_LIST.split(body):
        ends = [_ordinal(part) for part in _SPLIT_RANGE.split(item) if part]
        if len(ends) == 2 and all(end.isdigit() for end in ends) and 0 < int(ends[1]) - int(ends[0]) < LONGEST_LIST:
            values.extend(str(number) for number in range(int(ends[0]), int(ends[1]) + 1))
        else:
            values.extend(ends)
    return tuple(dict.fromkeys(values))


@cache
def _ordinal(numeral: str) -> str:
    if _LAST_LETTERS.fullmatch(numeral):
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
