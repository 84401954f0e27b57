"""Which doors and places open a stretch of text, and which are only named in passing.

7-2-901…,家里…          a door always opens
8栋楼道堆满了             a place opens where the words are about it
在菜市场摔了              where somebody went: in passing
中庭…,张大爷说…           beside somebody by name a place without a number is in passing: the matter is theirs
5栋一单元…,四楼那家…      the same, said more closely: one door, not two
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from assistant.domain.places import UNSAID, HouseholdKey
from assistant.understand.address.mention import FLOOR, DoorMention
from assistant.understand.clauses import Clauses
from assistant.understand.idioms import idioms
from assistant.understand.spans import Span
from knowledge.language import load_language

_JOINT = re.compile(
    r"[、和跟与及同,\s]*(?:还有|以及|另?一[个家户](?:住|在|是)?)?[、\s]*|(?:[、和跟与及同]|还有|以及)\s*(?:还有)?(?:隔壁|楼上|楼下|楼底下|对门)(?:子|的)?"
)


class Openers:
    """Sorts the mentions of one text. ``named`` are the residents spoken of by name who do not only tell."""

    def __init__(self, text: str, clauses: Clauses, doors: Sequence[DoorMention], named: Sequence[Span]) -> None:
        self._text = text
        self._clauses = clauses
        self._doors = [door for door in doors if not self._only_stands_at(door, doors)]
        self._named = named
        self._keyed = [door for door in self._doors if any(not key.is_empty for key in door.keys)]
        self._numbered = [door for door in self._doors if door.place and door.anchor is not None]

    def sort(self) -> tuple[list[list[DoorMention]], list[DoorMention]]:
        """The mentions that open a stretch, those of one breath together; and the places named in passing."""
        openers: list[list[DoorMention]] = []
        passing: list[DoorMention] = []
        seen_door_in: int | None = None
        for mention in self._doors:
            sentence = self._clauses.sentence(mention.start)
            if mention.place:
                if self._says_the_same_place(mention, openers) or self._is_yet_to_be(mention):
                    continue
                if self._is_a_thing(mention, openers):
                    continue
                if seen_door_in == sentence and (not self._is_first(mention) or self._is_told_at_a_door(mention)):
                    passing.append(mention)
                elif self._is_about(mention):
                    openers.append([mention])
                else:
                    passing.append(mention)
                continue
            seen_door_in = sentence
            last = openers[-1][-1] if openers else None
            if last is not None and self._says_it_closer(last, mention):
                openers[-1] = [replace(mention, start=last.start)]
            elif last is not None and not last.place and self._is_one_breath(last, mention):
                openers[-1].append(mention)
            else:
                openers.append([mention])
        return openers, passing

    def _is_yet_to_be(self, place: DoorMention) -> bool:
        """改成棋牌室: what a place shall become is none yet."""
        before = max(0, place.start - 12)
        return place.anchor is None and idioms().becomes.search(self._text, before, place.start) is not None

    def _is_first(self, mention: DoorMention) -> bool:
        before = self._text[self._clauses.at(mention.start).start : mention.start]
        return len(before) <= 1 or idioms().some_time.fullmatch(before) is not None

    def _is_told_at_a_door(self, place: DoorMention) -> bool:
        """5-1-204 楼道的灯不亮: behind a door and a mere blank it is what that door tells of; indoors, a building's."""
        if place.anchor is not None or self._is_a_gate(place):
            return False
        is_indoors = idioms().indoors.match(place.words) is not None
        return any(
            not self._text[door.end : place.start].strip() if door.names_a_door else is_indoors
            for door in self._keyed
            if door.end < place.start and self._together(door, place)
        )

    def _is_about(self, place: DoorMention) -> bool:
        """Is a public place what the words are about?"""
        says_where = place.anchor is not None and (self._says_where(place) or self._is_looked_round(place))
        if not (says_where or opens(self._text, place)) or idioms().online.search(place.place or ""):
            return False
        if any(door.start > place.start and self._together(door, place) for door in self._keyed):
            return False
        if place.anchor is not None:
            return True
        for other in self._numbered:
            is_before = other.start < place.start and not self._is_a_gate(place)
            if self._together(other, place) and (is_before or self._says_where(other)):
                return False
        return not any(self._clauses.same_sentence(span.start, place.start) for span in self._named)

    def _is_a_gate(self, place: DoorMention) -> bool:
        """…,北门堆满了: a gate of the estate is nowhere in the building named before, so it is another place."""
        return self._is_first(place) and (place.place or "").startswith(_gates())

    def _says_where(self, numbered: DoorMention) -> bool:
        """快递柜…,都在9栋门口: does the clause only say where?"""
        clause = self._clauses.at(numbered.start)
        return clause.start > 0 and idioms().says_where.fullmatch(self._text, clause.start, numbered.start) is not None

    def _is_looked_round(self, numbered: DoorMention) -> bool:
        """在1栋楼下发现…, 在8栋楼道巡查时看到…"""
        return idioms().found_there.match(self._text, numbered.end) is not None

    def _together(self, one: DoorMention, other: DoorMention) -> bool:
        return self._clauses.same_sentence(one.start, other.start)

    def _says_the_same_place(self, mention: DoorMention, openers: Sequence[list[DoorMention]]) -> bool:
        """Is this only the same place once more, in general words (5栋附3号那个门面)?"""
        if not openers or mention.anchor is not None:
            return False
        last = openers[-1][-1]
        is_same = last.place and last.anchor is not None and self._together(last, mention)
        return bool(is_same) and not self._is_a_gate(mention)

    def _is_a_thing(self, mention: DoorMention, openers: Sequence[list[DoorMention]]) -> bool:
        """Is another place named only as a thing in what is said of one (地库入口…被失灵的道闸拦住)?"""
        last = openers[-1][-1] if openers else None
        if last is None or not last.place or mention.anchor is not None or not self._together(last, mention):
            return False
        return self._text[: mention.start].endswith(idioms().words.held_by)

    def _is_one_breath(self, last: DoorMention, mention: DoorMention) -> bool:
        """Are the two listed together? A comma ends a list (701、702,701没人) and what is told apart (是403,404…)."""
        between = self._text[last.end : mention.start]
        if _JOINT.fullmatch(between) is None:
            return False
        if "," not in between:
            return True
        told_apart = set(mention.keys) & set(last.keys) or idioms().focus.search(
            self._text, max(0, last.start - 3), last.start
        )
        is_picked = not mention.said and mention.relation is None  # 101、103,其他…
        return not (told_apart or is_picked) and last.names_a_door == mention.names_a_door

    def _says_it_closer(self, earlier: DoorMention, later: DoorMention) -> bool:
        """Is ``later`` the door meant by a building or unit named before in the sentence?"""
        if earlier.place or len(earlier.keys) != 1 or len(later.keys) != 1 or earlier.whole_unit:
            return False
        whole, part = earlier.keys[0], later.keys[0]
        if whole.room != UNSAID or FLOOR in earlier.said or part.room == UNSAID or not _holds(whole, part):
            return False
        # 2栋那家软管裂了,2栋1单元402: the home is singled out first and named then
        told_apart = later.end if later.elided else earlier.end if later.names_a_door else None
        if told_apart is None or not self._together(earlier, later):
            return False
        return idioms().singled_out.match(self._text, told_apart) is not None

    def _only_stands_at(self, door: DoorMention, doors: Sequence[DoorMention]) -> bool:
        """Is a floor only where a lift stands (电梯停在八楼) or how far something goes (拖至一楼)?"""
        if not door.keys or not all(key.is_floor_only for key in door.keys):
            return False
        if idioms().drawn_to.search(self._text, max(0, door.start - 4), door.start):
            return True
        if self._is_part_of_a_place(door, doors):
            return True
        lift = any(one.place and "电梯" in one.place and self._together(one, door) for one in doors)
        return lift and idioms().stands_at.search(self._text, max(0, door.start - 2), door.start) is not None

    def _is_part_of_a_place(self, floor: DoorMention, doors: Sequence[DoorMention]) -> bool:
        """14栋楼道有股油漆味,是4楼在刷门: a bare floor behind a numbered place, unless a home of it is singled out."""
        is_there = any(
            one.anchor is not None and one.start < floor.start and self._together(one, floor) for one in doors
        )
        is_home = any(said.match(self._text, floor.end) for said in (idioms().singled_out, idioms().told_of_a_floor))
        return is_there and floor.said == {FLOOR} and not is_home


@cache
def _gates() -> tuple[str, ...]:
    return load_language().places.gates


def opens(text: str, place: DoorMention) -> bool:
    """Is a public place not just where somebody went (在菜市场摔了, 上菜市场)?"""
    if idioms().wished_at.search(text, max(0, place.start - 4), place.start):
        return True  # 想在河边搭个亭子
    if place.preposition:
        return False
    return idioms().goes_there.search(text, max(0, place.start - 4), place.start) is None


def _holds(whole: HouseholdKey, part: HouseholdKey) -> bool:
    return whole.building == part.building and whole.unit in (UNSAID, part.unit)
