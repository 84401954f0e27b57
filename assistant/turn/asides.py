"""What a message is beside a report: tried in turn, the first that hears something answers."""

from dataclasses import replace

from assistant.dialogue.compose import Reply
from assistant.domain.reports import Reading
from assistant.turn import guiding, refusing, requesting
from assistant.turn.at_station import asked as station
from assistant.turn.at_station import doctor
from assistant.turn.beside import Aside, Heard
from assistant.turn.course import Reported

#: the station before refusals: the doctor's list is a list that some may have
_WAYS = (station.find, refusing.find, requesting.find, guiding.find)


def find_aside(heard: Heard | None) -> Aside | None:
    """What to do with a message that is no report; None when it is one, or nothing that we know."""
    if heard is None:
        return None
    return next((aside for way in _WAYS if (aside := way(heard)) is not None), None)


def carry_out(aside: Aside, reported: Reported) -> Reply:
    """Do it, and keep a reading of which nothing follows: the message reports nothing, now or when read again."""
    reported.keep_reading(reported.report, Reading(aside.intent))
    return aside.carry_out(reported)


def beside_report(heard: Heard | None, reported: Reported, reply: Reply) -> Reply:
    """What a report says or asks beside: a demand that is not met, a wish that becomes a request, a question."""
    if heard is None:
        return reply
    refusing.refuse_beside(heard, reported)
    requesting.note_wishes(reported, heard.beside)
    consent = doctor.consent_beside(heard, reported)
    if consent is not None:
        reply = replace(reply, text=f"{reply.text}\n{consent}")
    return guiding.with_card(heard, reply)
