"""Who is on duty changes: by the word of both, by a coordinator's, or because somebody can't come.

    我来接刘大姐的班        刘大姐 is asked, and is on duty until she has said yes
    7号我跟李姐换班         李大姐 is asked; who has the 7th gives it to the other
    7号空起的,我来值        nobody has to be asked; the coordinator is told
    7号我来不到            the turn is empty, the coordinator is told
    7号让李大姐值班         a coordinator says so; she is told

Which way a traded turn goes is read from the rota, not from the words: who has it gives it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from assistant.dialogue.compose import Reply
from assistant.dialogue.station import say_dated, say_days
from assistant.domain.station import openings
from assistant.outbox.queue import tell
from assistant.storage import station as rota
from assistant.storage.tables import DutySlot, Purpose, Worker
from assistant.turn.at_station.place import Here, doing
from assistant.turn.at_station.staff import named_in
from assistant.turn.at_station.undoing import tell_it_is_off
from assistant.turn.at_station.when import days_meant
from assistant.turn.beside import Aside, may_answer_for_all
from assistant.turn.course import Reported
from assistant.turn.notices import tell_coordinators, tell_one


def handle_duty(here: Here, signs: frozenset[str]) -> Aside | None:
    """The answer to a message that changes who is on duty; None when it is about something else."""
    if "assign_duty" in signs and may_answer_for_all(here.heard.worker):
        return doing(here, _assign)
    if "trade_duty" in signs or "take_duty" in signs or "give_duty" in signs:
        return doing(here, _change)
    if "cannot_duty" in signs or ("cannot_come" in signs and _coming_turns(here)):
        return doing(here, _can_not)
    return None


def _coming_turns(here: Here) -> list[DutySlot]:
    """The writer's own turns on the days that are named; without a day, what is on today or tomorrow."""
    heard = here.heard
    days = days_meant(heard.text, heard.course.at) or [here.today, here.today + timedelta(days=1)]
    coming = rota.slots_of(heard.course.session, here.station, heard.worker, here.today)
    return [slot for slot in coming if slot.on_day in days and slot.ends_at > heard.course.now]


def _change(here: Here, reported: Reported) -> Reply:
    others = [worker for worker in here.staff if worker.id != reported.worker.id]
    named = named_in(here.heard.text, others)
    days = days_meant(here.heard.text, reported.course.at)
    if len(named) > 1:
        return Reply(here.say.swap_which_person.format(names="、".join(worker.name for worker in named)))
    if named:
        return _ask_the_other(here, reported, named[0], days)
    signs = here.heard.beside.station.heard(here.heard.text)
    called = [one.called for case in here.heard.reading.cases for one in case.people]
    if called and signs & {"give_duty", "trade_duty"}:
        return Reply(here.say.swap_unknown_person.format(who=called[0]))
    return _take_empty(here, reported, days) if "take_duty" in signs else Reply(here.say.swap_who)


def _take_empty(here: Here, reported: Reported, days: Sequence[date]) -> Reply:
    """Nobody is named: a turn that nobody has, on the day that is named or the next one."""
    if days:
        slots = [slot for slot in rota.slots_on(reported.session, here.station, days[0]) if slot.worker_id is None]
        taken = rota.slots_on(reported.session, here.station, days[0])
    else:
        slots, taken = rota.empty_slots(reported.session, here.station, here.today, 1), []
    if not slots:
        holder = here.who(taken[0]) if taken else None
        if holder is not None:
            return Reply(here.say.swap_not_his.format(day=here.day(days[0]), who=holder.name))
        return Reply(here.say.swap_no_slot.format(day=here.day(days[0])) if days else here.say.swap_who)
    for slot in slots:
        rota.assign(reported.ledger, slot, reported.worker)
    day = slots[0].on_day
    told = here.say.told_of_taking.format(day=say_dated(day, reported.course.replies), who=reported.worker.name)
    _tell_coordinators(here, reported, told)
    return Reply(here.say.took_empty.format(day=here.day(day)))


def _ask_the_other(here: Here, reported: Reported, other: Worker, days: Sequence[date]) -> Reply:
    me = reported.worker
    slots = _turns_meant(here, reported, other, days)
    signs = here.heard.beside.station.heard(here.heard.text)
    takes, gives = ("take_duty" in signs, "give_duty" in signs) if "trade_duty" not in signs else (True, True)
    mine = [slot for slot in slots if slot.worker_id == me.id and gives]
    theirs = [slot for slot in slots if slot.worker_id == other.id and takes]
    slots = [*mine, *theirs]
    if not slots and takes and not gives and _is_free(here, reported, days):
        return _take_empty(here, reported, days)
    stranger = _somebody_elses(here, reported, other, days) if takes and gives and len(days) > 1 else None
    if not slots or stranger is not None:
        return Reply(stranger or _no_such_turn(here, reported, other, days))
    tell_it_is_off(here, reported, slots, but=other)
    for slot in mine:
        rota.offer(reported.ledger, slot, other)
    for slot in theirs:
        rota.offer(reported.ledger, slot, me)
    replies = reported.course.replies
    said = {"by": me.name, "days": say_days((slot.on_day for slot in slots), replies)}
    if mine and theirs:
        his, yours = (say_days((slot.on_day for slot in part), replies) for part in (mine, theirs))
        asked = here.say.swap_ask_trade.format(by=me.name, his=his, yours=yours)
    elif theirs:
        asked = here.say.swap_ask_to_take_over.format(**said)
    else:
        asked = here.say.swap_ask_to_stand_in.format(**said)
    tell(
        reported.session,
        other,
        key=f"swap:{reported.report.id}:{other.id}",
        purpose=Purpose.NOTICE,
        text=asked,
        now=reported.course.now,
        buttons=(here.say.agree_swap, here.say.decline_swap),
        report_id=reported.report.id,
    )
    now = "、".join(dict.fromkeys(who.name for slot in slots if (who := here.who(slot)) is not None))
    return Reply(here.say.swap_asked.format(who=other.name, days=said["days"], now=now))


def _turns_meant(here: Here, reported: Reported, other: Worker, days: Sequence[date]) -> list[DutySlot]:
    """The turns of the two on the days that are named; without a day, the other's next one if I take, else mine."""
    session, me = reported.session, reported.worker
    if days:
        on_days = [slot for day in days for slot in rota.slots_on(session, here.station, day)]
        return [slot for slot in on_days if slot.worker_id in (me.id, other.id) and slot.ends_at > reported.course.now]
    signs = here.heard.beside.station.heard(here.heard.text)
    giver = me if "give_duty" in signs or "take_duty" not in signs else other
    coming = rota.slots_of(session, here.station, giver, here.today)
    return [slot for slot in coming if slot.ends_at > reported.course.now][:1]


def _somebody_elses(here: Here, reported: Reported, other: Worker, days: Sequence[date]) -> str | None:
    """That one of the days of a trade is neither's turn, and whose it is."""
    for day in days:
        holders = [who for slot in rota.slots_on(reported.session, here.station, day) if (who := here.who(slot))]
        if holders and not {who.id for who in holders} & {reported.worker.id, other.id}:
            return here.say.swap_not_his.format(day=here.day(day), who=holders[0].name)
    return None


def _is_free(here: Here, reported: Reported, days: Sequence[date]) -> bool:
    """Is there a turn that nobody has on the first day that is named? Whoever had it is off it already."""
    slots = rota.slots_on(reported.session, here.station, days[0]) if days else []
    return any(slot.worker_id is None for slot in slots)


def _no_such_turn(here: Here, reported: Reported, other: Worker, days: Sequence[date]) -> str:
    if not days:
        return here.say.swap_has_none.format(who=other.name)
    slots = rota.slots_on(reported.session, here.station, days[0])
    holder = here.who(slots[0]) if slots else None
    if holder is None:
        empty = here.say.duty_empty.format(day=here.day(days[0]), whom=here.whom)
        return empty if slots else here.say.swap_no_slot.format(day=here.day(days[0]))
    return here.say.swap_not_his.format(day=here.day(days[0]), who=holder.name)


def _can_not(here: Here, reported: Reported) -> Reply:
    days = days_meant(here.heard.text, reported.course.at)
    if "cannot_duty" in here.heard.beside.station.heard(here.heard.text) and not days:
        slots = rota.slots_of(reported.session, here.station, reported.worker, here.today)[:1]
    else:
        slots = _coming_turns(here)
    if not slots:
        return Reply(here.say.swap_you_have_none)
    tell_it_is_off(here, reported, slots)
    for slot in slots:
        rota.assign(reported.ledger, slot, None)
    replies = reported.course.replies
    day = say_days((slot.on_day for slot in slots), replies)
    _tell_coordinators(here, reported, here.say.told_of_cannot.format(day=day, by=reported.worker.name))
    return Reply(here.say.cannot_noted.format(day=day, whom=here.whom))


def _assign(here: Here, reported: Reported) -> Reply:
    named = named_in(here.heard.text, here.staff)
    days = days_meant(here.heard.text, reported.course.at)
    if len(named) != 1 or not days:
        return Reply(here.say.swap_who)
    slots = rota.slots_on(reported.session, here.station, days[0]) or _opened(here, reported, days[0])
    if not slots:
        return Reply(here.say.swap_no_slot.format(day=here.day(days[0])))
    replies, worker = reported.course.replies, named[0]
    relieved = {who.id: who for slot in slots if (who := here.who(slot)) is not None and who.id != worker.id}
    tell_it_is_off(here, reported, slots)
    for slot in slots:
        rota.assign(reported.ledger, slot, worker)
    said = {"day": say_dated(days[0], replies), "by": reported.worker.name, "hours": here.slot_hours(slots[0])}
    tell_one(reported, worker, f"duty-assigned:{reported.report.id}", here.say.told_of_assignment.format(**said))
    for who in relieved.values():
        tell_one(reported, who, f"duty-assigned:{reported.report.id}", here.say.told_of_relief.format(**said))
    return Reply(here.say.assigned.format(day=here.day(days[0]), who=worker.name))


def _opened(here: Here, reported: Reported, day: date) -> list[DutySlot]:
    """A new turn for a day on which the station is open and the rota has none."""
    spans = openings(here.station.hours, day)
    if not spans:
        return []
    zone = reported.course.at.tzinfo
    starts, ends = (datetime.combine(day, at, zone) for at in (spans[0][0], spans[-1][1]))
    turn = rota.add_turn(reported.ledger, here.station, starts, ends, None)
    return [turn] if turn is not None and ends > reported.course.now else []


def _tell_coordinators(here: Here, reported: Reported, text: str) -> None:
    tell_coordinators(reported, here.station.area_id, f"duty:{reported.report.id}", text)
