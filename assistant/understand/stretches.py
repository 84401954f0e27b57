"""Which words of a message are about which door.

A door opens a stretch that runs to the next door; words before the first door of a sentence belong to it as well
(“煤气表没电池 2-4-601”). Doors named in one breath (4-1-301和401) share a stretch. The door of somebody who only tells
(“3栋的李婆婆说6楼那家…”) is set aside. A public place opens a stretch where no door does; named in passing it stays
at hand for what can only be there (“…,楼道头堆满纸板”).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain.places import PLACE_PREFIX
from assistant.understand.address.mention import DoorMention
from assistant.understand.clauses import Clauses
from assistant.understand.idioms import idioms
from assistant.understand.openers import Openers
from assistant.understand.spans import Span


@dataclass
class Stretch:
    """``spans`` of the text are about ``mentions`` (several doors where they were named in one breath)."""

    mentions: list[DoorMention]
    spans: list[Span]
    passing_places: list[DoorMention] = field(default_factory=list)
    #: the one door or place that is meant, as the contract writes it; None where none is named (``of_each_door``)
    key: str | None = None

    @property
    def keys(self) -> list[str]:
        """All keys that are named."""
        return list(dict.fromkeys(key for mention in self.mentions for key in _keys_of(mention)))

    @property
    def is_place(self) -> bool:
        return bool(self.mentions) and self.mentions[0].place is not None

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return self.spans[-1].end

    def place_near(self, position: int, clauses: Clauses) -> DoorMention | None:
        """The public place named in passing in the same sentence, nearest to ``position``."""
        near = [place for place in self.passing_places if clauses.same_sentence(place.start, position)]
        return min(near, key=lambda place: abs(place.start - position), default=None)


def tellers(text: str, doors: Sequence[DoorMention], speech: Sequence[Span]) -> list[DoorMention]:
    """The doors that are only where somebody lives who tells of another door (2栋李婆婆说3栋那家…)."""
    return [
        mention
        for index, mention in enumerate(doors)
        if _is_a_shop_that_tells(text, mention, speech)
        or is_elsewhere(text, mention, doors[:index], speech)
        or _complains(text, mention, doors[:index], speech)
        or _is_asked(text, mention, doors[:index])
        or _is_where_kin_live(text, mention, doors)
        or _only_tells(text, mention, doors[index + 1 :], speech)
    ]


def cut(text: str, clauses: Clauses, doors: Sequence[DoorMention], named: Sequence[Span] = ()) -> list[Stretch]:
    """Cut the text into stretches, in the order of the words. A text without any door is one stretch.

    ``named`` are the residents spoken of by name who do not only tell.
    """
    openers, passing = Openers(text, clauses, doors, named).sort()
    if not openers:
        return [Stretch([], [Span(0, len(text))], passing)]
    if (door := _address_of_it_all(text, clauses, openers)) is not None:
        return [Stretch(door, [Span(0, len(text))], passing)]
    stretches = _stretches(text, clauses, openers)
    first = stretches[0]
    own_sentence = clauses.sentence_span(openers[0][0].start).start
    if any(place.start < own_sentence for place in passing):
        # a sentence about a place comes before the first door: it is not the door's
        stretches = [
            Stretch([], [Span(0, own_sentence)]),
            Stretch(first.mentions, [Span(own_sentence, first.end)]),
            *stretches[1:],
        ]
    return _with_passing(stretches, passing)


def _address_of_it_all(text: str, clauses: Clauses, openers: Sequence[list[DoorMention]]) -> list[DoorMention] | None:
    """“…,过道仅容一人侧身。门牌:莲花公寓6-1-1805。”: the only door, where it says by itself where it all was."""
    doors = [mentions for mentions in openers if any(one.place is None or one.anchor for one in mentions)]
    if len(doors) != 1 or len(doors[0]) != 1 or not doors[0][0].names_a_door:
        return None
    door = doors[0][0]
    sentence = clauses.sentence_span(door.start)
    before, behind = text[sentence.start : door.start], text[door.end : sentence.end]
    is_bare = len(_LETTER.findall(before)) <= _BEFORE_AN_ADDRESS and not _LETTER.search(behind.lstrip("室号户的"))
    return doors[0] if is_bare and sentence.start > 0 else None


def of_each_door(stretches: Sequence[Stretch]) -> list[Stretch]:
    """One stretch a key, with all words about it, wherever they stand (201和202都…,201没理他,202还在通话)."""
    whole: dict[str | None, Stretch] = {}
    for stretch in stretches:
        keys: list[str | None] = [*stretch.keys] or [None]
        for key in keys:
            own = whole.setdefault(key, Stretch([], [], [], key))
            own.mentions += [mention for mention in stretch.mentions if key in _keys_of(mention)]
            own.spans += stretch.spans
            own.passing_places += stretch.passing_places
    return list(whole.values())


def _keys_of(mention: DoorMention) -> list[str]:
    return [PLACE_PREFIX + mention.place] if mention.place else [str(key) for key in mention.keys]


def _stretches(text: str, clauses: Clauses, openers: list[list[DoorMention]]) -> list[Stretch]:
    starts = []
    for index, mentions in enumerate(openers):
        first = mentions[0].start
        if index == 0:
            starts.append(0)
            continue
        sentence = clauses.sentence_span(first)
        earlier = openers[index - 1][-1]
        focus = _FOCUS.search(text, max(sentence.start, earlier.end), first)
        starts.append(focus.start() if focus else first if earlier.start >= sentence.start else sentence.start)
    ends = [*starts[1:], len(text)]
    return [Stretch(mentions, [Span(start, end)]) for mentions, start, end in zip(openers, starts, ends, strict=True)]


def _with_passing(stretches: list[Stretch], passing: list[DoorMention]) -> list[Stretch]:
    for place in passing:
        for stretch in stretches:
            if stretch.start <= place.start < stretch.end:
                stretch.passing_places.append(place)
    return stretches


#: 软管老化的是303, 有三户没人:303…: what is said before it is said of this door
_FOCUS = re.compile(
    r"[^,。;!?\n]+的(?:就?是|有)$|[^,。;!?\n]*[几一二两三四五六七八九十\d][家户][^,。;!?\n:]{0,10}:\s?$"
)
_LETTER = re.compile(r"[^\W\d_]")
#: 事发…小区, 门牌:…: with so few letters before a door and none behind it, a sentence is an address.
_BEFORE_AN_ADDRESS = 10
#: Behind a door so few characters are only who lives there.
_A_NAME = 5
#: 说对门放毒: so near behind the word of speaking a neighbour is only spoken of.
_TOLD_WITHIN = 8


def is_elsewhere(text: str, mention: DoorMention, earlier: Sequence[DoorMention], speech: Sequence[Span]) -> bool:
    """Is a neighbour named only as who noticed (隔壁听到…), as a direction (拉线到楼下), or in what a door tells?"""
    if mention.relation is None:
        return False
    teller = next((one for one in reversed(earlier) if one.names_a_door), None)
    spoken = [span for span in speech if 0 <= mention.start - span.end <= _TOLD_WITHIN]
    if teller is None:
        is_told_of = any(text[span.start - 1 : span.start] in (",", " ") for span in spoken)
    else:
        is_told_of = any(teller.end <= span.start for span in spoken)
    if idioms().towards.search(text, max(0, mention.start - 2), mention.start):
        return not _flows(text, mention)
    if idioms().notices.match(text, mention.end) or is_told_of:
        return True
    return any(0 <= span.start - mention.end <= 2 for span in speech)


def _is_a_shop_that_tells(text: str, mention: DoorMention, speech: Sequence[Span]) -> bool:
    """水果店老板反映…: who keeps a shop tells of somewhere else."""
    keeper = idioms().shopkeeper.match(text, mention.end) if mention.place and mention.anchor is None else None
    return keeper is not None and any(0 <= span.start - keeper.end() <= 2 for span in speech)


def _complains(text: str, mention: DoorMention, earlier: Sequence[DoorMention], speech: Sequence[Span]) -> bool:
    """1803半夜还在跳,楼下1703说…: a neighbour by number who tells of the door before, not of their own (也说)."""
    if not mention.names_a_door or not any(one.names_a_door and one.relation is None for one in earlier):
        return False
    if idioms().beside.search(text, max(0, mention.start - 3), mention.start) is None:
        return False
    return any(span.start == mention.end for span in speech)


def _is_asked(text: str, mention: DoorMention, earlier: Sequence[DoorMention]) -> bool:
    """问了102,说回老家了; 给103留了话: whom the worker asked or told about the door before."""
    if not mention.names_a_door or not any(one.names_a_door for one in earlier):
        return False
    asked = idioms().asks_at.search(text, max(0, mention.start - 3), mention.start)
    if asked is not None:
        return idioms().says_of_it.match(text, mention.end) is not None
    told = idioms().tells_at.search(text, max(0, mention.start - 3), mention.start)
    return told is not None and idioms().leaves_word.match(text, mention.end) is not None


def _is_where_kin_live(text: str, mention: DoorMention, doors: Sequence[DoorMention]) -> bool:
    """她女儿住6-1-302, 儿子家在隔壁小区5栋: where somebody's family lives, not the door that is spoken of."""
    said = idioms().kin_live_at.search(text, max(0, mention.start - 14), mention.start)
    if said is None:
        return False
    if any(one.names_a_door and one is not mention for one in doors):
        return True
    return said["whose"] is not None and not text[mention.end :].strip(" 。,!的")  # nothing more is said of that door


def _flows(text: str, mention: DoorMention) -> bool:
    return text[max(0, mention.start - 2) : mention.start].rstrip("了起到").endswith(idioms().words.flows)


def _only_tells(text: str, mention: DoorMention, later: Sequence[DoorMention], speech: Sequence[Span]) -> bool:
    if mention.place:
        return False
    for following in later:
        if following.relation is not None:
            return False
        gap = text[mention.end : following.start]
        if len(gap) > 16 or any(mark in gap for mark in "。;!?\n"):
            return False
        spoken = [span for span in speech if mention.end <= span.start and span.end <= following.start]
        if spoken and text.find(",", mention.end + _A_NAME, spoken[-1].start) >= 0:
            return False  # …血压176/98,她说楼下401…: something is said of the first too
        told = text[spoken[-1].end : following.start] if spoken else ""
        if spoken and len(told) <= 6 and "," not in told and _same_breath(gap):
            return not following.place or following.names_a_door
        if not spoken:
            return False
    return False


def _same_breath(gap: str) -> bool:
    return gap.count(",") <= 1
