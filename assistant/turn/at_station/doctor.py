"""The family doctor's short list: who agreed to stand on it, and the list itself for those who may have it.

Nobody is put on it but by their own word. The list goes to the doctor, to coordinators, and to a worker for the own
area; never into a group.
"""

from sqlmodel import col, select

from assistant.dialogue.compose import Reply
from assistant.dialogue.wording import say_door
from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.reports import Intent
from assistant.storage import doctor, records
from assistant.storage.station import station_of
from assistant.storage.tables import Household, Resident, Worker
from assistant.turn.at_station.asking import next_doctor_day
from assistant.turn.at_station.place import Here
from assistant.turn.beside import Aside, Heard
from assistant.turn.course import Reported
from assistant.understand.cases import NOWHERE
from knowledge.replies import Replies

#: the signs of what a resident says of the list
CONSENT = frozenset({"agree_doctor_list", "refuse_doctor_list"})


def handle_doctor_list(here: Here, signs: frozenset[str]) -> Aside | None:
    """The answer to a message about the list; None when it is about something else."""
    if "refuse_doctor_list" in signs:
        return Aside(Intent.OTHER, lambda reported: _consent(here, reported, agrees=False))
    if "agree_doctor_list" in signs:
        return Aside(Intent.OTHER, lambda reported: _consent(here, reported, agrees=True))
    if "ask_doctor_list" not in signs:
        return None
    if here.heard.course.item.is_group:
        return here.answers(here.heard.course.replies.refusals.in_group)
    if not _may_have_it(here.heard.worker):
        return here.answers(here.say.doctor_list_not_yours)
    session, replies = here.heard.course.session, here.heard.course.replies
    days = here.station.doctor_days
    day = here.day(next_doctor_day(days, here.today)) if days else ""
    listed = doctor.doctor_list(session, here.heard.worker.area_id)
    return here.answers(say_doctor_list(listed, day, replies))


def say_doctor_list(listed: list[doctor.ForTheDoctor], day: str, replies: Replies) -> str:
    """The list as it is told: door, person, and what the doctor should look at."""
    say = replies.station
    if not listed:
        return say.doctor_list_empty
    at_door: dict[str, list[doctor.ForTheDoctor]] = {}
    for one in listed:
        at_door.setdefault(one.key, []).append(one)
    # what was found tells the household: of several who agreed it is not known whose it is
    lines = [
        say.doctor_list_line.format(
            door=say_door(key),
            who="、".join(one.called for one in people),
            what="、".join(dict.fromkeys(replies.called(kind) for one in people for kind in one.kinds)),
        )
        for key, people in at_door.items()
    ]
    head = say.doctor_list_head.format(day=day, count=len(listed))
    return "\n".join((head, *lines, say.doctor_list_foot))


def consent_beside(heard: Heard, reported: Reported) -> str | None:
    """Put down what a report says beside of the list (她说想让家医看), and say so; None where it says nothing of it."""
    signs = heard.beside.station.heard(heard.text) & CONSENT
    station = (
        station_of(heard.course.session, heard.worker, heard.estate) if signs and not heard.finds_nothing else None
    )
    if station is None:
        return None
    here = Here(heard, station)
    if not _residents_meant(here, reported):
        return None
    return _consent(here, reported, agrees="refuse_doctor_list" not in signs).text


def _may_have_it(worker: Worker) -> bool:
    if worker.role is Role.RESPONDER:
        return worker.acts_as is Responder.DOCTOR
    return worker.role in (Role.WORKER, Role.COORDINATOR)


def _consent(here: Here, reported: Reported, *, agrees: bool) -> Reply:
    residents = _residents_meant(here, reported)
    if not residents:
        return Reply(here.say.consent_who)
    doctor.note_consent(reported.ledger, residents, agrees=agrees)
    who = "、".join(resident.called for resident in residents)
    return Reply((here.say.consent_yes if agrees else here.say.consent_no).format(who=who))


def _residents_meant(here: Here, reported: Reported) -> list[Resident]:
    """The residents on record at the door that is named whose name is said; the only one there, if none is."""
    keys = [case.key for case in here.heard.reading.cases if case.key != NOWHERE]
    places = records.by_keys(reported.session, reported.estate, keys)
    query = select(Resident).where(col(Resident.withdrawn_at).is_(None), col(Resident.moved_away_on).is_(None))
    if places:
        query = query.where(col(Resident.household_id).in_([place.id for place in places]))
    else:
        area = Household.area_id == reported.worker.area_id
        query = query.join(Household, col(Household.id) == Resident.household_id).where(area)
    lived = list(reported.session.exec(query.order_by(col(Resident.id))))
    named = [one for one in lived if one.called in reported.course.item.text]
    if places:
        return named or (lived if len(lived) == 1 else [])
    return named if len(named) == 1 else []
