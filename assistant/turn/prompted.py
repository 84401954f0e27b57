"""A worker's answer to a prompt, or to the question that came back: done, not yet, nobody in, handed to somebody.

    prompt ── 已处理 ──▶ P2, P3: over and done      P0, P1: what was seen? ──▶ read as said of that door
       │                 where only a contact ends it, there was one
       ├───── 还没 ────▶ noted, stays
       ├───── 没在家 ──▶ read as said of that door: a missed visit
       └───── 转给… ───▶ to whom, and why ──▶ handed on

Where a prompt names several doors, it is asked first which one is meant: one tap never ends what was not looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from assistant.decide.promised import promised_moment
from assistant.dialogue.answers import HandedOver, to_whom
from assistant.dialogue.compose import Reply
from assistant.dialogue.wording import say_door
from assistant.domain.casework import Responder
from assistant.domain.questions import Asks
from assistant.domain.reports import CaseReading, Intent, Reading, VisitOutcome
from assistant.storage import questions, reach, settle
from assistant.storage.handing import colleagues_of, hand_on
from assistant.storage.tables import Estate, Flag, FollowUp, Household, Worker
from assistant.telling.ending import say_somewhere
from assistant.turn.course import Course, Reported
from assistant.turn.doors import read_about
from assistant.turn.endings import called, tell_of_handing_on

_DOORS_ASKED = 6


@dataclass(frozen=True)
class About:
    """The running follow-ups that an answer is about, by household."""

    follow_ups: Sequence[FollowUp]
    places: Sequence[Household]

    @classmethod
    def of(cls, course: Course, follow_up_ids: Sequence[int]) -> "About":
        """Those of these that have not ended."""
        running = questions.running(course.session, follow_up_ids)
        ids = list(dict.fromkeys(each.household_id for each in running))
        rows = {row.id: row for row in course.session.exec(select(Household).where(col(Household.id).in_(ids)))}
        return cls(running, [rows[one] for one in ids])

    def at(self, places: Sequence[Household]) -> "About":
        """Only those at these households."""
        ids = {place.id for place in places}
        return About(
            [each for each in self.follow_ups if each.household_id in ids],
            [place for place in self.places if place.id in ids],
        )

    @property
    def ids(self) -> list[int]:
        return [each.id for each in self.follow_ups if each.id is not None]


def ask_which_door(reported: Reported, about: About, asks: Asks) -> Reply:
    """Ask which of several doors an answer means."""
    sayings = reported.course.replies.sayings
    said = {
        Asks.WHICH_DOOR_IS_DONE: sayings.ask_which_is_done,
        Asks.WHICH_DOOR_IS_NOT_DONE: sayings.ask_which_is_not_done,
        Asks.WHICH_DOOR_WAS_EMPTY: sayings.ask_which_was_empty,
        Asks.WHICH_DOOR_IS_REFERRED: sayings.ask_which_is_referred,
    }[asks]
    doors = [say_door(place.key) for place in about.places[:_DOORS_ASKED]]
    questions.ask(reported.ledger, reported.account, asks, follow_up_ids=about.ids)
    return _asking(reported, said.format(doors="、".join(doors)), tuple(doors))


def done(reported: Reported, about: About) -> Reply:
    """Over and done at one door. A P0 or P1 asks what was seen before it goes to a coordinator."""
    replies = reported.course.replies
    held = [each for each in settle.held_of(reported.ledger, about.follow_ups) if each.state.stands]
    weighty = [each for each in held if settle.needs_a_second_word(each)]
    met = [place for place in about.places if _tells_of_contact(reported, place, held)]
    ended = settle.close(reported.ledger, [each for each in held if each not in weighty])
    for place in met:
        settle.contacted(reported.ledger, place)
    lines = []
    for place in about.places:
        door = say_somewhere(place.key, replies)
        if over := [called(each, reported) for each in ended.settled if each.household_id == place.id]:
            lines.append(replies.sayings.done.format(door=door, what="、".join(dict.fromkeys(over))))
    if not weighty:
        return Reply("\n".join(lines) or replies.sayings.done_already)
    return Reply("\n".join([*lines, ask_what_was_seen(reported, about, weighty)]))


def _tells_of_contact(reported: Reported, place: Household, held: Sequence[settle.Held]) -> bool:
    """Does any of these end only when somebody of the door was seen or spoken to, so that done says that?"""
    promised = {each.rule for each in held if isinstance(each, Flag) and each.household_id == place.id}
    if not promised:
        return False
    there = replace(reported, estate=reported.session.get_one(Estate, place.estate_id))
    spoken_to = Reading(Intent.REPORT, (CaseReading(place.key, visit=VisitOutcome.PHONE),))
    (decision,) = there.decide(spoken_to, reported.course.now)
    return bool(promised & set(decision.settles))


def ask_what_was_seen(reported: Reported, about: About, weighty: Sequence[settle.Held]) -> str:
    """The question what a P0 or P1 looks like now; it waits for an answer from here on."""
    replies = reported.course.replies
    place = next(each for each in about.places if each.id == weighty[0].household_id)
    here = [each for each in weighty if each.household_id == place.id]
    ids = [each.id for each in about.at([place]).follow_ups if each.id is not None]
    questions.ask(reported.ledger, reported.account, Asks.SEEN, follow_up_ids=ids)
    what = "、".join(dict.fromkeys(called(each, reported) for each in here))
    asked = replies.sayings.ask_seen.format(door=say_somewhere(place.key, replies), what=what)
    reported.report.asked = asked
    return asked


def ask_what_is_over(reported: Reported, about: About) -> str:
    """All is well, it was said, where several things are open: which of them is over?"""
    replies = reported.course.replies
    questions.ask(reported.ledger, reported.account, Asks.SEEN, follow_up_ids=about.ids)
    what = "、".join(
        dict.fromkeys(called(each, reported) for each in settle.held_of(reported.ledger, about.follow_ups))
    )
    return replies.sayings.ask_what_is_over.format(door=say_somewhere(about.places[0].key, replies), what=what)


def not_yet(reported: Reported, about: About) -> Reply:
    """Still to be done: it stays, with a line on the ledger, and is asked after again (说下周二: on that day)."""
    promised_for = _promised_for(reported, about)
    for each in about.follow_ups:
        settle.put_off(reported.ledger, each, promised_for)
    replies = reported.course.replies
    doors = "、".join(say_somewhere(place.key, replies) for place in about.places)
    if promised_for is None or any(each.look_at != promised_for for each in about.follow_ups):
        return Reply(replies.sayings.not_yet_noted.format(doors=doors))
    day = {"month": promised_for.month, "day": promised_for.day}
    return Reply(replies.sayings.not_yet_until.format(doors=doors, **day))


def _promised_for(reported: Reported, about: About) -> datetime | None:
    course = reported.course
    if not about.places:
        return None
    said = read_about(course, reported.worker, reported.estate, about.places[0], course.item.text)
    return min(
        (moment for case in said.cases if (moment := promised_moment(case, course.at)) is not None), default=None
    )


def ask_to_whom(reported: Reported, about: About) -> Reply:
    """Ask who takes it over."""
    questions.ask(reported.ledger, reported.account, Asks.TO_WHOM, follow_up_ids=about.ids)
    return _asking(reported, reported.course.replies.sayings.ask_to_whom)


def told_to_whom(reported: Reported, about: About, text: str) -> Reply | None:
    """Hand it to whoever the answer names; a body outside wants a reason. None when it names nobody we know."""
    named = to_whom(
        text, [each.name for each in colleagues_of(reported.session, reported.worker)], reported.course.replies
    )
    return None if named is None else hand_over(reported, about, named)


def hand_over(reported: Reported, about: About, named: HandedOver) -> Reply:
    """Hand it to a colleague by name, or to a body outside or above, which wants a reason."""
    if isinstance(named.whom, Responder):
        return refer(reported, about, named.whom, named.reason)
    to = next(each for each in colleagues_of(reported.session, reported.worker) if each.name == named.whom)
    return handed(reported, about, to, Responder.WORKER, named.reason)


def refer(reported: Reported, about: About, body: Responder, reason: str) -> Reply:
    """Hand it to a body outside or above: solved at the lowest level, passed on only with a reason."""
    place = about.places[0]
    if body is Responder.COORDINATOR:
        people = reach.coordinators_of(reported.session, place.area_id)
    else:
        people = reach.responders_of(reported.session, place.area_id, [body])
    to = people[0] if people else None
    if not reason:
        replies = reported.course.replies
        questions.ask(
            reported.ledger,
            reported.account,
            Asks.WHY_REFERRED,
            follow_up_ids=about.ids,
            refer_to_id=to.id if to is not None else None,
            refer_as=body,
        )
        return _asking(reported, replies.sayings.ask_why_referred.format(whom=replies.responders[body]))
    return handed(reported, about, to, body, reason)


def handed(reported: Reported, about: About, to: Worker | None, body: Responder, reason: str) -> Reply:
    """Carry the hand-over out, tell whoever takes it, and say so."""
    replies = reported.course.replies
    whom = to.name if to is not None and body is Responder.WORKER else replies.responders[body]
    said = replies.sayings.referred if to is not None else replies.sayings.referred_without_account
    lines = []
    for place in about.places:
        here = about.at([place]).follow_ups
        what = "、".join(dict.fromkeys(called(each, reported) for each in settle.held_of(reported.ledger, here)))
        taken_over = hand_on(reported.ledger, here, to, body)
        if to is not None:
            tell_of_handing_on(reported, place, to, taken_over, reason)
        lines.append(said.format(door=say_somewhere(place.key, replies), what=what, whom=whom))
    return Reply("\n".join(lines))


def _asking(reported: Reported, asked: str, buttons: tuple[str, ...] = ()) -> Reply:
    reported.report.asked = asked
    return Reply(asked, buttons)
