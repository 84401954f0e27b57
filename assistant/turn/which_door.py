"""Which of several doors an answer means: 都办好了, a door, or a room for each (302那家换了,602还没换)."""

from collections.abc import Sequence

from assistant.dialogue.answers import says_any, says_only
from assistant.domain.places import HouseholdKey, is_place
from assistant.storage.tables import Household
from assistant.turn.prompted import About
from knowledge.replies import Replies

_PAUSES = "，,。；;！!？?\n"
#: a door's name and what is said of it fit into this many characters
_MOST_OF_ONE = 16


def parted(text: str, about: About, named: Sequence[Household], replies: Replies) -> tuple[About, About]:
    """The doors of ``about`` of which the answer holds, and those of which it says 还没. Both empty: it names none.

    ``named`` are the households that the text names as doors. An answer that says a good deal more is none.
    """
    words = replies.answer_words
    nothing = About([], [])
    if says_only(text, words.all_of_them, replies) or says_any(text, words.each_of_them):
        return about, nothing
    holds: list[Household] = []
    not_yet: list[Household] = []
    for clause in _clauses(text):
        meant = _named_in(clause, about.places)
        (not_yet if says_any(clause, words.still_not) else holds).extend(meant)
    if not holds and not not_yet:
        ids = {place.id for place in about.places}
        holds = [place for place in named if place.id in ids]
    if len(text) > _MOST_OF_ONE * max(1, len(holds) + len(not_yet)):
        return nothing, nothing
    return about.at(holds), about.at([place for place in not_yet if place not in holds])


def named_among(text: str, places: Sequence[Household]) -> list[Household]:
    """Those of ``places`` that the text names, in full or by a room that only one of them has."""
    return [place for clause in _clauses(text) for place in _named_in(clause, places)]


def _named_in(clause: str, places: Sequence[Household]) -> list[Household]:
    rooms = [HouseholdKey.parse(each.key).room for each in places if not is_place(each.key)]
    return [place for place in places if _names(clause, place, rooms)]


def _names(clause: str, place: Household, rooms: Sequence[str]) -> bool:
    if is_place(place.key):
        return place.key.removeprefix("place:") in clause
    if place.key in clause:
        return True
    room = HouseholdKey.parse(place.key).room
    return rooms.count(room) == 1 and room in _numbers(clause)


def _numbers(clause: str) -> set[str]:
    spaced = "".join(sign if sign.isdigit() else " " for sign in clause)
    return set(spaced.split())


def _clauses(text: str) -> list[str]:
    for sign in _PAUSES:
        text = text.replace(sign, " ")
    return text.split()
