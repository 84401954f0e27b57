"""Everything that time alone sets off, in the order in which it matters: alarms, what is due, the day's lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.domain.pace import Pace
from assistant.schedule.alarms import Caller
from assistant.schedule.clock import Clock
from assistant.schedule.courtesy import Courtesy
from assistant.schedule.lists import Lists
from assistant.schedule.reminding import Reminder
from assistant.storage.database import Database
from assistant.storage.tables import Flag, FollowUp, OutboxMessage
from knowledge.replies import Replies


@dataclass(frozen=True)
class Watch:
    """What the loop of the schedule calls."""

    caller: Caller
    reminder: Reminder
    lists: Lists

    @classmethod
    def over(
        cls,
        database: Database,
        clock: Clock,
        courtesy: Courtesy,
        replies: Replies,
        pace: Callable[[datetime], Pace],
        is_working_day: Callable[[date], bool],
    ) -> "Watch":
        return cls(
            Caller(database, clock, replies, pace),
            Reminder(database, clock, courtesy, replies, pace),
            Lists(database, clock, courtesy, replies, is_working_day),
        )

    def look(self) -> bool:
        """Do the most pressing thing that has come to its moment. Was there any?"""
        return self.caller.look() or self.reminder.look() or self.lists.look()

    def next_moment(self) -> datetime:
        """When time alone will do something next, if nobody speaks: for a clock that leaps."""
        now = self.reminder.clock.now()
        with self.reminder.database.reading() as session:
            moments = [
                _first(session, FollowUp.look_at),
                _first(session, Flag.call_at),
                _first_to_send(session),
                self.reminder.courtesy.next_day_begins_at(now),
            ]
        return max(now, min(each for each in moments if each is not None))


def _first(session: Session, column: datetime | None) -> datetime | None:
    return session.exec(select(column).where(col(column).is_not(None)).order_by(col(column)).limit(1)).first()


def _first_to_send(session: Session) -> datetime | None:
    return session.exec(
        select(func.min(OutboxMessage.next_attempt_at)).where(
            col(OutboxMessage.sent_at).is_(None),
            col(OutboxMessage.cancelled_at).is_(None),
            col(OutboxMessage.set_aside_at).is_(None),
        )
    ).one()
