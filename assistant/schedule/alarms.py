"""A P0 that nobody acknowledged is told again, one level higher each time, until somebody does.

The first call is the turn's, in the transaction that raises the flag (where no message told of it: ``first_calls``);
it sets ``flags.call_at``. Here the next ones go out: to everybody who was told before and to the level that is reached
now. An acknowledgement, a correction, a retraction or the matter's end stops it; of an acknowledgement the worker who
reported and the other coordinators hear.
While a matter is proposed for closing, nobody is called.
Nothing keeps an alarm back: no quiet hours, no measure a day, no clock set back.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from assistant.domain.access import AreaLevel
from assistant.domain.followups import MatterState
from assistant.domain.pace import CLIMB, Pace, climbs_to
from assistant.outbox.queue import tell
from assistant.schedule.clock import Clock
from assistant.schedule.first_calls import call_first, owners_of
from assistant.storage import reach
from assistant.storage.database import Database
from assistant.storage.escalations import CLIMBED
from assistant.storage.ledger import Ledger
from assistant.storage.records import lock_estate
from assistant.storage.tables import Estate, Flag, Household, OutboxMessage, Purpose, Report, Worker
from assistant.telling import say_acknowledged, say_called_again
from knowledge.replies import Replies

#: the clocks of two machines may differ by so much
_CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """Looks for alarms that nobody acknowledged in time."""

    database: Database
    clock: Clock
    replies: Replies
    pace: Callable[[datetime], Pace] = lambda _: Pace()

    def look(self) -> bool:
        """Call again for one report's alarm at one household. Was there one?"""
        now = self.clock.now()
        with self.database.reading() as session:
            waiting = session.exec(_calling(now).order_by(col(Flag.call_at)).limit(1)).first()
            estate_id = session.get_one(Household, waiting.household_id).estate_id if waiting is not None else None
        if waiting is None:
            return False
        with self.database.writing() as session:
            estate = session.get_one(Estate, estate_id)
            lock_estate(session, estate)
            if waiting.called_at is None:
                call_first(Ledger(session, now), estate, self.pace(now).acknowledge, self.replies)
                return True
            flags = session.exec(
                _calling(now)
                .where(Flag.household_id == waiting.household_id, Flag.report_id == waiting.report_id)
                .order_by(col(Flag.id))
                .execution_options(populate_existing=True)
            ).all()
            self._call(Ledger(session, now), flags)
        return True

    def _call(self, ledger: Ledger, flags: Sequence[Flag]) -> None:
        by_level: dict[AreaLevel | None, list[Flag]] = defaultdict(list)
        heard: dict[int, list[Flag]] = defaultdict(list)
        for flag in flags:
            by = heard_by(ledger.session, flag)
            if flag.state is MatterState.OPEN and by is None:
                by_level[flag.climbed_to].append(flag)
                continue
            # somebody at the door says that it is over: it waits for the coordinator's word, and goes on if sent back
            is_proposed = flag.state is MatterState.PROPOSED and by is None
            flag.call_at = ledger.at + self.pace(ledger.at).acknowledge if is_proposed else None
            if is_proposed:
                flag.called_at = ledger.at
            if by is not None:
                heard[by].append(flag)
        for worker_id, alike in heard.items():
            self._tell_that_it_is_heard(ledger, alike, ledger.session.get_one(Worker, worker_id))
        for told, alike in by_level.items():
            self._call_at(ledger, alike, climbs_to(told), has_climbed=climbs_to(told) is not told)

    def _tell_that_it_is_heard(self, ledger: Ledger, flags: Sequence[Flag], by: Worker) -> None:
        session, first = ledger.session, flags[0]
        place, report = session.get_one(Household, first.household_id), session.get_one(Report, first.report_id)
        people = reach.who_stands_in(session, report.worker_id, place.area_id, ledger.at)
        for level in CLIMB[: CLIMB.index(first.climbed_to) + 1] if first.climbed_to else CLIMB[:1]:
            people += reach.coordinators_at(session, place.area_id, level)
        for person in {each.id: each for each in people if each.id != by.id}.values():
            tell(
                session,
                person,
                key=f"heard:{first.id}:{person.id}",
                purpose=Purpose.NOTICE,
                text=say_acknowledged(place.key, by.name, self.replies),
                now=ledger.at,
                report_id=first.report_id,
                flag_ids=[flag.id for flag in flags if flag.id is not None],
            )

    def _call_at(self, ledger: Ledger, flags: Sequence[Flag], level: AreaLevel, *, has_climbed: bool) -> None:
        session, first = ledger.session, flags[0]
        pace = self.pace(ledger.at)
        place = session.get_one(Household, first.household_id)
        earlier = _earlier_calls(session, first)
        for person in _everybody_to_call(session, place, flags, level, ledger.at):
            text = earlier.get(person.id) or next(iter(earlier.values()), None) or "；".join(flag.why for flag in flags)
            tell(
                session,
                person,
                key=f"call:{first.id}:{level}:{int(ledger.at.timestamp())}:{person.id}",
                purpose=Purpose.ALARM,
                text=say_called_again(text, level, has_climbed, self.replies),
                now=ledger.at,
                everywhere=True,
                buttons=(self.replies.buttons.acknowledge,),
                report_id=first.report_id,
                flag_ids=[flag.id for flag in flags if flag.id is not None],
            )
        wait = pace.acknowledge if level is not CLIMB[-1] else pace.call_again
        for flag in flags:
            ledger.changes(
                flag,
                CLIMBED if has_climbed else "called_again",
                climbed_to=level,
                called_at=ledger.at,
                call_at=ledger.at + wait,
            )


def heard_by(session: Session, flag: Flag) -> int | None:
    """Who acknowledged it, or another flag of the same matter since this one was raised or opened again; or None."""
    if flag.acknowledged_by_id is not None:
        return flag.acknowledged_by_id
    of_the_same = select(Flag.acknowledged_by_id).where(
        Flag.household_id == flag.household_id,
        Flag.rule == flag.rule,
        col(Flag.acknowledged_at) >= (flag.reopened_at or flag.raised_at),
        Flag.kind == flag.kind if flag.kind is not None else col(Flag.kind).is_(None),
    )
    return session.exec(of_the_same.order_by(col(Flag.id)).limit(1)).first()


def _calling(now: datetime) -> SelectOfScalar[Flag]:
    """Flags whose next call is due, or that were acknowledged; called in the future: before the clock was set back."""
    has_come = or_(
        col(Flag.call_at) <= now, col(Flag.called_at) > now + _CLOCKS_DIFFER, col(Flag.acknowledged_at).is_not(None)
    )
    return select(Flag).where(col(Flag.call_at).is_not(None), has_come)


def _everybody_to_call(
    session: Session, place: Household, flags: Sequence[Flag], level: AreaLevel, now: datetime
) -> list[Worker]:
    """The coordinators of each level up to this one, and the responders who were called in."""
    people = [
        person
        for reached in CLIMB[: CLIMB.index(level) + 1]
        for person in reach.coordinators_at(session, place.area_id, reached)
    ]
    people += reach.responders_of(session, place.area_id, owners_of(session, place, flags))
    return reach.with_deputies(session, people, now)


def _earlier_calls(session: Session, flag: Flag) -> dict[int | None, str]:
    """What each person was told when it was first called (the newest such call), those who were told first in front."""
    rows = session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.report_id == flag.report_id, OutboxMessage.purpose == Purpose.ALARM)
        .order_by(col(OutboxMessage.id))
    )
    first: dict[int | None, str] = {}
    for row in rows:
        if flag.id in row.flag_ids and row.idempotency_key.startswith("alarm:"):
            first[row.worker_id] = row.text
    return first
