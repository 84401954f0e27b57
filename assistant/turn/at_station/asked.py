"""The way in: is this message about the service station, and what is to be done?"""

from assistant.dialogue.compose import Reply
from assistant.storage.station import station_of
from assistant.turn.at_station.asking import answer_question
from assistant.turn.at_station.booking import handle_room
from assistant.turn.at_station.doctor import handle_doctor_list
from assistant.turn.at_station.place import Here
from assistant.turn.at_station.swapping import answer_offer, handle_duty, may_be_an_answer, says_only_yes_or_no
from assistant.turn.beside import Aside, Heard, says

#: a longer message tells of more than the station
_LONGEST = 80


def find(heard: Heard) -> Aside | None:
    """What the station's tables answer or change; None when the message is about something else."""
    if len(heard.text) > _LONGEST:
        return None
    if not heard.reports_nothing and not says_only_yes_or_no(heard):
        return None
    signs = heard.beside.station.heard(heard.text)
    if not signs and not may_be_an_answer(heard):
        return None
    station = station_of(heard.course.session, heard.worker, heard.estate)
    if station is None:
        if not signs or not heard.names_no_door:
            return None
        say = heard.course.replies.station
        return says(Reply(say.unknown.format(whom=heard.whom_to_ask(say.nobody_named))))
    here = Here(heard, station)
    found = answer_offer(here)
    if found is None and not heard.reports_nothing:
        return None
    found = found or handle_doctor_list(here, signs)
    if found is not None or not heard.names_no_door:
        return found
    found = handle_duty(here, signs) or handle_room(here, signs)
    return found if found is not None or heard.tells_of_somebody else answer_question(here, signs)
