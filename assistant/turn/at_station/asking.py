"""Questions about the station, answered from its tables: who is on duty, when it is open, when the doctor comes.

What the tables do not hold is said to be unknown, with whom to ask. Anybody may ask, in a group too: nothing of a
resident is in the answers.
"""

from collections.abc import Callable
from datetime import date, timedelta

from assistant.dialogue.station import say_changes, say_days, say_weekdays
from assistant.domain.station import openings
from assistant.storage import station as rota
from assistant.turn.at_station.place import Here
from assistant.turn.at_station.when import day_meant, days_meant, week_meant
from assistant.turn.beside import Aside

#: the doctor's next day is looked for so far ahead
_DAYS_AHEAD = 14


def answer_question(here: Here, signs: frozenset[str]) -> Aside | None:
    """The answer to the first question that is heard; None when none is."""
    for name, answer in _ANSWERS.items():
        if name in signs:
            return answer(here)
    return None


def _your_duty(here: Here) -> Aside:
    slots = rota.slots_of(here.heard.course.session, here.station, here.heard.worker, here.today)
    if not slots:
        return here.answers(here.say.your_duty_none)
    days = say_days((slot.on_day for slot in slots), here.heard.course.replies)
    return here.answers(here.say.your_duty.format(days=days))


def _rota(here: Here) -> Aside:
    """Who is on duty on each day of the week that is named."""
    say, session = here.say, here.heard.course.session
    turns: dict[date, str] = {}
    for day in week_meant(here.heard.text, here.heard.course.at):
        for slot in rota.slots_on(session, here.station, day):
            who = here.who(slot)
            turns[day] = who.name if who is not None else say.rota_nobody
    if not turns:
        return here.answers(say.duty_unknown.format(whom=here.whom))
    return here.answers(say.rota.format(list=say_changes(turns, here.heard.course.replies)))


def _on_duty(here: Here) -> Aside:
    days = days_meant(here.heard.text, here.heard.course.at) or [here.today]
    return here.answers("".join(_on_duty_on(here, day) for day in days[:3]))


def _on_duty_on(here: Here, day: date) -> str:
    session, say = here.heard.course.session, here.say
    slots = rota.slots_on(session, here.station, day)
    taken = [(who.name, slot) for slot in slots if (who := here.who(slot)) is not None]
    if taken:
        return "".join(
            say.on_duty.format(day=here.day(day), who=name, hours=here.slot_hours(slot)) for name, slot in taken
        )
    if not slots and here.station.hours and not openings(here.station.hours, day):
        return say.closed_on.format(day=here.day(day), hours=here.hours())
    if slots or rota.has_rota(session, here.station, day):
        return say.duty_empty.format(day=here.day(day), whom=here.whom)
    return say.duty_unknown.format(whom=here.whom)


def _hours(here: Here) -> Aside:
    say, station = here.say, here.station
    if not station.hours:
        return here.answers(say.hours_unknown.format(whom=here.whom))
    days = days_meant(here.heard.text, here.heard.course.at)
    if not days:
        place = say.at_place.format(place=station.place) if station.place else ""
        return here.answers(say.open_at.format(hours=here.hours(), place=place))
    return here.answers("".join(_hours_on(here, day) for day in days[:2]))


def _hours_on(here: Here, day: date) -> str:
    hours = here.hours_on(day)
    if hours:
        return here.say.open_on.format(day=here.day(day), hours=hours)
    return here.say.closed_on.format(day=here.day(day), hours=here.hours())


def _doctor(here: Here) -> Aside:
    say, days = here.say, here.station.doctor_days
    if not days:
        return here.answers(say.doctor_unknown.format(whom=here.whom))
    day = day_meant(here.heard.text, here.heard.course.at)
    if day is None:
        said = say_weekdays(days, here.heard.course.replies)
        hours = here.hours_on(next_doctor_day(days, here.today))
        return here.answers(say.doctor_days.format(days=said, hours=here.in_brackets(hours)))
    if day.isoweekday() in days:
        return here.answers(say.doctor_comes.format(day=here.day(day), hours=here.in_brackets(here.hours_on(day))))
    following = here.day(next_doctor_day(days, max(day, here.today)))
    return here.answers(say.doctor_does_not_come.format(day=here.day(day), next=following))


def next_doctor_day(days: list[int], since: date) -> date:
    """The first day from ``since`` on, itself included, on which the doctor comes. ``days``: 1 Monday … 7 Sunday."""
    ahead = (since + timedelta(days=step) for step in range(_DAYS_AHEAD))
    return next(day for day in ahead if day.isoweekday() in days)


def _place(here: Here) -> Aside:
    say, station = here.say, here.station
    if not station.place:
        return here.answers(say.place_unknown.format(whom=here.whom))
    return here.answers(say.place.format(name=station.name, place=station.place))


def _phone(here: Here) -> Aside:
    say, station = here.say, here.station
    if not station.phone:
        return here.answers(say.phone_unknown.format(whom=here.whom))
    return here.answers(say.phone.format(phone=station.phone))


#: in this order: 家医哪天坐班 asks for the doctor, 我哪天值班 for oneself
_ANSWERS: dict[str, Callable[[Here], Aside]] = {
    "ask_my_duty": _your_duty,
    "ask_rota": _rota,
    "ask_doctor": _doctor,
    "ask_duty": _on_duty,
    "ask_phone": _phone,
    "ask_place": _place,
    "ask_hours": _hours,
    "ask_other": lambda here: here.answers(here.say.not_on_record.format(whom=here.whom)),
}
