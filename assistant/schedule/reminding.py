"""What has fallen due: it becomes overdue, whoever is to act is asked, and silence is told to the next level.

All that fell due for one person goes out as one message; the first of a worker's day bears the rest of the day's list.
In quiet hours only a P0 goes out; beyond the day's measure everything but a P0 waits for the next day. What waits is
looked at again when it may go out, so that a service that was down over night sends one message in the morning, not
ten, and loses none.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlmodel import Session

from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.domain.pace import Pace, Pursued, Step, next_step
from assistant.domain.reports import Severity
from assistant.outbox.queue import tell
from assistant.schedule import lists
from assistant.schedule.clock import Clock
from assistant.schedule.courtesy import LATE, PROMPT, Courtesy
from assistant.schedule.due import due, is_anything_due, lock_estates_of, told
from assistant.storage import reach
from assistant.storage.database import Database
from assistant.storage.escalations import ESCALATED
from assistant.storage.ledger import Ledger
from assistant.storage.tables import FollowUp, Household, Purpose, Worker
from assistant.telling import say_late, say_prompt
from knowledge.replies import Replies

#: so many promises stand in one message; the others follow in the next
_IN_ONE_MESSAGE = 30
_URGENT = (Severity.P0, Severity.P1)


@dataclass(frozen=True)
class Reminder:
    """Looks for what has fallen due. ``pace`` gives the spans that hold at a moment."""

    database: Database
    clock: Clock
    courtesy: Courtesy
    replies: Replies
    pace: Callable[[datetime], Pace] = lambda _: Pace()

    def look(self) -> bool:
        """Handle what has fallen due. Was there anything?"""
        now = self.clock.now()
        with self.database.reading() as session:
            if not is_anything_due(session, now):
                return False
        with self.database.writing() as session:
            lock_estates_of(session, due(session, now))
            _Look(self, session, Ledger(session, now)).at(due(session, now))
        return True


@dataclass
class _Look:
    """One look, in one transaction."""

    reminder: Reminder
    session: Session
    ledger: Ledger
    _asked: dict[int, list[FollowUp]] = field(default_factory=lambda: defaultdict(list))
    _late: dict[tuple[AreaLevel, int], list[FollowUp]] = field(default_factory=lambda: defaultdict(list))
    _people: dict[int, Worker] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.ledger.at

    def at(self, follow_ups: Sequence[FollowUp]) -> None:
        pace = self.reminder.pace(self.now)
        for each in follow_ups:
            self._pursue(each, next_step(_pursued(each), self.now, pace))
        for person_id, asked in self._asked.items():
            self._ask(self._people[person_id], asked)
        for (level, person_id), late in self._late.items():
            self._tell_of_late(self._people[person_id], level, late)

    def _pursue(self, follow_up: FollowUp, step: Step) -> None:
        if follow_up.due_at <= self.now and follow_up.state is FollowUpState.OPEN:
            self.ledger.changes(follow_up, "overdue", state=FollowUpState.OVERDUE)
        is_first_of_p0 = follow_up.severity is Severity.P0 and follow_up.prompted_at is None and step.asks
        if self.reminder.courtesy.quiet.are_at(self.now) and not is_first_of_p0:
            follow_up.look_at = self.reminder.courtesy.quiet.over_at(self.now)
            return
        follow_up.look_at = step.look_at
        if step.asks:
            people = self._whom_to_ask(follow_up)
            free = [person for person in people if is_first_of_p0 or not self._has_had_enough(person, PROMPT)]
            if people and not free:
                self._wait_for_tomorrow(follow_up)
                return
            for person in free:
                self._asked[self._known(person)].append(follow_up)
            self.ledger.changes(follow_up, "prompted", prompted_at=self.now)
        if step.escalates_to is not None:
            self._escalate(follow_up, step.escalates_to)

    def _escalate(self, follow_up: FollowUp, level: AreaLevel) -> None:
        area_id = self.session.get_one(Household, follow_up.household_id).area_id
        people = reach.with_deputies(self.session, reach.coordinators_at(self.session, area_id, level), self.now)
        free = [one for one in people if follow_up.severity in _URGENT or not self._has_had_enough(one, LATE)]
        if people and not free:
            self._wait_for_tomorrow(follow_up)
            return
        for person in free:
            self._late[level, self._known(person)].append(follow_up)
        self.ledger.changes(follow_up, ESCALATED, escalated_to=level, escalated_at=self.now)

    def _whom_to_ask(self, follow_up: FollowUp) -> list[Worker]:
        area_id = self.session.get_one(Household, follow_up.household_id).area_id
        if follow_up.owner is Responder.COORDINATOR:
            return reach.with_deputies(self.session, reach.coordinators_of(self.session, area_id), self.now)
        return reach.who_stands_in(self.session, follow_up.worker_id, area_id, self.now)

    def _has_had_enough(self, person: Worker, what: str) -> bool:
        return self.reminder.courtesy.has_had_enough(self.session, person.id, what, self.now)

    def _wait_for_tomorrow(self, follow_up: FollowUp) -> None:
        follow_up.look_at = self.reminder.courtesy.next_day_begins_at(self.now)

    def _known(self, person: Worker) -> int:
        assert person.id is not None
        self._people[person.id] = person
        return person.id

    def _ask(self, person: Worker, follow_ups: Sequence[FollowUp]) -> None:
        courtesy, replies = self.reminder.courtesy, self.reminder.replies
        local = self.now.astimezone(courtesy.quiet.zone)
        today: list[FollowUp] = []
        is_first_today = False
        if person.role is Role.WORKER and local >= courtesy.day_begins_at(self.now):
            is_first_today = not lists.is_made(self.session, lists.day_key(person, local.date()))
            today = lists.take(self.ledger, person, courtesy) if is_first_today else []
        for part in _parts(follow_ups):
            is_urgent = any(each.severity is Severity.P0 for each in part)
            key = f"{'urgent' if is_urgent else PROMPT}:{person.id}:{_stamp(part, self.now)}"
            tell(
                self.session,
                person,
                key=lists.day_key(person, local.date()) if is_first_today else key,
                purpose=Purpose.PROMPT,
                text=say_prompt(told(self.session, part), told(self.session, today), local, replies),
                now=self.now,
                buttons=_buttons(replies),
                follow_up_ids=[each.id for each in part if each.id is not None],
            )
            is_first_today, today = False, []

    def _tell_of_late(self, person: Worker, level: AreaLevel, follow_ups: Sequence[FollowUp]) -> None:
        local = self.now.astimezone(self.reminder.courtesy.quiet.zone)
        for part in _parts(follow_ups):
            is_urgent = any(each.severity in _URGENT for each in part)
            tell(
                self.session,
                person,
                key=f"{'late-urgent' if is_urgent else LATE}:{level}:{person.id}:{_stamp(part, self.now)}",
                purpose=Purpose.NOTICE,
                text=say_late(told(self.session, part), level, local, self.reminder.replies),
                now=self.now,
                follow_up_ids=[each.id for each in part if each.id is not None],
            )


def _pursued(row: FollowUp) -> Pursued:
    return Pursued(row.severity, row.due_at, row.prompted_at, row.escalated_to, row.escalated_at)


def _parts(follow_ups: Sequence[FollowUp]) -> list[list[FollowUp]]:
    rest = iter(follow_ups)
    return list(iter(lambda: list(islice(rest, _IN_ONE_MESSAGE)), []))


def _stamp(part: Sequence[FollowUp], now: datetime) -> str:
    """What tells this message from every other to the same person: its first promise and the moment."""
    return f"{min(each.id for each in part if each.id is not None)}:{int(now.timestamp())}"


def _buttons(replies: Replies) -> tuple[str, ...]:
    labels = replies.buttons
    return (labels.done, labels.not_yet, labels.not_home, labels.refer)
