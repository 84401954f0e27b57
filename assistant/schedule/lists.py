"""The lists that go out by themselves when a day begins: the worker's, the responder's, the coordinator's of the week.

    worker         each day: what falls due today, where anything does
    responder      each working day: what is new for them, and what is due or overdue, each once
    coordinator    on the first working day of a week: what stands open; above the grid in figures only

A list's key names its day and its person, so that it is made once, also after a restart or with the clock set back.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel, Role
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity
from assistant.outbox.queue import tell
from assistant.schedule.clock import Clock
from assistant.schedule.courtesy import Courtesy
from assistant.schedule.due import RUNNING, later_today, told
from assistant.storage import reach
from assistant.storage.database import Database, take_turns
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, Flag, FollowUp, Household, OutboxMessage, Purpose, Worker
from assistant.telling import WeekTold, say_day, say_theirs, say_week
from knowledge.replies import Replies

_WHO = (Role.WORKER, Role.RESPONDER, Role.COORDINATOR)
_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
_ABOVE_THE_GRID = (AreaLevel.COMMUNITY, AreaLevel.STREET)
#: so many doors are named in a week's list, so many tasks in a responder's
_NAMED = 20
_TASKS = 30
#: so many people's lists are made before anything more pressing is looked for again
_AT_A_TIME = 20


@dataclass
class Lists:
    """Makes the lists of a day, one person after the other. ``is_working_day`` knows holidays and weekends."""

    database: Database
    clock: Clock
    courtesy: Courtesy
    replies: Replies
    is_working_day: Callable[[date], bool]
    _made: dict[int, date] = field(default_factory=dict)

    def look(self) -> bool:
        """Make the lists of some people who have had none today, each in its own transaction. Were there any?"""
        now = self.clock.now().astimezone(self.courtesy.quiet.zone)
        if now < self.courtesy.day_begins_at(now) or self.courtesy.quiet.are_at(now):
            return False
        with self.database.reading() as session:
            everybody = session.exec(
                select(Worker.id)
                .where(col(Worker.role).in_(_WHO), col(Worker.left_at).is_(None))
                .order_by(col(Worker.id))
            ).all()
        waiting = [each for each in everybody if each is not None and self._made.get(each) != now.date()][:_AT_A_TIME]
        for person in waiting:
            with self.database.writing() as session:
                take_turns(session, f"lists of {person}")
                self._make(Ledger(session, self.clock.now()), session.get_one(Worker, person), now)
            self._made[person] = now.date()
        return bool(waiting)

    def _make(self, ledger: Ledger, person: Worker, now: datetime) -> None:
        if reach.is_away(person, now):
            return
        if person.role is Role.WORKER:
            self._day(ledger, person, now)
        elif person.role is Role.RESPONDER and self.is_working_day(now.date()):
            self._theirs(ledger, person, now)
        elif person.role is Role.COORDINATOR and _is_first_working_day_of_week(now.date(), self.is_working_day):
            self._week(ledger, person, now)

    def _day(self, ledger: Ledger, worker: Worker, now: datetime) -> None:
        key = day_key(worker, now.date())
        if is_made(ledger.session, key):
            return
        today = take(ledger, worker, self.courtesy)
        if today:
            text = say_day(told(ledger.session, today), now, self.replies)
            tell(ledger.session, worker, key=key, purpose=Purpose.LIST, text=text, now=ledger.at)

    def _theirs(self, ledger: Ledger, responder: Worker, now: datetime) -> None:
        """What is new for a responder, and what fell due since they had word of it."""
        session = ledger.session
        begins, ends = self.courtesy.day_begins_at(now), self.courtesy.day_ends_at(now)
        area = session.get_one(Area, responder.area_id)
        rows = session.exec(
            select(FollowUp)
            .join(Household, col(Household.id) == FollowUp.household_id)
            .join(Area, col(Area.id) == Household.area_id)
            .where(FollowUp.owner == responder.acts_as, col(FollowUp.state).in_(RUNNING))
            .where(col(FollowUp.look_at).is_not(None), col(Area.path).startswith(area.path))
            .where(FollowUp.first_found_at < begins)
            .where(col(FollowUp.owner_told_at).is_(None) | (col(FollowUp.due_at) < ends))
            .order_by(col(FollowUp.due_at), col(FollowUp.id))
        ).all()
        new = [each for each in rows if each.owner_told_at is None]
        fell_due = [each for each in rows if each.due_at < ends and _has_fallen_due_since_told(each, now)]
        theirs = [*fell_due, *(each for each in new if each not in fell_due)][:_TASKS]
        if not theirs:
            return
        labels = self.replies.buttons
        tell(
            session,
            responder,
            key=f"theirs:{now.date()}:{responder.id}",
            purpose=Purpose.PROMPT if fell_due else Purpose.LIST,
            text=say_theirs(told(session, theirs), now, self.replies),
            now=ledger.at,
            buttons=(labels.done, labels.not_yet, labels.refer) if fell_due else (),
            follow_up_ids=[each.id for each in fell_due if each in theirs and each.id is not None],
        )
        for each in theirs:
            ledger.changes(each, "owner_told", owner_told_at=ledger.at)

    def _week(self, ledger: Ledger, coordinator: Worker, now: datetime) -> None:
        session = ledger.session
        area = session.get_one(Area, coordinator.area_id)
        below = select(Area.id).where(col(Area.path).startswith(area.path))
        rows = session.exec(
            select(Flag, Household.key)
            .join(Household, col(Household.id) == Flag.household_id)
            .where(col(Flag.state).in_(_STANDING), col(Flag.area_id).in_(below), Flag.severity != Severity.RECORD)
            .order_by(col(Flag.urgency), col(Flag.first_raised_at), col(Flag.id))
        ).all()
        if not rows:
            return
        late = set(
            session.exec(
                select(FollowUp.flag_id).where(
                    FollowUp.state == FollowUpState.OVERDUE, col(FollowUp.flag_id).in_([flag.id for flag, _ in rows])
                )
            )
        )
        # small things stay in the grid: above it the figures are told, no door
        named = rows[:_NAMED] if area.level not in _ABOVE_THE_GRID else []
        shown = [WeekTold(key, flag.kind, flag.severity, flag.first_raised_at, flag.id in late) for flag, key in named]
        year, week, _ = now.isocalendar()
        tell(
            session,
            coordinator,
            key=f"week:{year}-{week}:{coordinator.id}",
            purpose=Purpose.LIST,
            text=say_week(Counter(flag.severity for flag, _ in rows), len(late), shown, now, self.replies),
            now=ledger.at,
        )


def day_key(person: Worker, day: date) -> str:
    """The key of the first message of a worker's day, list or prompt; the account's id follows it."""
    return f"day:{day}:{person.id}"


def is_made(session: Session, key: str) -> bool:
    """Is there a message under this key, to whichever account?"""
    query = select(OutboxMessage.id).where(col(OutboxMessage.idempotency_key).startswith(f"{key}:"))
    return session.exec(query.limit(1)).first() is not None


def take(ledger: Ledger, person: Worker, courtesy: Courtesy) -> list[FollowUp]:
    """What falls due later today for ``person``, noted as told; whoever takes it tells it."""
    now = ledger.at
    today = later_today(ledger.session, person, now, courtesy.day_begins_at(now), courtesy.day_ends_at(now))
    for each in today:
        ledger.changes(each, "listed", prompted_at=now)
    return today


def _has_fallen_due_since_told(follow_up: FollowUp, now: datetime) -> bool:
    """Did the responder have word of it before the day on which it is due, and not since?"""
    if follow_up.owner_told_at is None:
        return True
    zone = now.tzinfo
    return follow_up.owner_told_at.astimezone(zone).date() < follow_up.due_at.astimezone(zone).date()


def _is_first_working_day_of_week(day: date, is_working_day: Callable[[date], bool]) -> bool:
    before = [day - timedelta(days=back) for back in range(1, day.weekday() + 1)]
    return is_working_day(day) and not any(is_working_day(each) for each in before)
