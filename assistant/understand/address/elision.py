"""Give each phrase what the message has said before it, and what the address book knows.

    3-2-501…;502…          502 lends building and unit from 501
    3楼漏到2楼,4-2-202      the floors lend them from the door that follows
    3-2-501…,楼上…         the same number one floor up

A building said anew forgets unit and room; a unit said anew forgets the room. Nothing is guessed: what nobody said
stays ``?`` unless the book has exactly one door that fits.
"""

import re
from dataclasses import dataclass, replace

from assistant.domain.places import UNSAID, HouseholdKey, floor_of
from assistant.understand.address.book import AddressBook
from assistant.understand.address.members import with_members
from assistant.understand.address.mention import BUILDING, FLOOR, ROOM, DoorMention, Relation
from assistant.understand.address.parts import Parts
from assistant.understand.address.phrases import Phrase
from assistant.understand.idioms import idioms

_SENTENCE_END = re.compile(r"[。;;!!??\n]")
_BELONGS = re.compile(r"\s*(?:的|那家|那户|那边)?\s*(?:$|[。,;;!!)\n])")
_IS = re.compile(r"[,。;!?\s](?:就|都)?[是在]$")
#: 对门两家吵起来了,地址是13-1-502; 反映楼上抛物,查清系16-1-1802: the door tells where it was, not whose neighbour it is
_ADDRESS_IS = re.compile(
    r"[,;。].*(?:(?:地址|地点|住址|住处|位置|查清|查实|核实)\s*[为是在系:]?|(?:循声|赶到|找到|来到|敲开|锁定)[^,。;]{0,6})$"
)
_THEIRS = re.compile(r"的?\s*(?:$|[,。;!?\n])")
_EXCEPT = re.compile(r"(?:除了|除开|除|不含|不包括|没有算|扣开|只有|就只|仅有|只剩|唯独|唯有)(?:\s|第)*$")
#: 除了5楼|都没人: what follows is said of all but this one
_OF_THE_OTHERS = re.compile(r"(?:(?:以外|之外|外),?[^,。;]{0,4}|,?(?:其余|其他|别的|剩下)?的?)(?:都|均|全|皆)")


#: a larger number between building and door is a floor
MOST_UNITS = 8


@dataclass(frozen=True)
class Lookup:
    """The address book together with the estate to look in; both may be unknown."""

    book: AddressBook | None
    estate: str | None

    def only_match(self, *keys: HouseholdKey) -> HouseholdKey | None:
        """The one complete door that any of the readings ``keys`` fits; None when there are none or several."""
        if self.book is None:
            return None
        found = {match for key in keys for match in self.book.matches(key, self.estate)}
        return found.pop() if len(found) == 1 else None


def resolve(text: str, phrases: list[Phrase], lookup: Lookup, after: HouseholdKey) -> list[DoorMention]:
    """The mentions of the phrases. ``after`` is the door that was spoken of last before this text."""
    mentions: list[DoorMention] = []
    context = after
    for phrase in phrases:
        if phrase.relation is not None:
            mentions.append(_neighbour(text, phrase, mentions, after))
            continue
        keys = []
        for parts in phrase.doors:
            keys.append(_fill(parts, context, lookup))
            context = keys[-1]
        keys = _in_each_unit(phrase, keys, mentions)
        if mentions and len(mentions[-1].keys) > 1 and _EXCEPT.search(text, max(0, phrase.start - 6), phrase.start):
            mentions[-1] = _without(mentions[-1], keys)
            if _OF_THE_OTHERS.match(text, phrase.end):
                continue
        mentions.append(_mention(phrase, keys))
    return with_members(text, _look_ahead(text, mentions))


def _fill(parts: Parts, context: HouseholdKey, lookup: Lookup) -> HouseholdKey:
    if parts.building is None:
        building, unit = context.building, parts.unit or (context.unit if parts.unit is None else UNSAID)
    else:
        building, unit = parts.building, parts.unit or UNSAID
    if parts.unsure is not None:
        return _unsure(building, *parts.unsure, lookup)
    key = HouseholdKey(building, unit, _room(parts))
    if key.room == UNSAID or key.is_floor_only or key.is_complete:
        return key
    readings = [key]
    if parts.building is None and len(key.room) == 4 and context.is_empty:  # 3201: 32楼01, or 3栋201
        readings.append(HouseholdKey(building=key.room[0], room=key.room[1:]))
    return lookup.only_match(*readings) or key


def _unsure(building: str, second: str, third: str, lookup: Lookup) -> HouseholdKey:
    """3-2-5: the fifth door of unit 2, or of floor 2. Nobody has more than eight units: 3-15-1 is floor 15."""
    by_unit = HouseholdKey(building, second, third)
    by_floor = HouseholdKey(building, UNSAID, f"{second}{int(third):02d}")
    found = lookup.only_match(by_unit, by_floor)
    return found or (by_floor if second.isdigit() and int(second) > MOST_UNITS else HouseholdKey(building))


def _room(parts: Parts) -> str:
    if parts.room is None:
        return f"{parts.floor}F" if parts.floor and parts.floor != "-1" else UNSAID
    if parts.room.isdigit() and len(parts.room) < 3 and parts.floor and parts.floor.isdigit():
        return f"{parts.floor}{int(parts.room):02d}"
    return parts.room


def _mention(phrase: Phrase, keys: list[HouseholdKey]) -> DoorMention:
    words = "".join(phrase.words).upper()
    said = frozenset(name for parts in phrase.doors for name in parts.said)
    if phrase.is_place:
        return DoorMention(phrase.start, phrase.end, (), words, words, keys[0] if keys else None, said=said)
    first = phrase.doors[0]
    elided = bool(
        (first.building is None and keys[0].building != UNSAID)
        or (first.unit is None and first.building is None and keys[0].unit != UNSAID)
    )
    return DoorMention(
        phrase.start,
        phrase.end,
        tuple(dict.fromkeys(keys)),
        words,
        said=said,
        is_range=phrase.is_range,
        elided=elided,
        whole_unit=phrase.whole_unit,
    )


def _without(mention: DoorMention, keys: list[HouseholdKey]) -> DoorMention:
    left = tuple(key for key in mention.keys if key not in keys)
    return replace(mention, keys=left, left_out=tuple(keys)) if left else mention


def _in_each_unit(phrase: Phrase, keys: list[HouseholdKey], earlier: list[DoorMention]) -> list[HouseholdKey]:
    """三个单元的101没人,102正常: a bare room behind one room of several units is in each of them too."""
    before = earlier[-1].keys if earlier and earlier[-1].relation is None else ()
    is_same_room = len(before) > 1 and len({key.room for key in before}) == 1
    if not is_same_room or len(keys) != 1 or phrase.doors[0].said != {ROOM}:
        return keys
    return [key.with_room(keys[0].room) for key in before]


def _neighbour(text: str, phrase: Phrase, earlier: list[DoorMention], after: HouseholdKey) -> DoorMention:
    doors = [one.keys[-1] for one in earlier if one.keys and one.relation is None and not _is_beside(text, one)]
    reference = doors[-1] if doors else after
    words = "".join(phrase.words)
    if reference.is_empty and phrase.relation is Relation.DOWNSTAIRS and _is_outside(text, phrase):
        return DoorMention(phrase.start, phrase.end, (), words, words)
    return DoorMention(
        phrase.start,
        phrase.end,
        (_beside(reference, phrase.relation),),
        "".join(phrase.words),
        relation=phrase.relation,
        elided=not reference.is_empty,
    )


def _is_beside(text: str, mention: DoorMention) -> bool:
    """楼上1301: named as the neighbour of the door before, which goes on being the one that is spoken of."""
    return idioms().beside.search(text, max(0, mention.start - 3), mention.start) is not None


def _is_outside(text: str, phrase: Phrase) -> bool:
    """楼下打起来了: out in the yard, not who lives below (楼下那家, 楼下说)."""
    opens = phrase.start == 0 or text[phrase.start - 1] in " ,。;!?\n"
    return opens and idioms().lives_below.match(text, phrase.end) is None


def _beside(reference: HouseholdKey, relation: Relation | None) -> HouseholdKey:
    """The neighbour's key: the same number one floor up or down; 对门 and 隔壁 are the same floor."""
    floor = floor_of(reference.room)
    if floor is None or not floor.isdigit():
        return replace(reference, room=UNSAID)
    if relation in (Relation.OPPOSITE, Relation.NEXT_DOOR):
        return replace(reference, room=f"{floor}F")
    other = int(floor) + (1 if relation is Relation.UPSTAIRS else -1)
    if other < 1:
        return replace(reference, room=UNSAID)
    return replace(reference, room=f"{other}F" if reference.is_floor_only else f"{other}{reference.room[-2:]}")


def _look_ahead(text: str, mentions: list[DoorMention]) -> list[DoorMention]:
    """Lend backwards: a floor, a bare room or a neighbour that stands before the door it belongs to."""
    at = len(mentions)
    for index in range(len(mentions) - 1, -1, -1):
        mention = mentions[index]
        if BUILDING in mention.said:
            at = index
        if not mention.keys or any(key.building != UNSAID for key in mention.keys) or at == len(mentions):
            continue
        later = mentions[at]
        is_there = mention.relation is not None and _ADDRESS_IS.search(text, mention.end, later.start) is not None
        is_apart = _SENTENCE_END.search(text, mention.end, later.start) is not None
        if is_apart and not is_there and not _is_whose(text, mention, later):
            continue
        key = mention.keys[0]
        lender = later.keys[0] if later.keys else later.anchor
        if mention.relation is not None:
            if lender is not None and lender.room != UNSAID:
                keys = (lender if is_there else _beside(lender, mention.relation),)
                mentions[index] = replace(mention, keys=keys, elided=True)
        elif FLOOR in mention.said and ROOM not in mention.said:
            is_same = lender is not None and floor_of(lender.room) == key.room[:-1] and len(mention.keys) == 1
            whole = tuple(_prefixed(each, lender or HouseholdKey()) for each in mention.keys)
            own = (lender,) if lender is not None and is_same else whole
            mentions[index] = replace(mention, keys=own, elided=True)
            if _is_whose(text, mention, later):
                mentions[at] = replace(later, keys=own, elided=True)
        elif later.keys and lender is not None and not later.said & {ROOM, FLOOR} and _BELONGS.match(text, later.end):
            whole = tuple(_prefixed(each, lender) for each in mention.keys)
            mentions[index] = replace(mention, keys=whole, elided=True)
            if all(key.room == UNSAID for key in later.keys):
                mentions[at] = replace(later, keys=whole, elided=True)
    return mentions


def _is_whose(text: str, mention: DoorMention, later: DoorMention) -> bool:
    """三楼那户拉了根线。是2幢3单元的: does the later mention only say which building the earlier one is in?"""
    return (
        later.place is None
        and not later.said & {ROOM, FLOOR}
        and text.count("。", mention.end, later.start) <= 1
        and _IS.search(text, mention.end, later.start) is not None
        and _THEIRS.match(text, later.end) is not None
    )


def _prefixed(key: HouseholdKey, lender: HouseholdKey) -> HouseholdKey:
    return HouseholdKey(lender.building, key.unit if key.unit != UNSAID else lender.unit, key.room)
