"""The one question that a message may be answered with (``docs/contract/severity.md``, "Asking").

A question is put only where its answer changes what follows. It never delays anything: what is known of a P0 is acted
on at once, and the door is asked all the same.
"""

from collections.abc import Sequence

from assistant.dialogue.wording import say_door, say_people
from assistant.domain.casework import Decision
from assistant.domain.places import UNSAID, HouseholdKey, is_place
from assistant.domain.reports import CaseReading, Intent, Missing, Reading, Severity
from knowledge.replies import Replies

#: less urgent matters are recorded with what was said of the door
_WORTH_ASKING = frozenset({Severity.P0, Severity.P1, Severity.P2})


def question(reading: Reading, decisions: Sequence[Decision], replies: Replies) -> str | None:
    """The one question to put back in Chinese, or None. ``decisions`` are in the reading's order of cases.

    Where several cases leave something open, the most urgent one is asked about.
    """
    sayings = replies.sayings
    if reading.missing is Missing.WHICH_MESSAGE:
        return sayings.ask_which_message
    if reading.missing is Missing.NEW_DOOR:
        return sayings.ask_new_door
    asked = case_to_ask_about(reading, decisions)
    if asked is not None:
        return _ask_about(asked, replies)
    if reading.missing is Missing.DOOR:
        return sayings.ask_visits if reading.intent is Intent.OTHER else sayings.ask_door
    return None


def case_to_ask_about(reading: Reading, decisions: Sequence[Decision]) -> CaseReading | None:
    """The most urgent case that leaves its household open, the first of equals; None when all is clear."""
    open_cases = [
        (decision.severity.urgency, order, case)
        for order, (case, decision) in enumerate(zip(reading.cases, decisions, strict=True))
        if case.also_fits or (decision.severity in _WORTH_ASKING and _lacks_its_door(case))
    ]
    return min(open_cases)[2] if open_cases else None


def doors_to_choose_from(case: CaseReading) -> tuple[str, ...]:
    """The doors and places that fit just as well, as they are said; what names no door is no choice."""
    said = (say_door(key) for key in (case.key, *case.also_fits))
    return tuple(dict.fromkeys(door for door in said if door))


def _lacks_its_door(case: CaseReading) -> bool:
    if is_place(case.key) or case.is_whole_unit:
        return False
    return not HouseholdKey.parse(case.key).is_complete


def _ask_about(case: CaseReading, replies: Replies) -> str:
    sayings = replies.sayings
    people = say_people(case, replies)
    if case.also_fits:
        doors = "、".join(f"{door}{people}" for door in doors_to_choose_from(case))
        return sayings.ask_which_door.format(doors=doors)
    key = HouseholdKey.parse(case.key)
    if key.is_empty:
        return sayings.ask_door_of.format(whom=people) if people else sayings.ask_door
    whom = say_door(case.key) + people
    lacks_building, lacks_unit = key.building == UNSAID, key.unit == UNSAID
    lacks_room = key.room == UNSAID or key.is_floor_only
    match (lacks_building, lacks_unit, lacks_room):
        case (True, True, False):
            return sayings.ask_building_and_unit.format(door=whom)
        case (True, False, False):
            return sayings.ask_building.format(door=whom)
        case (False, True, False):
            return sayings.ask_unit.format(door=whom)
        case (False, True, True):
            return sayings.ask_unit_and_room.format(door=whom)
        case (False, False, True):
            return sayings.ask_room.format(door=whom)
        case _:
            return sayings.ask_door_of.format(whom=whom)
