"""A message from somebody: find out who, understand it, record what follows, and put the answer together."""

from collections.abc import Sequence

from assistant.dialogue.asking import question
from assistant.dialogue.compose import Occasion, Reply, compose
from assistant.domain.errors import NotUnderstood
from assistant.domain.reports import Intent, Message, Reading
from assistant.storage import episodes, records
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Estate, Household, Worker
from assistant.turn.amending import move, retract, with_moved, without_restated
from assistant.turn.answering import answer
from assistant.turn.asking_why import answer_why
from assistant.turn.course import Course, Reported
from assistant.turn.recording import record


def take_in(course: Course) -> None:
    """Everything of one turn but its end in the intake. Raises whatever stands in the way."""
    wrote = records.who_wrote(course.session, course.item.channel, course.item.author)
    if wrote is None:
        course.reply(Reply(course.replies.sayings.unknown_account))
        return
    account, worker = wrote
    course.item.area_id = worker.area_id
    account.last_used_at = course.now
    estate = records.estate_of(course.session, worker, course.default_estate)
    if estate is None:
        raise NotUnderstood(f"{worker.name} 没有设所属小区", "请给这位网格员选小区,或设 WEIGUANG_ESTATE")
    records.lock_estate(course.session, estate)
    course.checkpoint("locked")
    report = None
    reply = answer(course, account, worker, estate) or answer_why(course, account, worker, estate)
    if reply is None:
        reading = _read(course, account, worker, estate)
        course.checkpoint("read")
        report = course.put_report(worker, account, estate, intent=reading.intent, unread_because=None)
        reply = _follow(Reported(course, account, worker, estate, report), reading)
    its = report.id if report is not None else None
    episodes.bring_up_to_date(Ledger(course.session, course.now, worker.id, its), course.minds.episode_window)
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
    reading = read(about)
    named = records.by_keys(course.session, estate, [case.key for case in reading.cases])
    unseen = [place for place in named if place not in about]
    return read([*unseen, *about]) if unseen else reading


def _follow(reported: Reported, reading: Reading) -> Reply:
    """Take back what the words correct, decide on the rest, record it, and say so."""
    course = reported.course
    made = reported.keep_reading(reported.report, reading)
    is_undone = reading.intent is Intent.RETRACTION and reading.missing is None and retract(reported)
    moved = [done for each in reading.moves if (done := move(reported, each)) is not None]
    reading = without_restated(reading, moved)
    decisions = reported.decide(reading, course.at)
    course.checkpoint("decided")
    for case, decision in zip(reading.cases, decisions, strict=True):
        record(reported, case, decision, reported.report, made)
    course.checkpoint("recorded")
    shown, concluded = with_moved(reading, decisions, moved)
    asked = question(shown, concluded, course.replies)
    reported.report.asked = asked
    occasion = Occasion(
        course.at, str(reported.report.id), is_group=course.item.is_group, is_undone=is_undone or bool(moved)
    )
    return compose(shown, concluded, asked, course.replies, occasion)
