"""A message from somebody: find out who, understand it, record what follows, and put the answer together."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.asking import question
from assistant.dialogue.compose import Occasion, Reply, compose
from assistant.domain.errors import NotUnderstood
from assistant.domain.questions import Asks
from assistant.domain.reports import Intent, Message, Reading
from assistant.storage import episodes, questions, records, settle
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Estate, Household, Worker
from assistant.turn.amending import move, moves_of, retract, with_moved, without_restated
from assistant.turn.answering import answer
from assistant.turn.asides import beside_report, carry_out, find_aside
from assistant.turn.asking_us import answer_about_us
from assistant.turn.asking_why import answer_why
from assistant.turn.beside import Heard, walk_ins
from assistant.turn.colleagues import without_colleagues
from assistant.turn.course import Course, Reported
from assistant.turn.edited import replace_version, says_the_same, version_before
from assistant.turn.filling_in import filled_in
from assistant.turn.handing_over import hand_over
from assistant.turn.joining import join, join_again
from assistant.turn.leaning import Leaning, lean
from assistant.turn.outcomes import tell_outcomes
from assistant.turn.prompted import ask_what_is_over, ask_which_door
from assistant.turn.putting_right import (
    PutRight,
    ask_which_withdrawn,
    put_right,
    which_is_withdrawn,
)
from assistant.turn.recording import record
from assistant.turn.without_words import ask_for_words, joins_album
from assistant.turn.wrong_door import ask_which_moves, from_its_door, which_moves


def take_in(course: Course) -> None:
    """Everything of one turn but its end in the intake. Raises whatever stands in the way."""
    wrote = records.who_wrote(course.session, course.item.channel, course.item.author)
    if wrote is None:
        join(course)
        return
    account, worker = wrote
    if join_again(course, account, worker):
        return
    course.item.area_id = worker.area_id
    account.last_used_at = course.now
    if account.blocked_at is not None and not course.item.is_group:
        # who writes to us again can be told things again
        Ledger(course.session, course.now, worker.id).changes(account, "came_back", blocked_at=None)
    estate = records.estate_of(course.session, worker, course.default_estate)
    if estate is None:
        raise NotUnderstood(f"{worker.name} 没有设所属小区", "请给这位网格员选小区,或设 WEIGUANG_ESTATE")
    records.lock_estate(course.session, estate)
    course.checkpoint("locked")
    if joins_album(course, account, worker, estate):
        return
    report = None
    reply = (
        ask_for_words(course, account, worker, estate)
        or answer(course, account, worker, estate)
        or hand_over(course, account, worker, estate)
        or answer_why(course, account, worker, estate)
        or answer_about_us(course, account, worker, estate)
    )
    if reply is None:
        reading = filled_in(course, account, _read(course, account, worker, estate))
        reading = without_colleagues(course, worker, estate, reading)
        heard = Heard.of(course, account, worker, estate, reading)
        aside = find_aside(heard)
        leaning = lean(course, account, worker, estate, reading) if aside is None else Leaning(Reading(aside.intent))
        course.checkpoint("read")
        before = version_before(course, account) if aside is None else None
        is_same = before is not None and says_the_same(course, before, leaning.reading)
        intent = Intent.OTHER if leaning.words is not None or is_same else leaning.reading.intent
        report = course.put_report(worker, account, estate, intent=intent, unread_because=None)
        reported = Reported(course, account, worker, estate, leaning.words or report)
        if aside is not None:
            reply = carry_out(aside, reported)
        elif is_same:
            reply = Reply(course.replies.sayings.corrected)
        else:
            is_undone = before is not None and replace_version(reported, before, leaning.reading)
            reply = beside_report(heard, reported, _follow(reported, leaning, is_undone=is_undone))
    its = report.id if report is not None else None
    episodes.bring_up_to_date(Ledger(course.session, course.now, worker.id, its), course.minds.episode_window)
    tell_outcomes(course, worker)
    if course.item.is_group and report is not None:
        course.reply_in_private(reply, worker, report)
        reply = Reply(course.replies.sayings.group_receipt.format(number=report.id))
    course.reply(reply, worker, account, report)
    course.checkpoint("replied")


def _read(course: Course, account: Account, worker: Worker, estate: Estate) -> Reading:
    """Read with what may be meant on record; then, where the words name other doors on record, with those too."""
    book = records.EstateBook(course.session, estate, worker.area_id)
    before = records.earlier_messages(course.session, account, course.at)

    def read(about: Sequence[Household]) -> Reading:
        known = records.known(course.session, about, course.at)
        item = course.item
        message = Message(f"{item.channel}:{item.message_id}", item.text, course.at, estate.name, known, before)
        return course.minds.read(message, book)

    about = records.relevant_to(course.session, worker, estate, course.item.text, course.at)
    about += [place for place in walk_ins(course, worker, estate) if place not in about]
    reading = read(about)
    named = records.by_keys(course.session, estate, [case.key for case in reading.cases])
    unseen = [place for place in named if place not in about]
    return read([*unseen, *about]) if unseen else reading


def _follow(reported: Reported, leaning: Leaning, *, is_undone: bool = False) -> Reply:
    """Take back what the words correct, decide on the rest, record it, and say so.

    ``is_undone`` says that an earlier version was taken back already.
    """
    course, reading = reported.course, leaning.reading
    made = reported.keep_reading(reported.report, reading)
    _mark_answered(reported, leaning)
    if leaning.which is not None:
        return ask_which_door(reported, leaning.which, Asks.WHICH_DOOR_IS_DONE)
    if reading.intent is Intent.RETRACTION:
        return _take_back(reported, reading)
    wrong = which_moves(reported, reading, course.item.text) if leaning.target is None else []
    if len(wrong) > 1:
        return _asking(reported, ask_which_moves(reported, wrong))
    if wrong:
        reading = from_its_door(reported, reading, wrong[0])
    moved = [done for each in moves_of(reading) if (done := move(reported, each)) is not None]
    reading = without_restated(reading, moved)
    right = None
    if reading.intent is Intent.CORRECTION and not moved:
        right = put_right(reported, reading, _words(reported, leaning), leaning.target)
    if right is not None and right.asked is not None:
        return _asking(reported, right)
    if right is not None and right.case is not None:
        reading = replace(reading, cases=tuple(each for each in reading.cases if each.key != right.case.key))
    decisions = reported.decide(reading, course.at)
    course.checkpoint("decided")
    ended = settle.Ended()
    for case, decision in zip(reading.cases, decisions, strict=True):
        by_this = record(reported, case, decision, reported.report, made)
        ended = settle.Ended(ended.settled + by_this.settled, ended.waiting + by_this.waiting)
    course.checkpoint("recorded")
    shown, concluded = with_moved(reading, decisions, moved)
    if right is not None and right.case is not None and right.decision is not None:
        shown, concluded = replace(shown, cases=(right.case, *shown.cases)), (right.decision, *concluded)
    asked = question(replace(shown, missing=None) if right is not None else shown, concluded, course.replies)
    if asked is None and leaning.unclear is not None:
        asked = ask_what_is_over(reported, leaning.unclear)
    reported.report.asked = asked
    occasion = Occasion(
        course.at,
        str(reported.report.id),
        is_undone=bool(moved or right or is_undone),
        is_closed=bool(ended.settled),
        is_proposed=bool(ended.waiting),
    )
    return compose(shown, concluded, asked, course.replies, occasion)


def _words(reported: Reported, leaning: Leaning) -> str:
    return leaning.words.text if leaning.words is not None else reported.course.item.text


def _mark_answered(reported: Reported, leaning: Leaning) -> None:
    if leaning.question is not None:
        questions.answered(reported.ledger, leaning.question)
    if leaning.prompt is not None:
        leaning.prompt.answered_at = reported.course.now


def _take_back(reported: Reported, reading: Reading) -> Reply:
    """Take back the report that is meant; ask where several fit."""
    course = reported.course
    meant = which_is_withdrawn(reported, reading, course.item.text)
    if len(meant) > 1:
        return _asking(reported, ask_which_withdrawn(reported, meant))
    is_undone = bool(meant) and retract(reported, meant[0])
    occasion = Occasion(course.at, str(reported.report.id), is_undone=is_undone)
    return compose(replace(reading, missing=None), (), None, course.replies, occasion)


def _asking(reported: Reported, asking: PutRight) -> Reply:
    """One question back, with the doors to choose from."""
    course = reported.course
    reported.report.asked = asking.asked
    if asking.asked is None:
        return Reply(course.replies.sayings.group_receipt.format(number=reported.report.id))
    return Reply(asking.asked, asking.buttons)
