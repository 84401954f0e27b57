"""The way in: is this message about the service station, and what is to be done?"""

from assistant.dialogue.compose import Reply
from assistant.domain.reports import Intent
from assistant.storage.station import station_of
from assistant.turn.at_station.asking import answer_question
from assistant.turn.at_station.booking import handle_room
from assistant.turn.at_station.doctor import CONSENT, handle_doctor_list
from assistant.turn.at_station.going_on import going_on
from assistant.turn.at_station.offers import answer_offer, may_be_an_answer
from assistant.turn.at_station.place import Here
from assistant.turn.at_station.swapping import handle_duty
from assistant.turn.at_station.undoing import undo, withdraw_offer
from assistant.turn.beside import Aside, Heard, says

#: a longer message tells of more than the station
_LONGEST = 80
#: who is on duty changes: what is said around it (女儿要打针, 我要去医院) is why, and nothing to put on record
_CHANGES_DUTY = frozenset({"take_duty", "trade_duty", "give_duty", "cannot_duty", "assign_duty", "stays_on_duty"})
#: a name in these is whoever shall be on duty
_NAMES_WHO = frozenset({"trade_duty", "give_duty", "assign_duty"})


def find(heard: Heard) -> Aside | None:
    """What the station's tables answer or change; None when the message is about something else."""
    if len(heard.text) > _LONGEST:
        return None
    heard = going_on(heard)
    signs = heard.beside.station.heard(heard.text)
    is_undoing = heard.reading.intent is Intent.RETRACTION
    if not signs and not is_undoing and not may_be_an_answer(heard):
        return None
    station = station_of(heard.course.session, heard.worker, heard.estate)
    if station is None:
        if not signs or not heard.reports_nothing or not heard.names_no_door:
            return None
        say = heard.course.replies.station
        return says(Reply(say.unknown.format(whom=heard.whom_to_ask(say.nobody_named))))
    here = Here(heard, station)
    if is_undoing:
        return undo(here)
    found = answer_offer(here, signs) or _changed_duty(here, signs) or _consent(here, signs)
    if found is not None or not heard.reports_nothing:
        return found
    found = handle_doctor_list(here, signs)
    if found is not None:
        return found
    alone = Here(heard.by_itself, station)
    if not alone.heard.names_no_door:
        return None
    found = handle_room(alone, signs)
    return found if found is not None or alone.heard.tells_of_somebody else answer_question(alone, signs)


def _consent(here: Here, signs: frozenset[str]) -> Aside | None:
    """Who agreed to be seen by the doctor or refused: that they refuse or have promised it is no report beside."""
    return handle_doctor_list(here, signs) if signs & CONSENT and here.heard.finds_nothing else None


def _changed_duty(here: Here, signs: frozenset[str]) -> Aside | None:
    """A change of who is on duty, whatever is said around it; None where anything is found or a door is named."""
    if not signs & _CHANGES_DUTY and "cannot_come" not in signs:
        return None
    alone = Here(here.heard.by_itself, here.station)
    heard = alone.heard
    if not heard.names_no_door or not (heard.finds_nothing or "cannot_come" in signs):
        return None
    if heard.tells_of_somebody and not signs & _NAMES_WHO:
        return None
    return withdraw_offer(alone, signs) or handle_duty(alone, signs)
