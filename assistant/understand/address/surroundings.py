"""The words around a building, a gate or a spot that make a public place of it: 楼道, 门口, 进来左手边.

    8栋 + 的楼道          北门 + 进来左手边          垃圾桶 + 旁边          业主群

A landmark (垃圾桶, 幼儿园) is a place only with such a word behind it; a home on some side (左边那户) is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understand.address.pieces import Kind, Piece
from assistant.understand.numbers.words import any_of
from knowledge.language import PlaceWords

SPOTS = (Kind.SPOT, Kind.GATE, Kind.LANDMARK)
_A_HOME = re.compile(r"(?:的|那|那个|那边|那一|第[一二三四五六]|头一)?(?:家|户|住户|邻居|屋头|人家)")
#: 3栋2单元那个电梯
_THAT = re.compile(r"的?[那这](?:个|部|台|边的?|里的?|处的?)")
_STREET_NAME = re.compile(r"(?:^|[,。;、\s在到去从往过])([一-龥]{1,4})$")


@dataclass(frozen=True)
class Around:
    """The place words found, where they end, and the first piece behind them; no words when there is no place."""

    words: tuple[str, ...]
    end: int
    at: int


class Surroundings:
    """The patterns of place words, compiled once."""

    def __init__(self, words: PlaceWords) -> None:
        self._downstairs = frozenset(words.downstairs)
        self._locative = re.compile(any_of(words.locatives))
        self._side = re.compile(f"{any_of(words.passages)}?{any_of(words.sides)}")
        self._passing = re.compile(any_of(words.passages))
        self._own_spots, self._home_doors = frozenset(words.own_spots), frozenset(words.home_doors)
        self._own_before = re.compile(any_of(words.own_before) + "$")
        self._shut = re.compile(any_of(words.shut_after))
        self._worked_on = re.compile(any_of(words.worked_on) + "$")
        self._thing_after = re.compile(any_of(words.things_after))

    def behind(self, text: str, pieces: Sequence[Piece], at: int, end: int, *, has_anchor: bool) -> Around:
        """The place words from ``end`` on, where ``pieces[at]`` is the next piece.

        ``has_anchor``: a building or street name stands before, so that a mere 门口 says where.
        """
        words: list[str] = []
        is_open = False  # a landmark still needs its 旁边
        while True:
            start = end + 1 if text[end : end + 1] == "的" else end
            piece = pieces[at] if at < len(pieces) and pieces[at].start == start else None
            pointed = _THAT.match(text, end) if piece is None and has_anchor and not words else None
            if pointed and at < len(pieces) and pieces[at].start == pointed.end() and pieces[at].kind is Kind.SPOT:
                start, piece = pointed.end(), pieces[at]
            if piece is not None and piece.kind is Kind.NEAR:
                is_pair = (
                    at + 1 < len(pieces) and pieces[at + 1].kind is Kind.NEAR and pieces[at + 1].start == piece.end
                )
                if words or is_pair or text[start : piece.end] not in self._downstairs:
                    return Around(tuple(words), end, at + 1 + is_pair)  # 10栋楼上楼下: nowhere in particular
                words.append(text[start : piece.end])
                end, at = piece.end, at + 1
            elif piece is not None and piece.kind in SPOTS and self._can_be_named(text, pieces, at):
                words.append(text[start : piece.end])
                is_open = piece.kind is Kind.LANDMARK
                end, at = piece.end, at + 1
            else:
                match = (self._side.match(text, start) if words else None) or self._locative.match(text, start)
                if match is None or not (words or has_anchor) or _A_HOME.match(text, match.end()):
                    return Around(() if is_open else tuple(words), end, at)
                words.append(match[0])
                end, is_open = match.end(), False
                while at < len(pieces) and pieces[at].start < end:
                    at += 1

    def behind_own_door(self, text: str, pieces: Sequence[Piece], at: int, end: int) -> int:
        """501门口的楼道 is still the household's own matter: the first piece that is not."""
        while at < len(pieces) and pieces[at].kind in (Kind.SPOT, Kind.LANDMARK):
            between = text[end : pieces[at].start].strip("的")
            if between and not self._locative.fullmatch(between):
                break
            end = pieces[at].end
            at += 1
        return at

    def street_before(self, text: str, piece: Piece) -> str:
        """锦和 of 锦和街口; empty where no name stands there."""
        if text[piece.end - 2 : piece.end] not in ("街口", "巷口"):
            return ""
        name = _STREET_NAME.search(text, max(0, piece.start - 5), piece.start)
        return name[1] if name else ""

    def is_only_passed(self, text: str, start: int, end: int) -> bool:
        """从西门进来,看到…: the way somebody came, no place that is spoken of."""
        return text[start - 1 : start] in ("从", "由") and self._passing.match(text, end) is not None

    def is_a_thing(self, text: str, start: int, end: int) -> bool:
        """他家大门, 大门紧锁, 加装电梯, 车棚的卡: part of a household, or a thing, no place that is spoken of."""
        said = text[start:end]
        if said in self._own_spots and self._own_before.search(text, max(0, start - 4), start):
            return True
        if said in self._home_doors and self._shut.match(text, end):
            return True
        return bool(self._worked_on.search(text, max(0, start - 3), start) or self._thing_after.match(text, end))

    def _can_be_named(self, text: str, pieces: Sequence[Piece], at: int) -> bool:
        piece = pieces[at]
        goes_on = at + 1 < len(pieces) and pieces[at + 1].start == piece.end
        return piece.kind is not Kind.LANDMARK or goes_on or self._locative.match(text, piece.end) is not None
