"""Who is on duty changes: by the word of both, by a coordinator's, or because somebody can't come.

    我来接刘大姐的班        刘大姐 is asked, and is on duty until she has said yes
    7号我跟李姐换班         李大姐 is asked; who has the 7th gives it to the other
    7号空起的,我来值        nobody has to be asked; the coordinator is told
    7号我来不到            the turn is empty, the coordinator is told
    7号让李大姐值班         a coordinator says so; she is told

Which way a traded turn goes is read from the rota, not from the words: who has it gives it.
"""

from collections.abc import Callable, Sequence
from datetime import date

from assistant.dialogue.compose import Reply
from assistant.dialogue.station import say_changes, say_dated, say_days
from assistant.domain.reports import Intent
from assistant.outbox.queue import tell
from assistant.storage import station as rota
from assistant.storage.tables import DutySlot, OutboxMessage, Purpose, Worker
from assistant.turn.at_station.place import Here
from assistant.turn.at_station.staff import named_in
from assistant.turn.at_station.when import days_meant
from assistant.turn.beside import Aside, Heard, may_answer_for_all
from assistant.turn.course import Reported
from assistant.turn.notices import tell_coordinators

_LONGEST_ANSWER = 20


def handle_duty(here: Here, signs: frozenset[str]) -> Aside | None:
    """The answer to a message that changes who is on duty; None when it is about something else."""
    if "assign_duty" in signs and may_answer_for_all(here.heard.worker):
        return _doing(here, _assign)
    if "trade_duty" in signs or "take_duty" in signs or "give_duty" in signs:
        return _doing(here, _change)
    if "cannot_duty" in signs:
        return _doing(here, _can_not)
    return None


def _doing(here: Here, what: Callable[[Here, Reported], Reply]) -> Aside:
    def carry_out(reported: Reported) -> Reply:
        rota.lock(reported.session, here.station)
        return what(here, reported)

    return Aside(Intent.OTHER, carry_out)


def _change(here: Here, reported: Reported) -> Reply:
    others = [worker for worker in here.staff if worker.id != reported.worker.id]
    named = named_in(here.heard.text, others)
    days = days_meant(here.heard.text, reported.course.at)
    if len(named) > 1:
        return Reply(here.say.swap_which_person.format(names="、".join(worker.name for worker in named)))
    if not named:
        return _take_empty(here, reported, days)
    return _ask_the_other(here, reported, named[0], days)


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
    theirs = [slot for slot in slots if slot.worker_id == other.id and (takes or not mine)]
    slots = [*mine, *theirs]
    if not mine and not theirs:
        return Reply(_no_such_turn(here, reported, other, days))
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


def _no_such_turn(here: Here, reported: Reported, other: Worker, days: Sequence[date]) -> str:
    if not days:
        return here.say.swap_has_none.format(who=other.name)
    slots = rota.slots_on(reported.session, here.station, days[0])
    holder = here.who(slots[0]) if slots else None
    if holder is None:
        return here.say.swap_no_slot.format(day=here.day(days[0]))
    return here.say.swap_not_his.format(day=here.day(days[0]), who=holder.name)


def _can_not(here: Here, reported: Reported) -> Reply:
    days = days_meant(here.heard.text, reported.course.at)
    coming = rota.slots_of(reported.session, here.station, reported.worker, here.today)
    slots = [slot for slot in coming if slot.on_day in days] if days else coming[:1]
    if not slots:
        return Reply(here.say.swap_you_have_none)
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
    slots = rota.slots_on(reported.session, here.station, days[0])
    if not slots:
        return Reply(here.say.swap_no_slot.format(day=here.day(days[0])))
    replies, worker = reported.course.replies, named[0]
    for slot in slots:
        rota.assign(reported.ledger, slot, worker)
    tell(
        reported.session,
        worker,
        key=f"duty-assigned:{reported.report.id}:{worker.id}",
        purpose=Purpose.NOTICE,
        text=here.say.told_of_assignment.format(
            day=say_dated(days[0], replies), by=reported.worker.name, hours=here.slot_hours(slots[0])
        ),
        now=reported.course.now,
    )
    return Reply(here.say.assigned.format(day=here.day(days[0]), who=worker.name))


def answer_offer(here: Here) -> Aside | None:
    """The other's yes or no, by button or in words; None when this is no answer, or nothing waits for one."""
    heard = here.heard
    said = _yes_or_no(heard)
    waiting = rota.offers_awaiting(heard.course.session, heard.worker, heard.course.now) if said is not None else []
    if not waiting:
        return None
    asked = _of_the_message_answered(here, waiting)
    if len({slot.offer_report_id for slot in asked}) > 1:
        replies = heard.course.replies
        listed = say_days((slot.on_day for slot in asked), replies)
        return here.answers(here.say.swap_which_answer.format(list=listed), intent=Intent.OTHER)
    return _doing(here, _agree if said else _decline)


def says_only_yes_or_no(heard: Heard) -> bool:
    """Is there nothing else in it? Then it is an answer to whoever asked, whatever the words may mean elsewhere."""
    words = heard.beside.station
    return len(heard.text) <= _LONGEST_ANSWER and words.consists_of(heard.text, "好", "不好", "虚字")


def may_be_an_answer(heard: Heard) -> bool:
    """Could this be somebody's yes or no? Whether anything waits for one is another question."""
    return _yes_or_no(heard) is not None


def _yes_or_no(heard: Heard) -> bool | None:
    """Is this a yes (True) or a no (False), and about nothing else? A no holds a yes more often than not: 不行."""
    text, say = heard.text, heard.course.replies.station
    if text in (say.agree_swap.lower(), say.decline_swap.lower()):
        return text == say.agree_swap.lower()
    words = heard.beside.station
    clauses = [clause for clause in text.replace(",", "。").replace("!", "。").split("。") if clause.strip()]
    if not clauses or len(text) > _LONGEST_ANSWER:
        return None
    first = clauses[0]
    if words.found("不好", first) and words.consists_of(first, "不好", "虚字"):
        return False
    if words.found("好", first) and words.consists_of(first, "好", "虚字"):
        return not any(words.found("不好", clause) for clause in clauses[1:])
    return None


def _of_the_message_answered(here: Here, waiting: Sequence[DutySlot]) -> list[DutySlot]:
    course = here.heard.course
    message = course.session.get(OutboxMessage, course.item.answers_id) if course.item.answers_id is not None else None
    answered = message.report_id if message is not None else None
    chosen = [slot for slot in waiting if slot.offer_report_id == answered]
    return chosen or list(waiting)


def _agree(here: Here, reported: Reported) -> Reply:
    slots = _of_the_message_answered(here, _still_waiting(here, reported))
    if not slots:
        return Reply(here.say.swap_who)
    asker = reported.session.get_one(Worker, rota.asked_by(reported.session, slots[0]))
    rota.agree(reported.ledger, slots)
    replies = reported.course.replies
    turns = {slot.on_day: who.name for slot in slots if (who := here.who(slot)) is not None}
    listed = say_changes(turns, replies)
    _tell_one(here, reported, asker, here.say.swap_agreed.format(list=listed))
    _tell_coordinators(here, reported, here.say.told_of_swap.format(list=listed))
    return Reply(here.say.swap_agreed.format(list=listed))


def _decline(here: Here, reported: Reported) -> Reply:
    slots = _of_the_message_answered(here, _still_waiting(here, reported))
    if not slots:
        return Reply(here.say.swap_who)
    asker = reported.session.get_one(Worker, rota.asked_by(reported.session, slots[0]))
    for slot in slots:
        rota.take_back(reported.ledger, slot, "declined")
    now = "、".join(dict.fromkeys(who.name for slot in slots if (who := here.who(slot)) is not None))
    days = say_days((slot.on_day for slot in slots), reported.course.replies)
    _tell_one(here, reported, asker, here.say.swap_declined.format(who=reported.worker.name, days=days, now=now))
    return Reply(here.say.swap_decline_noted.format(days=days, now=now))


def _still_waiting(here: Here, reported: Reported) -> list[DutySlot]:
    return rota.offers_awaiting(reported.session, reported.worker, reported.course.now)


def _tell_one(here: Here, reported: Reported, worker: Worker, text: str) -> None:
    tell(
        reported.session,
        worker,
        key=f"duty:{reported.report.id}:{worker.id}",
        purpose=Purpose.NOTICE,
        text=text,
        now=reported.course.now,
        report_id=reported.report.id,
    )


def _tell_coordinators(here: Here, reported: Reported, text: str) -> None:
    tell_coordinators(reported, here.station.area_id, f"duty:{reported.report.id}", text)
