"""A P0 that nobody acknowledged is told again, one level higher each time, until somebody does.

The first call is the turn's, in the transaction that raises the flag; it sets ``flags.call_at``. Here the next ones go
out: to everybody who was told before and to the level that is reached now. An acknowledgement, a correction, a
retraction or the matter's end stops it. Nothing keeps an alarm: no quiet hours, no measure a day, no clock set back.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel
from assistant.domain.casework import Responder
from assistant.domain.pace import CLIMB, Pace, climbs_to
from assistant.domain.reports import Severity
from assistant.outbox.queue import tell
from assistant.schedule.clock import Clock
from assistant.storage import reach
from assistant.storage.database import Database
from assistant.storage.escalations import CLIMBED
from assistant.storage.ledger import Ledger
from assistant.storage.records import lock_estate
from assistant.storage.tables import Estate, Flag, FollowUp, Household, OutboxMessage, Purpose, Worker
from assistant.telling import say_called_again
from knowledge.replies import Replies


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
            lock_estate(session, session.get_one(Estate, estate_id))
            flags = session.exec(
                _calling(now)
                .where(Flag.household_id == waiting.household_id, Flag.report_id == waiting.report_id)
                .order_by(col(Flag.id))
                .execution_options(populate_existing=True)
            ).all()
            self._call(Ledger(session, now), flags)
        return True

    def _call(self, ledger: Ledger, flags: Sequence[Flag]) -> None:
        unheard = []
        for flag in flags:
            if flag.state.stands and not is_heard(ledger.session, flag):
                unheard.append(flag)
            else:
                flag.call_at = None
        by_level: dict[AreaLevel | None, list[Flag]] = defaultdict(list)
        for flag in unheard:
            by_level[flag.climbed_to].append(flag)
        for told, alike in by_level.items():
            self._call_at(ledger, alike, climbs_to(told), has_climbed=climbs_to(told) is not told)

    def _call_at(self, ledger: Ledger, flags: Sequence[Flag], level: AreaLevel, *, has_climbed: bool) -> None:
        session, first = ledger.session, flags[0]
        pace = self.pace(ledger.at)
        place = session.get_one(Household, first.household_id)
        earlier = _earlier_calls(session, first)
        for person in _everybody_to_call(session, place, flags, level):
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


def is_heard(session: Session, flag: Flag) -> bool:
    """Did somebody acknowledge it: it, or another flag of the same matter after this one was raised?"""
    if flag.acknowledged_at is not None:
        return True
    heard = select(Flag.id).where(
        Flag.household_id == flag.household_id,
        Flag.rule == flag.rule,
        col(Flag.acknowledged_at) >= flag.raised_at,
        Flag.kind == flag.kind if flag.kind is not None else col(Flag.kind).is_(None),
    )
    return session.exec(heard.limit(1)).first() is not None


def _calling(now: datetime):  # type: ignore[no-untyped-def]
    """Flags whose next call is due; one that was called in the future was so before the clock was set back."""
    return select(Flag).where(
        col(Flag.call_at).is_not(None), or_(col(Flag.call_at) <= now, col(Flag.called_at) > now + timedelta(seconds=1))
    )


def _everybody_to_call(session: Session, place: Household, flags: Sequence[Flag], level: AreaLevel) -> list[Worker]:
    """The coordinators of each level up to this one, and the responders who were called in."""
    people = [
        person
        for reached in CLIMB[: CLIMB.index(level) + 1]
        for person in reach.coordinators_at(session, place.area_id, reached)
    ]
    owners = session.exec(
        select(FollowUp.owner).where(
            FollowUp.household_id == place.id,
            FollowUp.severity == Severity.P0,
            col(FollowUp.flag_id).in_([flag.id for flag in flags]),
        )
    ).all()
    people += reach.responders_of(session, place.area_id, {Responder(each) for each in owners})
    return list({person.id: person for person in people}.values())


def _earlier_calls(session: Session, flag: Flag) -> dict[int | None, str]:
    """What each person was told first of this alarm, those who were told first in front."""
    rows = session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.report_id == flag.report_id, OutboxMessage.purpose == Purpose.ALARM)
        .order_by(col(OutboxMessage.id))
    )
    first: dict[int | None, str] = {}
    for row in rows:
        if flag.id in row.flag_ids and row.idempotency_key.startswith("alarm:"):
            first.setdefault(row.worker_id, row.text)
    return first
