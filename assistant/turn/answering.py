"""Answers to what the assistant told or asked: by a button, by its words alone (已处理, 收到), or naming the door.

    coordinator   收到 · 同意办结 · 退回 · 3-2-501退回,还没换           second_word
    worker        已处理 · 还没 · 转给… on a prompt, and what follows    prompted
                  改一下 · 撤回 on a receipt                            amending

A message that says more than that is read, with what was asked in mind (``leaning``).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlmodel import col, select

from assistant.dialogue.answers import (
    CoordinatorSaid,
    about_which,
    first_clause_ends,
    handed_over,
    heard_of,
    says_first,
    says_heard,
    says_only,
    second_word,
    to_whom,
)
from assistant.dialogue.compose import Reply
from assistant.domain.access import Role
from assistant.domain.questions import Asks
from assistant.domain.reports import Intent
from assistant.storage import questions
from assistant.storage.handing import colleagues_of
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    Account,
    Estate,
    FollowUp,
    Household,
    OutboxMessage,
    Purpose,
    Question,
    Report,
    Worker,
)
from assistant.turn import prompted
from assistant.turn import second_word as coordinators
from assistant.turn.amending import retract
from assistant.turn.course import Course, Reported
from assistant.turn.doors import may_see, named_places, names_its_door, read_alone
from assistant.turn.prompted import About
from assistant.turn.putting_right import ask_what_changed, report_named
from assistant.turn.which_door import parted

#: a bare 已处理 is taken for an answer to a prompt of the last days
_ANSWERS_WITHIN = timedelta(days=7)
#: an answer to 转给谁 that names nobody we know is taken for a name up to this length
_NAME_AT_MOST = 8
#: words that only name one of several reports are no longer than this
_NAMING_AT_MOST = 24
_SHORTEST_WORD = 2


def answer(course: Course, account: Account, worker: Worker, estate: Estate) -> Reply | None:
    """Carry out an answer, and what to say to it; None when the message is none and has to be read."""
    answering = Answering(course, account, worker, estate)
    for attempt in (answering.as_coordinator, answering.on_receipt, answering.to_question, answering.to_prompt):
        reply = attempt()
        if reply is not None:
            number = str(answering.reported.report.id)
            return Reply(course.replies.sayings.group_receipt.format(number=number)) if course.item.is_group else reply
    return None


class Answering:
    """One message tried as an answer. Its report is put down with the first thing that it leads to."""

    def __init__(self, course: Course, account: Account, worker: Worker, estate: Estate) -> None:
        self.course = course
        self.account = account
        self.worker = worker
        self.estate = estate
        self.said = course.item.text.strip()
        self.intent = Intent.OTHER
        self._reported: Reported | None = None

    @property
    def reported(self) -> Reported:
        """The message on record."""
        if self._reported is None:
            report = self.course.put_report(self.worker, self.account, self.estate, intent=self.intent)
            self._reported = Reported(self.course, self.account, self.worker, self.estate, report)
        return self._reported

    # ── a coordinator, or somebody who was called in ─────────────────────────────────────

    def as_coordinator(self) -> Reply | None:
        """收到 on an alarm or notice; a coordinator's word on a matter."""
        if self.worker.role not in (Role.COORDINATOR, Role.RESPONDER) and self._asked(Purpose.ALARM) is None:
            return None  # a worker has an alarm to acknowledge where somebody else found it, or as a deputy
        buttons, sayings = self.course.replies.buttons, self.course.replies.sayings
        unheard = self._unheard_alarm() if says_heard(self.said, self.course.replies) else self._alarm_named()
        if unheard is not None:
            reply = coordinators.acknowledge(self.reported, unheard)
            # who says more than that is on the way may report something beside: that is read
            return None if self._finds_something() else reply
        if says_only(self.said, (buttons.acknowledge,), self.course.replies):
            alarm = self._asked(Purpose.ALARM)
            notice = alarm or self._asked(Purpose.NOTICE)
            if notice is None:
                return None
            if alarm is not None:
                return coordinators.acknowledge(self.reported, alarm)
            if not notice.buttons:
                notice.answered_at = self.course.now
            # the report is put down even where nothing changes by it
            return self._noted(sayings.answer_noted)
        said = second_word(self.said, self.course.replies) if self.worker.role is Role.COORDINATOR else None
        return None if said is None else self._second_word(said)

    def _unheard_alarm(self) -> OutboxMessage | None:
        """The alarm that is answered: the one that was named, else the newest of which something was not heard yet."""
        if self.course.item.answers_id is not None:
            return self._asked(Purpose.ALARM)
        return next(iter(self._unheard_alarms()), None)

    def _alarm_named(self) -> OutboxMessage | None:
        """The alarm of the door that 1-1-101收到 names, where something of it was not heard yet."""
        about = heard_of(self.said, self.course.replies)
        if not about or (unheard := self._unheard_alarms()) == []:
            return None
        if any(case.findings for case in read_alone(self.course, self.worker, self.estate, about).cases):
            return None
        named = {place.id for place in named_places(self.course, self.worker, self.estate, about)}
        return next((each for each in unheard if named & coordinators.doors_of(self.course.session, each)), None)

    def _unheard_alarms(self) -> list[OutboxMessage]:
        """The account's alarms of the last days of which something was not heard yet, newest first."""
        alarms = self.course.session.exec(
            select(OutboxMessage)
            .where(OutboxMessage.account_id == self.account.id, OutboxMessage.purpose == Purpose.ALARM)
            .where(col(OutboxMessage.cancelled_at).is_(None))
            .where(OutboxMessage.created_at > self.course.now - _ANSWERS_WITHIN)
            .order_by(col(OutboxMessage.id).desc())
            .limit(50)
        )
        return [each for each in alarms.all() if coordinators.is_unheard(self.course.session, each)]

    def _second_word(self, said: CoordinatorSaid) -> Reply | None:
        if not said.about:
            asking = self._asked(Purpose.NOTICE, with_buttons=True)
            return None if asking is None else coordinators.on_message(self.reported, asking, said)
        named = named_places(self.course, self.worker, self.estate, said.about)
        seen = [place for place in named if may_see(self.course, self.worker, place)]
        if seen:
            return Reply("\n".join(coordinators.on_door(self.reported, place, said).text for place in seen))
        if said.is_plain:  # 同意办结 is no visit, whatever door it names
            return self._noted(self.course.replies.sayings.nothing_to_agree.format(door=said.about))
        return None

    # ── a receipt ────────────────────────────────────────────────────────────────────────

    def on_receipt(self) -> Reply | None:
        """撤回 and 改一下 on the receipt of a report."""
        buttons = self.course.replies.buttons
        if self.said not in (buttons.withdraw, buttons.amend):
            return None
        receipt = self._asked(Purpose.REPLY) if self.course.item.answers_id is not None else None
        report = self.course.session.get(Report, receipt.report_id) if receipt and receipt.report_id else None
        if self.said == buttons.amend:
            return ask_what_changed(self.reported, report)
        if receipt is None:
            return None  # the word alone is read: it may have to be asked which report is meant
        self.intent = Intent.RETRACTION
        sayings = self.course.replies.sayings
        if report is None or not retract(self.reported, report):
            return self._noted(sayings.retraction_not_found)
        receipt.answered_at = self.course.now
        return Reply(sayings.withdrawn)

    # ── a question that was asked back ───────────────────────────────────────────────────

    def to_question(self) -> Reply | None:
        """The answer to the question that waits, where the words are no more than one."""
        ledger = Ledger(self.course.session, self.course.now, self.worker.id)
        question = questions.waiting(ledger, self.account)
        if question is None:
            return None
        take: dict[Asks, Callable[[Question], Reply | None]] = {
            Asks.SEEN: self._what_was_seen,
            Asks.WHICH_DOOR_IS_DONE: self._which_door(prompted.done),
            Asks.WHICH_DOOR_IS_NOT_DONE: self._which_door(prompted.not_yet),
            Asks.WHICH_DOOR_IS_REFERRED: self._which_door(prompted.ask_to_whom),
            Asks.TO_WHOM: self._to_whom,
            Asks.WHY_REFERRED: self._why_referred,
            Asks.WHICH_REPORT_IS_WITHDRAWN: self._which_is_withdrawn,
        }
        attempt = take.get(question.asks)
        return None if attempt is None else attempt(question)

    def _what_was_seen(self, question: Question) -> Reply | None:
        words = self.course.replies.answer_words
        about = About.of(self.course, question.follow_up_ids)
        if not about.follow_ups:
            return None
        if self.said == self.course.replies.buttons.not_yet or says_only(self.said, words.not_yet, self.course.replies):
            questions.answered(self.reported.ledger, question)
            return prompted.not_yet(self.reported, about)
        if says_only(self.said, (*words.vague, self.course.replies.buttons.done), self.course.replies):
            return prompted.done(self.reported, about)  # nothing was told of what was seen: it is asked once more
        return None

    def _which_door(self, then: Callable[[Reported, About], Reply]) -> Callable[[Question], Reply | None]:
        def take(question: Question) -> Reply | None:
            about = About.of(self.course, question.follow_up_ids)
            named = named_places(self.course, self.worker, self.estate, self.said)
            meant, not_yet = parted(self.said, about, named, self.course.replies)
            if not meant.follow_ups and not not_yet.follow_ups:
                return None
            questions.answered(self.reported.ledger, question)
            replies = [then(self.reported, meant)] if meant.follow_ups else []
            replies += [prompted.not_yet(self.reported, not_yet)] if not_yet.follow_ups else []
            return Reply("\n".join(each.text for each in replies), replies[0].buttons)

        return take

    def _to_whom(self, question: Question) -> Reply | None:
        about = About.of(self.course, question.follow_up_ids)
        if not about.follow_ups:
            return None
        names = [each.name for each in colleagues_of(self.course.session, self.worker)]
        named = to_whom(self.said, names, self.course.replies)
        if named is None:
            is_a_name = len(self.said) <= _NAME_AT_MOST and not self._reports_something()
            return self._noted(self.course.replies.sayings.ask_to_whom_again) if is_a_name else None
        questions.answered(self.reported.ledger, question)
        return prompted.hand_over(self.reported, about, named)

    def _why_referred(self, question: Question) -> Reply | None:
        about = About.of(self.course, question.follow_up_ids)
        if not about.follow_ups or question.refer_as is None or self._reports_something():
            return None
        to = self.course.session.get(Worker, question.refer_to_id) if question.refer_to_id is not None else None
        questions.answered(self.reported.ledger, question)
        return prompted.handed(self.reported, about, to, question.refer_as, self.said)

    def _tells_more(self) -> bool:
        """Does 还没换 go on to tell something that has to be on record (他说周六换, 他不肯)?

        What is found in its first clause is the answer itself, whatever it may mean elsewhere.
        """
        answer_ends = first_clause_ends(self.said)
        found = read_alone(self.course, self.worker, self.estate, self.said)
        return names_its_door(found) or any(
            case.times
            or any(each.code != "repeated" for each in case.circumstances)
            or any(each.quote.start >= answer_ends for each in case.findings)
            for case in found.cases
        )

    def _reports_something(self) -> bool:
        """Does the message report something by itself? Then it is no mere reason."""
        return self._finds_something() or names_its_door(read_alone(self.course, self.worker, self.estate, self.said))

    def _finds_something(self) -> bool:
        found = read_alone(self.course, self.worker, self.estate, self.said)
        return any(each.state.is_active for case in found.cases for each in case.findings)

    def _only_names_a_report(self, question: Question) -> bool:
        """Does it say nothing but which report is meant (302那条)? What goes on with the work withdraws nothing."""
        found = read_alone(self.course, self.worker, self.estate, self.said)
        told = {kind for report_id in question.report_ids for kind in self._kinds_of(report_id)}
        says_more = any(
            case.measurements
            or case.circumstances
            or case.visit_quote is not None
            or any(each.kind not in told for each in case.findings)
            for case in found.cases
        )
        return len(self.said) <= _NAMING_AT_MOST and not says_more

    def _which_is_withdrawn(self, question: Question) -> Reply | None:
        if not self._only_names_a_report(question):
            return None
        named = named_places(self.course, self.worker, self.estate, self.said)
        report = report_named(self.course.session, question.report_ids, self.said, named)
        report = report or self._report_with_word(question)
        if report is None:
            return None
        self.intent = Intent.RETRACTION
        questions.answered(self.reported.ledger, question)
        sayings = self.course.replies.sayings
        return Reply(sayings.withdrawn if retract(self.reported, report) else sayings.retraction_not_found)

    def _report_with_word(self, question: Question) -> Report | None:
        """The only one of the reports in whose words stands what is named (软管那个)."""
        about = about_which(self.said, self.course.replies)
        told = [self.course.session.get_one(Report, report_id) for report_id in question.report_ids]
        fits = [report for report in told if len(about) >= _SHORTEST_WORD and about in report.text]
        return fits[0] if len(fits) == 1 else None

    def _kinds_of(self, report_id: int) -> set[str]:
        report = self.course.session.get_one(Report, report_id)
        return {each.kind for case in self.course.reading_of(report).cases for each in case.findings}

    # ── a prompt ─────────────────────────────────────────────────────────────────────────

    def to_prompt(self) -> Reply | None:
        """已处理, 还没 or 转给… on a prompt; a hand-over in words. (没在家 is read as said of the door.)"""
        replies = self.course.replies
        buttons, words = replies.buttons, replies.answer_words
        handed = handed_over(
            self.said, [each.name for each in colleagues_of(self.course.session, self.worker)], replies
        )
        if handed is not None:
            about = self._handed_about(handed.about)
            return None if about is None else prompted.hand_over(self.reported, about, handed)
        is_not_yet = self.said == buttons.not_yet or says_only(self.said, words.not_yet, replies)
        is_not_yet = is_not_yet or (says_first(self.said, words.not_yet, replies) and not self._tells_more())
        is_done = self.said == buttons.done or self.course.minds.says_done(self.said)
        is_referred = self.said == buttons.refer
        if not (is_not_yet or is_done or is_referred):
            return None
        prompt = self._asked(Purpose.PROMPT)
        if prompt is None and is_not_yet:
            return None  # 没有 says nothing where nothing was asked
        about = About.of(self.course, prompt.follow_up_ids) if prompt is not None else self._own_running()
        if not about.follow_ups:
            return self._noted(replies.sayings.done_already) if prompt is not None else None
        if prompt is not None:
            prompt.answered_at = self.course.now
        if len(about.places) > 1 or (prompt is None and is_done):  # nothing was asked: done alone closes no matter
            asks = (
                Asks.WHICH_DOOR_IS_DONE
                if is_done
                else Asks.WHICH_DOOR_IS_NOT_DONE
                if is_not_yet
                else Asks.WHICH_DOOR_IS_REFERRED
            )
            return prompted.ask_which_door(self.reported, about, asks)
        then = prompted.done if is_done else prompted.not_yet if is_not_yet else prompted.ask_to_whom
        return then(self.reported, about)

    def _handed_about(self, door: str) -> About | None:
        """What a hand-over in words is about: the door that it names, else the prompt's or the only one that runs."""
        if door:
            named = named_places(self.course, self.worker, self.estate, door)
            about = self._own_running(named)
        else:
            prompt = self._asked(Purpose.PROMPT)
            about = About.of(self.course, prompt.follow_up_ids) if prompt is not None else self._own_running()
        return about if len(about.places) == 1 else None

    def _own_running(self, at: Sequence[Household] | None = None) -> About:
        """The worker's own running follow-ups, all or at these households."""
        query = select(FollowUp.id).where(FollowUp.worker_id == self.worker.id, col(FollowUp.ended_at).is_(None))
        if at is not None:
            query = query.where(col(FollowUp.household_id).in_([place.id for place in at]))
        ids = self.course.session.exec(query.order_by(col(FollowUp.id))).all()
        return About.of(self.course, [one for one in ids if one is not None])

    def _asked(self, purpose: Purpose, *, with_buttons: bool = False) -> OutboxMessage | None:
        """What is answered: the message that was named, else the newest of its purpose that has no answer yet."""
        query = select(OutboxMessage).where(
            OutboxMessage.account_id == self.account.id,
            OutboxMessage.purpose == purpose,
            col(OutboxMessage.cancelled_at).is_(None),
        )
        if self.course.item.answers_id is not None:
            return self.course.session.exec(query.where(OutboxMessage.id == self.course.item.answers_id)).first()
        query = query.where(
            col(OutboxMessage.answered_at).is_(None), OutboxMessage.created_at > self.course.now - _ANSWERS_WITHIN
        )
        newest = self.course.session.exec(query.order_by(col(OutboxMessage.id).desc()).limit(20)).all()
        return next((each for each in newest if each.buttons or not with_buttons), None)

    def _noted(self, text: str) -> Reply:
        assert self.reported.report.id is not None
        return Reply(text)
