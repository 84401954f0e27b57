"""The other's answer to who asked for a change of duty: yes or no, by button or in words."""

import re
from collections.abc import Sequence

from assistant.dialogue.compose import Reply
from assistant.dialogue.station import say_changes, say_days
from assistant.domain.reports import Intent
from assistant.storage import station as rota
from assistant.storage.tables import DutySlot, OutboxMessage, Worker
from assistant.turn.at_station.place import Here, doing
from assistant.turn.at_station.when import days_meant
from assistant.turn.beside import Aside, Heard
from assistant.turn.course import Reported
from assistant.turn.notices import tell_coordinators, tell_one

_LONGEST_ANSWER = 20
#: with a reason beside it
_LONGEST_WITH_REASON = 40
#: signs that answer whoever asked for the turn of the day that is named
_ANSWERS_BY_DAY = frozenset({"take_duty", "cannot_come", "cannot_duty"})


def answer_offer(here: Here, signs: frozenset[str]) -> Aside | None:
    """The other's yes or no; None when this is no answer, or nothing waits for one."""
    heard = here.heard
    said = _yes_or_no(heard)
    if said is None and not signs & _ANSWERS_BY_DAY:
        return None
    waiting = rota.offers_awaiting(heard.course.session, heard.worker, heard.course.now)
    if not waiting:
        return here.answers(here.say.swap_is_over, intent=Intent.OTHER) if _is_button(heard) else None
    if said is None:
        said = _said_of_its_day(here, waiting, signs)
        if said is None:
            return None
    asked = _of_the_message_answered(here, waiting)
    if len({slot.offer_report_id for slot in asked}) > 1:
        replies = heard.course.replies
        listed = say_days((slot.on_day for slot in asked), replies)
        return here.answers(here.say.swap_which_answer.format(list=listed), intent=Intent.OTHER)
    return doing(here, _agree if said else _decline)


def _said_of_its_day(here: Here, waiting: Sequence[DutySlot], signs: frozenset[str]) -> bool | None:
    """明天的班我接了 and 明天我也来不到 answer what was asked of tomorrow; None where another day is meant."""
    heard = here.heard
    asked = [slot for slot in waiting if slot.offered_to_id == heard.worker.id]
    days = days_meant(heard.text, heard.course.at)
    if not asked or not _may_have_a_reason(heard) or any(slot.on_day not in days for slot in asked if days):
        return None
    return "take_duty" in signs


def may_be_an_answer(heard: Heard) -> bool:
    """Could this be somebody's yes or no? Whether anything waits for one is another question."""
    return _yes_or_no(heard) is not None


def _is_button(heard: Heard) -> bool:
    say = heard.course.replies.station
    return heard.text in (say.agree_swap.lower(), say.decline_swap.lower())


def _yes_or_no(heard: Heard) -> bool | None:
    """Is this a yes (True) or a no (False)? A no holds a yes more often than not: 不行.

    What is made of such words alone is one whatever they may mean elsewhere; with a reason beside it (下周二要带孙儿
    打针，换不成哦) only what finds nothing and names no door.
    """
    if _is_button(heard):
        return heard.text == heard.course.replies.station.agree_swap.lower()
    words, text = heard.beside.station, _without_courtesy(heard)
    clauses = [part for part in re.split("[,!。 ]", text) if part]
    is_bare = words.consists_of(text, "好", "不好", "虚字") and len(text) <= _LONGEST_ANSWER
    if not clauses or not (is_bare or _may_have_a_reason(heard)):
        return None
    if any(words.found("不好", each) and words.consists_of(each, "不好", "虚字") for each in clauses):
        return False
    if any(words.found("好", each) and words.consists_of(each, "好", "虚字") for each in clauses):
        return not any(words.found("不好", each) for each in clauses)
    return None


def _may_have_a_reason(heard: Heard) -> bool:
    is_short = len(heard.text) <= _LONGEST_WITH_REASON
    return is_short and heard.finds_nothing and heard.by_itself.names_no_door


def _without_courtesy(heard: Heard) -> str:
    text = heard.text
    while (word := heard.beside.station.found("客套", text)) is not None:
        text = text.replace(word, "")
    return text


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
    tell_one(reported, asker, f"duty:{reported.report.id}", here.say.swap_agreed.format(list=listed))
    told = here.say.told_of_swap.format(list=listed)
    tell_coordinators(reported, here.station.area_id, f"duty:{reported.report.id}", told)
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
    said = here.say.swap_declined.format(who=reported.worker.name, days=days, now=now)
    tell_one(reported, asker, f"duty:{reported.report.id}", said)
    return Reply(here.say.swap_decline_noted.format(days=days, now=now))


def _still_waiting(here: Here, reported: Reported) -> list[DutySlot]:
    return rota.offers_awaiting(reported.session, reported.worker, reported.course.now)
