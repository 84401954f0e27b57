"""A wrong door in a round up one staircase: which of the reports named it.

我搞错门牌号了,应该是503    after 501 and 502: it is asked       软管那家错了,应该是503    the one with the hose
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from assistant.dialogue.answers import says_any
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.questions import Asks
from assistant.domain.reports import Move, Reading
from assistant.storage.tables import Report
from assistant.turn.course import Reported
from assistant.turn.putting_right import PutRight, ask_which, is_urgent, kinds_told, places_of, with_effects

#: one round: what was told of the doors of a staircase for so long may be what a wrong number means
_ROUND = timedelta(hours=2)


def which_moves(reported: Reported, reading: Reading, text: str) -> list[Report]:
    """我搞错门牌号了,应该是503 after 501 and 502: the reports of this round up its staircase that may be meant.

    None where the words point at the last one, name the wrong door, or tell of a danger to life: that waits for nobody.
    """
    if len(reading.moves) != 1 or says_any(text, reported.course.replies.answer_words.the_last_one):
        return []
    move = reading.moves[0]
    if is_place(move.from_key) or is_place(move.to_key) or HouseholdKey.parse(move.from_key).room in text:
        return []
    right = HouseholdKey.parse(move.to_key)
    near = [
        each
        for each in with_effects(reported)
        if reported.course.now - each.sent_at <= _ROUND
        and any(_is_on_its_stairs(place.key, right) for place in places_of(reported.session, each))
    ]
    if len(near) < 2 or is_urgent(reported, reading):
        return []
    said = {each.kind for case in reading.cases for each in case.findings}
    return [
        each for each in near if said & kinds_told(reported, each) or _words_told(reported, each) & set(_pairs(text))
    ] or near


def from_its_door(reported: Reported, reading: Reading, wrong: Report) -> Reading:
    """The reading with its move from the door of ``wrong``: that was the report meant."""
    move = reading.moves[0]
    right = HouseholdKey.parse(move.to_key)
    told = reported.course.reading_of(wrong).cases
    case = next((each for each in told if _is_on_its_stairs(each.key, right)), None)
    if case is None or case.key == move.from_key:
        return reading
    return replace(reading, moves=(Move(case.key, move.to_key, tuple(each.kind for each in case.findings)),))


def ask_which_moves(reported: Reported, targets: Sequence[Report]) -> PutRight:
    """Ask which of several reports named the wrong door."""
    return ask_which(reported, targets, Asks.WHICH_REPORT_IS_WRONG)


def _is_on_its_stairs(key: str, door: HouseholdKey) -> bool:
    if is_place(key):
        return False
    other = HouseholdKey.parse(key)
    return other != door and (other.building, other.unit) == (door.building, door.unit)


def _words_told(reported: Reported, report: Report) -> set[str]:
    """The pairs of characters in what was found, for want of words: 软管 in 软管那家."""
    cases = reported.course.reading_of(report).cases
    return {pair for case in cases for each in case.findings for pair in _pairs(each.quote.text)}


def _pairs(text: str) -> list[str]:
    return [one + other for one, other in pairwise(text)]
