"""A worker who is ill hands over: the reminders go to whoever stands in, and come back by themselves.

A worker says it of themselves, a coordinator of any worker below. The deputy, the coordinators and the worker are told
what was arranged. Nothing is taken from anybody: the promises stay the worker's, only the asking goes elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from assistant.dialogue.compose import Reply
from assistant.dialogue.handing_over import HandingOver, handing_over_said
from assistant.domain.access import Role
from assistant.domain.reports import Intent
from assistant.outbox.queue import tell
from assistant.storage import reach
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Area, Estate, Purpose, Worker
from assistant.turn.course import Course
from assistant.understand.normalise import fold
from assistant.understand.times import Direction, Precision, TimeMention, find_times

_MAY_BE_NAMED = (Role.WORKER, Role.COORDINATOR)


def hand_over(course: Course, account: Account, writer: Worker, estate: Estate) -> Reply | None:
    """Arrange it, and what to say; None when the message is about something else."""
    if writer.role not in _MAY_BE_NAMED:
        return None
    colleagues = _colleagues(course, writer)
    folded = fold(course.item.text)
    times = find_times(folded.text, course.at, course.at.tzinfo) if course.at.tzinfo is not None else ()
    spoken = [folded.quote(each.start, each.end).text for each in times]
    said = handing_over_said(course.item.text, {each.name for each in colleagues}, course.replies, spoken)
    if said is None:
        return None
    days = [each for each in times if each.direction is Direction.FUTURE and each.precision is Precision.DAY]
    reply = _Arranging(course, writer, colleagues, days).arrange(said)
    if reply is not None:
        course.put_report(writer, account, estate, intent=Intent.OTHER)
    return reply


def _colleagues(course: Course, writer: Worker) -> list[Worker]:
    """Workers and coordinators of the same community, in the order in which they came."""
    root = course.session.get_one(Area, writer.area_id).path.split("/")[1]
    return list(
        course.session.exec(
            select(Worker)
            .join(Area, col(Area.id) == Worker.area_id)
            .where(col(Worker.role).in_(_MAY_BE_NAMED), col(Worker.left_at).is_(None), Worker.id != writer.id)
            .where(col(Area.path).startswith(f"/{root}/"))
            .order_by(col(Worker.id))
        )
    )


@dataclass(frozen=True)
class _Arranging:
    course: Course
    writer: Worker
    colleagues: list[Worker]
    #: days to come that were named (周五之前, 下周一到下周三)
    days: Sequence[TimeMention]

    def arrange(self, said: HandingOver) -> Reply | None:
        sayings = self.course.replies.sayings
        for name in filter(None, (said.who, said.deputy)):
            if sum(each.name == name for each in self.colleagues) > 1:
                return Reply(sayings.away_which.format(who=name))
        who = self._named(said.who) or self.writer
        if who is not self.writer and not self._answers_for(who):
            return Reply(sayings.away_not_yours_to_say.format(who=who.name))
        if said.is_back:
            return self._comes_back(who)
        deputy = self._named(said.deputy)
        begins, ends = self._span(said)
        ledger = Ledger(self.course.session, self.course.now, self.writer.id)
        standing = deputy.id if deputy is not None else who.deputy_id
        ledger.changes(who, "handed_over", away_from_at=begins, away_until_at=ends, deputy_id=standing)
        if deputy is None and standing is not None:
            deputy = self.course.session.get_one(Worker, standing)
        day = self._say_span(begins, ends)
        self._tell_others(who, deputy, day)
        return Reply(self._say(who, deputy, day))

    def _comes_back(self, who: Worker) -> Reply | None:
        if not reach.is_away(who, self.course.now):
            return None
        deputy = self.course.session.get(Worker, who.deputy_id) if who.deputy_id is not None else None
        Ledger(self.course.session, self.course.now, self.writer.id).changes(
            who, "came_back", away_from_at=None, away_until_at=None
        )
        sayings = self.course.replies.sayings
        for person in ([deputy] if deputy is not None else []) + ([who] if who is not self.writer else []):
            self._tell(person, who, "back", sayings.told_of_back.format(who=who.name))
        return Reply(sayings.back_again if who is self.writer else sayings.told_of_back.format(who=who.name))

    def _named(self, name: str | None) -> Worker | None:
        return next((each for each in self.colleagues if each.name == name), None)

    def _answers_for(self, who: Worker) -> bool:
        coordinators = reach.coordinators_of(self.course.session, who.area_id)
        own = self.course.session.get_one(Area, self.writer.area_id)
        theirs = self.course.session.get_one(Area, who.area_id)
        above = self.writer.role is Role.COORDINATOR and theirs.path.startswith(own.path)
        return above or any(each.id == self.writer.id for each in coordinators)

    def _span(self, said: HandingOver) -> tuple[datetime, datetime]:
        """From now, from tomorrow or from the day that was named until the midnight after the last day."""
        at = self.course.at
        if self.days and not said.says_days and not said.from_tomorrow:
            ends = max(each.ends_at for each in self.days)
            is_until = any(word in self.course.item.text for word in self.course.replies.away_words.until)
            begins = at if is_until else max(at, min(each.starts_at for each in self.days))
            return begins, ends
        today = at.replace(hour=0, minute=0, second=0, microsecond=0)
        first = today + timedelta(days=1) if said.from_tomorrow else today
        return (first if said.from_tomorrow else min(at, self.course.now)), first + timedelta(days=said.days)

    def _say_span(self, begins: datetime, ends: datetime) -> str:
        sayings, zone = self.course.replies.sayings, self.course.at.tzinfo
        first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date() - timedelta(days=1)
        if first == last == self.course.at.date():
            return sayings.until_today
        return sayings.until_day.format(from_month=first.month, from_day=first.day, month=last.month, day=last.day)

    def _say(self, who: Worker, deputy: Worker | None, day: str) -> str:
        sayings = self.course.replies.sayings
        if deputy is None:
            return sayings.away_without_deputy.format(day=day)
        if who is self.writer:
            return sayings.away_with_deputy.format(day=day, deputy=deputy.name)
        return sayings.away_of_other.format(who=who.name, day=day, deputy=deputy.name)

    def _tell_others(self, who: Worker, deputy: Worker | None, day: str) -> None:
        sayings = self.course.replies.sayings
        if deputy is not None and deputy.id != self.writer.id:
            self._tell(deputy, who, "stands in", sayings.told_of_standing_in.format(who=who.name, day=day))
        for person in reach.coordinators_of(self.course.session, who.area_id):
            if person.id == self.writer.id or (deputy is not None and person.id == deputy.id):
                continue
            if deputy is None:
                text = sayings.told_of_away_without_deputy.format(who=who.name, day=day)
            else:
                text = sayings.told_of_away.format(who=who.name, day=day, deputy=deputy.name)
            self._tell(person, who, "away", text)
        if who is not self.writer and deputy is not None:
            self._tell(who, who, "away", sayings.told_of_away.format(who=who.name, day=day, deputy=deputy.name))

    def _tell(self, person: Worker, who: Worker, what: str, text: str) -> None:
        tell(
            self.course.session,
            person,
            key=f"handing over:{self.course.item.id}:{what}:{who.id}:{person.id}",
            purpose=Purpose.NOTICE,
            text=text,
            now=self.course.now,
        )
