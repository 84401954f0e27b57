"""Words that lean on what was asked: read as if they had begun with the door that was asked about.

换成波纹管了,我看过 answers a question or a prompt, or speaks of the only matter that is open; so does 没在家.
A message that names its own door needs nobody's help, and one that reports something new is never taken for an answer.

    question ──▶ the prompt replied to ──▶ the newest prompt ──▶ the only door with something open
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import col, select

from assistant.dialogue.answers import is_well_again, says_any
from assistant.domain.followups import MatterState
from assistant.domain.places import HouseholdKey, is_place
from assistant.domain.questions import Asks
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    Finding,
    Intent,
    Missing,
    Move,
    Quote,
    Reading,
    Severity,
    VisitOutcome,
)
from assistant.storage import questions, records
from assistant.storage.amend import last_report_on
from assistant.storage.ledger import Ledger
from assistant.storage.settle import held_of
from assistant.storage.tables import (
    Account,
    Estate,
    FollowUp,
    Household,
    Matter,
    OutboxMessage,
    Purpose,
    Question,
    Report,
    Worker,
)
from assistant.turn.course import Course
from assistant.turn.doors import doors_with_open, is_about, named_places, names_its_door, read_about
from assistant.turn.over_here import over_here
from assistant.turn.prompted import About
from assistant.turn.putting_right import read_as_correction, report_named
from assistant.turn.told import TOLD_ONLY, is_news, only_told, promises, stands
from assistant.turn.which_door import parted
from assistant.understand.cases import NOWHERE

#: a prompt that nobody answered is what bare words mean for so long
_PROMPT_MEANT = timedelta(hours=24)
_OVER = (EvidenceState.RESOLVED, EvidenceState.NEGATED)
_NOBODY_IN = (VisitOutcome.MISSED, VisitOutcome.REFUSED)
#: so many doors with something open are tried for words that name none
_DOORS_TRIED = 6


@dataclass(frozen=True)
class Leaning:
    """How a message is to be read, and what it answers."""

    reading: Reading
    question: Question | None = None
    prompt: OutboxMessage | None = None
    #: the report that it puts right
    target: Report | None = None
    #: an earlier message whose words are carried out now that it is known which report they mean
    words: Report | None = None
    #: several doors fit: it has to be asked which one
    which: About | None = None
    #: all is well again at a door where several things are open: it has to be asked what of it
    unclear: About | None = None


def lean(course: Course, account: Account, worker: Worker, estate: Estate, reading: Reading) -> Leaning:
    """The reading with what was asked in mind; as it is where that adds nothing."""
    return _Leaner(course, account, worker, estate).lean(reading)


@dataclass(frozen=True)
class _Leaner:
    course: Course
    account: Account
    worker: Worker
    estate: Estate

    @property
    def text(self) -> str:
        return self.course.item.text

    def lean(self, reading: Reading) -> Leaning:
        question = questions.waiting(Ledger(self.course.session, self.course.now, self.worker.id), self.account)
        if question is not None:
            answered = self._answering(question, reading)
            if answered is not None:
                return answered
        if reading.intent not in (Intent.REPORT, Intent.OTHER) or reading.moves:
            return Leaning(reading)
        if self._asks_whether(reading):
            return Leaning(Reading(Intent.QUESTION))
        moved = self._moved(reading)
        if moved is not None:
            return Leaning(moved)
        linked = self._prompt_replied_to()
        prompt = linked or self._newest_prompt()
        if prompt is not None:
            about = About.of(self.course, prompt.follow_up_ids)
            leaning = self._about(about, reading, is_linked=linked is not None)
            if leaning is not None:
                return replace(leaning, prompt=prompt)
        if names_its_door(reading):
            return self._said_of_what_is_open(reading)
        ways = (self._over_at_half_a_door, self._only_open_one, self._over_nowhere)
        return next((leaning for way in ways if (leaning := way(reading)) is not None), Leaning(reading))

    def _asks_whether(self, reading: Reading) -> bool:
        """6-1-401换了没有? asks, and tells nothing."""
        ends = self.text.rstrip("。？?！! ~").endswith(self.course.replies.answer_words.asks_whether)
        stands = any(each.state.is_active for case in reading.cases for each in case.findings)
        return ends and not stands

    def _moved(self, reading: Reading) -> Reading | None:
        """昨天说的7-1-302软管,应该是7-2-302: what was told of one door belongs to another."""
        words = self.course.replies.answer_words
        first, _, right = next(
            (self.text.partition(word) for word in words.affirms if len(word) > 1 and word in self.text), ("", "", "")
        )
        keys = [case.key for case in reading.cases if names_its_door(replace(reading, cases=(case,)))]
        if len(keys) != 2 or not says_any(first, words.told_before) or keys[1] not in right:
            return None
        if last_report_on(self.course.session, self.account, keys[0], self.course.now) is None:
            return None
        return replace(reading, intent=Intent.CORRECTION, moves=(Move(keys[0], keys[1], ()),))

    # ── questions ────────────────────────────────────────────────────────────────────────

    def _answering(self, question: Question, reading: Reading) -> Leaning | None:
        match question.asks:
            case Asks.SEEN:
                return self._seen(question, reading)
            case Asks.WHICH_DOOR_WAS_EMPTY:
                return self._were_empty(question)
            case Asks.WHAT_CHANGED | Asks.WHICH_REPORT_IS_WRONG if reading.intent is Intent.RETRACTION:
                return None  # 撤回 is answer enough: what was wrong is taken back
            case Asks.WHAT_CHANGED:
                target = self.course.session.get(Report, question.report_ids[0])
                return self._correction(question, target, None)
            case Asks.WHICH_REPORT_IS_WRONG:
                named = named_places(self.course, self.worker, self.estate, self.text)
                target = report_named(self.course.session, question.report_ids, self.text, named)
                words = self.course.session.get(Report, question.words_report_id) if question.words_report_id else None
                return self._correction(question, target, words) if target is not None else None
        return None

    def _seen(self, question: Question, reading: Reading) -> Leaning | None:
        """What was seen at the door that was asked about."""
        about = About.of(self.course, question.follow_up_ids)
        if not about.places or reading.intent not in (Intent.REPORT, Intent.OTHER):
            return None
        place = about.places[0]
        said = read_about(self.course, self.worker, self.estate, place, self.text)
        if not is_about(said, place) or reading.moves:
            return None
        kinds = self._kinds(about)
        case = self._without_hearsay(said.cases[0])
        if only_told(case):
            return Leaning(replace(said, cases=(case,)))  # 他说换了: it stays asked what was seen
        if stands(case, kinds) or case.visit in _NOBODY_IN or is_news(case, kinds):
            return Leaning(replace(said, intent=Intent.REPORT, cases=(case,)), question)
        return Leaning(Reading(Intent.REPORT, (self._over(case, kinds),)), question)

    def _were_empty(self, question: Question) -> Leaning | None:
        """Nobody was in at the doors that the answer names: a missed visit each."""
        about = About.of(self.course, question.follow_up_ids)
        named = named_places(self.course, self.worker, self.estate, self.text)
        meant, _ = parted(self.text, about, named, self.course.replies)
        if not meant.places:
            return None
        cases = tuple(CaseReading(place.key, visit=VisitOutcome.MISSED) for place in meant.places)
        return Leaning(Reading(Intent.OTHER, cases), question)

    def _correction(self, question: Question, target: Report | None, words: Report | None) -> Leaning | None:
        if target is None or target.retracted_at is not None:
            return None
        text = words.text if words is not None else self.text
        reading = read_as_correction(self.course, self.worker, self.estate, target, text)
        return None if reading is None else Leaning(reading, question, target=target, words=words)

    # ── prompts ──────────────────────────────────────────────────────────────────────────

    def _about(self, about: About, reading: Reading, *, is_linked: bool) -> Leaning | None:
        """The words as said of the prompt's door; None where they say nothing of it, or name their own."""
        if not is_linked and names_its_door(reading):
            return None
        fitting = []
        for place in about.places:
            said = read_about(self.course, self.worker, self.estate, place, self.text)
            if is_about(said, place):
                case = self._restated(self._without_hearsay(said.cases[0]), self._kinds(about.at([place])))
                if self._answers(case, about.at([place]), is_linked=is_linked):
                    fitting.append((place, replace(said, intent=Intent.REPORT, cases=(case,))))
        if len(fitting) == 1:
            return Leaning(fitting[0][1])
        if len(fitting) > 1 and says_any(self.text, self.course.replies.answer_words.each_of_them):
            cases = tuple(case for _, said in fitting for case in said.cases)
            return Leaning(Reading(Intent.REPORT, cases))
        if fitting and all(promises(case) for _, said in fitting for case in said.cases):
            return Leaning(replace(reading, missing=Missing.DOOR))
        return Leaning(reading, which=about.at([place for place, _ in fitting])) if fitting else None

    def _answers(self, case: CaseReading, about: About, *, is_linked: bool) -> bool:
        kinds = self._kinds(about)
        over = any(each.kind in kinds and each.state in _OVER for each in case.findings)
        answers = over or case.visit in _NOBODY_IN or promises(case)
        if is_linked:
            return bool(answers or case.findings or case.circumstances or case.times)
        return bool(answers and not is_news(case, kinds))

    def _prompt_replied_to(self) -> OutboxMessage | None:
        if self.course.item.answers_id is None:
            return None
        message = self.course.session.get(OutboxMessage, self.course.item.answers_id)
        is_prompt = message is not None and message.purpose is Purpose.PROMPT
        return message if is_prompt else None

    def _newest_prompt(self) -> OutboxMessage | None:
        return self.course.session.exec(
            select(OutboxMessage)
            .where(OutboxMessage.account_id == self.account.id, OutboxMessage.purpose == Purpose.PROMPT)
            .where(col(OutboxMessage.answered_at).is_(None), col(OutboxMessage.cancelled_at).is_(None))
            .where(OutboxMessage.created_at > self.course.now - _PROMPT_MEANT)
            .order_by(col(OutboxMessage.id).desc())
        ).first()

    # ── what is open ─────────────────────────────────────────────────────────────────────

    def _over_at_half_a_door(self, reading: Reading) -> Leaning | None:
        """501那根换了,我刚去看: the door that 501 means where that is open, or which of them. News is asked about."""
        case = reading.cases[0] if len(reading.cases) == 1 else None
        if case is None or is_place(case.key) or HouseholdKey.parse(case.key).is_empty or only_told(case):
            return None
        over = {each.kind for each in case.findings if each.state in _OVER}
        if not over or any(each.state.is_active for each in case.findings) or not self._was_there(case):
            return None
        half = HouseholdKey.parse(case.key)
        there = self._own_running()
        fitting = [
            (place, kinds & over)
            for place in there.places
            if not is_place(place.key) and half.fits(HouseholdKey.parse(place.key))
            if (kinds := self._kinds(there.at([place]))) & over
        ]
        if len(fitting) != 1:
            meant = there.at([place for place, _ in fitting])
            spoken_of = [each for each in meant.follow_ups if each.kind in over]
            return Leaning(reading, which=About(spoken_of, meant.places)) if fitting else None
        place, kinds = fitting[0]
        return Leaning(replace(reading, cases=(replace(self._over(case, kinds), key=place.key),)))

    def _only_open_one(self, reading: Reading) -> Leaning | None:
        """弄好了,我看过 without a door and without a prompt: the one door of this worker where that is open."""
        if any(case.findings or case.visit_quote for case in reading.cases):
            return None  # it says something by itself, and the door is asked
        about = self._own_running()
        nearest = about.at(about.places[-_DOORS_TRIED:])
        found = self._about(nearest, reading, is_linked=False)
        if found is not None and found.which is None and found.reading.cases[0].visit is VisitOutcome.MISSED:
            return None  # nobody was in, but where? that is asked
        return found

    def _said_of_what_is_open(self, reading: Reading) -> Leaning:
        """出院回家了 of an open fall, or 复查正常 where one matter is open: what is said to be over at the door."""
        if len(reading.cases) != 1:
            return Leaning(reading)
        case = self._without_hearsay(reading.cases[0])
        places = records.by_keys(self.course.session, self.estate, [case.key])
        known = records.known(self.course.session, places, self.course.at)
        kinds = {matter.kind for one in known for matter in one.open}
        if not kinds or only_told(case) or case.visit in _NOBODY_IN:
            return Leaning(reading)
        restated = self._restated(case, kinds)
        if restated is not case:
            return Leaning(replace(reading, intent=Intent.REPORT, cases=(restated,)))
        over = over_here(self.text, case, kinds - self._money_is_going(places), self.course.replies)
        if over and self._was_there(case):
            ended = self._over(case, over)
            closes = tuple(dict.fromkeys((*case.closes, *ended.closes)))
            return Leaning(replace(reading, intent=Intent.REPORT, cases=(replace(ended, closes=closes),)))
        return self._well_again(reading, case, places, kinds)

    def _money_is_going(self, places: Sequence[Household]) -> set[str]:
        """The scams here that are a P0: who has left the group may pay all the same, and no climb pauses for that."""
        query = select(Matter.kind).where(
            col(Matter.household_id).in_([place.id for place in places]),
            col(Matter.state).in_([state for state in MatterState if state.stands]),
            col(Matter.kind).startswith("fraud."),
            Matter.severity == Severity.P0,
        )
        return set(self.course.session.exec(query).all())

    def _well_again(self, reading: Reading, case: CaseReading, places: Sequence[Household], kinds: set[str]) -> Leaning:
        """3-2-501复查正常: a second look that found all well ends the one matter that is open there."""
        if not is_well_again(self.text, self.course.replies) or case.visit is not VisitOutcome.MET or case.closes:
            return Leaning(reading)
        if any(each.state.is_active for each in case.findings):
            return Leaning(reading)
        if len(kinds) == 1:
            return Leaning(replace(reading, cases=(self._over(case, kinds),)))
        about = self._running_at(places, kinds)
        return Leaning(reading, unclear=about if about.follow_ups else None)

    def _own_running(self) -> About:
        """The promises of this worker that have not ended."""
        ids = self.course.session.exec(
            select(FollowUp.id)
            .where(FollowUp.worker_id == self.worker.id, col(FollowUp.ended_at).is_(None))
            .order_by(col(FollowUp.id))
        ).all()
        return About.of(self.course, [one for one in ids if one is not None])

    def _running_at(self, places: Sequence[Household], kinds: Collection[str]) -> About:
        ids = self.course.session.exec(
            select(FollowUp.id)
            .where(col(FollowUp.household_id).in_([place.id for place in places]), col(FollowUp.kind).in_(kinds))
            .where(col(FollowUp.ended_at).is_(None))
            .order_by(col(FollowUp.id))
        ).all()
        return About.of(self.course, [one for one in ids if one is not None])

    def _over_nowhere(self, reading: Reading) -> Leaning | None:
        """软管换好了 from somebody who has several doors, or none of their own: which of those where it is open?"""
        case = reading.cases[0] if len(reading.cases) == 1 else None
        if case is None or case.key != NOWHERE or case.also_fits or reading.missing is not None:
            return None
        over = {each.kind for each in case.findings if each.state in _OVER}
        if not over or any(each.state.is_active for each in case.findings):
            return None
        keys = doors_with_open(self.course, self.worker, self.estate, over)[:_DOORS_TRIED]
        if not keys:
            return Leaning(replace(reading, missing=Missing.DOOR))
        return Leaning(replace(reading, cases=(replace(case, also_fits=tuple(keys)),)))

    # ── reading ──────────────────────────────────────────────────────────────────────────

    def _kinds(self, about: About) -> set[str]:
        held = held_of(Ledger(self.course.session, self.course.now), about.follow_ups)
        return {each.kind for each in held if each.kind is not None}

    def _restated(self, case: CaseReading, kinds: Collection[str]) -> CaseReading:
        """The case with the one thing that is open at its door, where it says nothing but for when that is promised.

        It is looked at on that day then, as if the matter had been named with the promise.
        """
        if case.findings or len(kinds) != 1 or not promises(case):
            return case
        state = EvidenceState.SEEN if case.visit is VisitOutcome.MET else EvidenceState.SELF_REPORTED
        (kind,) = kinds
        # 还没换 tells how it stands, not that it was said in vain again
        others = tuple(each for each in case.circumstances if each.code != "repeated")
        restated = Finding(kind, state, Quote(self.text, 0, len(self.text)))
        return replace(case, findings=(restated,), circumstances=others)

    def _without_hearsay(self, case: CaseReading) -> CaseReading:
        """他说换了,我也看了: own eyes count for more than anybody's word."""
        if not says_any(self.text, self.course.replies.answer_words.saw_it):
            return case
        return replace(case, circumstances=tuple(each for each in case.circumstances if each.code != TOLD_ONLY))

    def _was_there(self, case: CaseReading) -> bool:
        """Did the worker see it, at the door or at the place?"""
        said_so = says_any(self.text, self.course.replies.answer_words.saw_it)
        return said_so or is_place(case.key) or case.visit is VisitOutcome.MET

    def _over(self, case: CaseReading, kinds: set[str]) -> CaseReading:
        """The case with each of ``kinds`` over and done, seen by who wrote."""
        told = {each.kind for each in case.findings if each.state in _OVER} & kinds
        quote = Quote(self.text, 0, len(self.text))
        # words that name one of several things end that one alone
        over = () if told else tuple(Finding(kind, EvidenceState.RESOLVED, quote) for kind in sorted(kinds))
        met = VisitOutcome.MET if case.visit is VisitOutcome.NONE and not is_place(case.key) else case.visit
        return replace(case, visit=met, findings=case.findings + over, closes=tuple(sorted(told or kinds)))
