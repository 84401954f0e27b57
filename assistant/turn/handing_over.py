"""A worker who is ill hands over: the reminders go to whoever stands in, and come back by themselves.

A worker says it of themselves, a coordinator of any worker below. The deputy, the coordinators and the worker are told
what was arranged. Nothing is taken from anybody: the promises stay the worker's, only the asking goes elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from assistant.dialogue.answers import about_which, says_any
from assistant.dialogue.compose import Reply
from assistant.dialogue.handing_over import HandingOver, handing_over_said
from assistant.domain.access import Role
from assistant.domain.reports import Intent
from assistant.outbox.queue import tell
from assistant.storage import amend, reach
from assistant.storage.ledger import Ledger, lines_of
from assistant.storage.tables import Account, Action, Area, Estate, Purpose, Report, Worker
from assistant.turn.at_station.away import put_back_on_duty, take_off_duty
from assistant.turn.course import Course
from assistant.understand.normalise import fold
from assistant.understand.times import Direction, Precision, TimeMention, find_times

_TAKEN_BACK_WITHIN = timedelta(days=2)
_MAY_BE_NAMED = (Role.WORKER, Role.COORDINATOR)


def hand_over(course: Course, account: Account, writer: Worker, estate: Estate) -> Reply | None:
    """Arrange it, and what to say; None when the message is about something else."""
    if writer.role not in _MAY_BE_NAMED:
        return None
    undone = _taken_back(course, account, writer, estate)
    if undone is not None:
        return undone
    colleagues = _colleagues(course, writer)
    folded = fold(course.item.text)
    times = find_times(folded.text, course.at, course.at.tzinfo) if course.at.tzinfo is not None else ()
    spoken = [folded.quote(each.start, each.end).text for each in times]
    said = handing_over_said(course.item.text, {each.name for each in colleagues}, course.replies, spoken)
    if said is None:
        return None
    days = [each for each in times if each.direction is Direction.FUTURE and each.precision is Precision.DAY]
    return _Arranging(course, account, writer, estate, colleagues, days).arrange(said)


def _taken_back(course: Course, account: Account, writer: Worker, estate: Estate) -> Reply | None:
    """撤回 right after a hand-over takes that back; None where the last thing that was done was something else."""
    words = course.replies.answer_words
    if not says_any(course.item.text, words.withdraws) or about_which(course.item.text, course.replies):
        return None
    report = _fresh_hand_over(course, account)
    later = amend.last_report(course.session, account, course.now)
    if report is None or (later is not None and (later.id or 0) > (report.id or 0)):
        return None
    line = next(each for each in lines_of(course.session, report.id or 0) if each.subject == Worker.__tablename__)
    who = course.session.get_one(Worker, line.subject_id)
    if who.away_until_at is None or who.away_until_at <= course.now:
        return None
    ledger = Ledger(course.session, course.now, writer.id)
    ledger.changes(who, "came_back", away_from_at=None, away_until_at=None)
    ledger.changes(report, "retracted", retracted_at=course.now)
    put_back_on_duty(ledger, course, who, report)
    course.put_report(writer, account, estate, intent=Intent.RETRACTION)
    deputy = course.session.get(Worker, who.deputy_id) if who.deputy_id is not None else None
    text = course.replies.sayings.told_of_handing_over_off.format(who=who.name)
    people = [*reach.coordinators_of(course.session, who.area_id), who, *([deputy] if deputy is not None else [])]
    for person in {each.id: each for each in people if each.id != writer.id}.values():
        tell(
            course.session,
            person,
            key=f"handing over:{course.item.id}:off:{who.id}:{person.id}",
            purpose=Purpose.NOTICE,
            text=text,
            now=course.now,
        )
    return Reply(text if who.id != writer.id else course.replies.sayings.back_again)


def _fresh_hand_over(course: Course, account: Account) -> Report | None:
    handed = select(Action.id).where(
        Action.report_id == Report.id, Action.subject == Worker.__tablename__, Action.verb == "handed_over"
    )
    query = (
        select(Report)
        .where(Report.account_id == account.id, Report.sent_at > course.now - _TAKEN_BACK_WITHIN)
        .where(col(Report.retracted_at).is_(None), handed.exists())
    )
    return course.session.exec(query.order_by(col(Report.id).desc()).limit(1)).first()


def last_hand_over_of(course: Course, who: Worker) -> Report | None:
    """The report by which ``who`` was away last, where it stands."""
    query = (
        select(Report)
        .join(Action, col(Action.report_id) == Report.id)
        .where(Action.subject == Worker.__tablename__, Action.subject_id == who.id, Action.verb == "handed_over")
        .where(col(Report.retracted_at).is_(None))
    )
    return course.session.exec(query.order_by(col(Report.id).desc()).limit(1)).first()


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
    account: Account
    writer: Worker
    estate: Estate
    colleagues: list[Worker]
    #: days to come that were named (周五之前, 下周一到下周三)
    days: Sequence[TimeMention]

    def arrange(self, said: HandingOver) -> Reply | None:
        """Carry it out and say so; None where nothing can be meant (back, without having been away)."""
        reply = self._arrange(said)
        if reply is None:
            return None
        report = self._put_report()
        if not self.course.item.is_group:
            return reply
        self.course.reply_in_private(reply, self.writer, report)
        return Reply(self.course.replies.sayings.group_receipt.format(number=report.id))

    def _arrange(self, said: HandingOver) -> Reply | None:
        sayings = self.course.replies.sayings
        for name in filter(None, (said.who, said.deputy)):
            if sum(each.name == name for each in self.colleagues) > 1:
                return Reply(sayings.away_which.format(who=name))
        who = self._named(said.who) or self.writer
        if who is not self.writer and not self._answers_for(who):
            return Reply(sayings.away_not_yours_to_say.format(who=who.name))
        if said.is_back:
            return self._comes_back(who, tomorrow=said.from_tomorrow)
        deputy = self._named(said.deputy)
        begins, ends = self._span(said)
        ledger = Ledger(self.course.session, self.course.now, self.writer.id, self._put_report().id)
        standing = deputy.id if deputy is not None else who.deputy_id
        ledger.changes(who, "handed_over", away_from_at=begins, away_until_at=ends, deputy_id=standing)
        if deputy is None and standing is not None:
            deputy = self.course.session.get_one(Worker, standing)
        day = self._say_span(begins, ends)
        self._tell_others(who, deputy, day)
        off_duty = take_off_duty(ledger, self.course, self.estate, who, begins, ends)
        if not off_duty:
            return Reply(self._say(who, deputy, day))
        return Reply(f"{self._say(who, deputy, day)}\n{self._say_off_duty(who, off_duty)}")

    def _put_report(self) -> Report:
        return self.course.put_report(self.writer, self.account, self.estate, intent=Intent.OTHER)

    def _say_off_duty(self, who: Worker, days: str) -> str:
        """Coordinators hear which turns nobody has now; whoever is away need not come."""
        say = self.course.replies.station
        told = say.told_of_cannot.format(day=days, by=who.name)
        coordinators = reach.coordinators_of(self.course.session, who.area_id)
        for person in coordinators:
            if person.id != self.writer.id:
                self._tell(person, who, "off duty", told)
        if who is not self.writer:
            self._tell(who, who, "off duty", say.told_of_relief.format(by=self.writer.name, day=days, hours=""))
            return told
        whom = "、".join(person.name for person in coordinators) or say.nobody_named
        return say.cannot_noted.format(day=days, whom=whom)

    def _comes_back(self, who: Worker, *, tomorrow: bool) -> Reply | None:
        now, sayings = self.course.now, self.course.replies.sayings
        if who.away_until_at is None or who.away_until_at <= now:
            return None
        deputy = self.course.session.get(Worker, who.deputy_id) if who.deputy_id is not None else None
        ledger = Ledger(self.course.session, now, self.writer.id, self._put_report().id)
        if tomorrow:
            midnight = self.course.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            ledger.changes(who, "came_back", away_until_at=min(midnight, who.away_until_at))
        else:
            ledger.changes(who, "came_back", away_from_at=None, away_until_at=None)
        told = (sayings.told_of_back_tomorrow if tomorrow else sayings.told_of_back).format(who=who.name)
        people = [*reach.coordinators_of(self.course.session, who.area_id), who, *([deputy] if deputy else [])]
        for person in {each.id: each for each in people if each.id != self.writer.id}.values():
            self._tell(person, who, "back", told)
        said = told if who is not self.writer else sayings.back_tomorrow if tomorrow else sayings.back_again
        return Reply("\n".join(filter(None, (said, self._on_duty_again(ledger, who)))))

    def _on_duty_again(self, ledger: Ledger, who: Worker) -> str:
        """The turns that fell empty by being away and that nobody has taken are theirs again."""
        report = last_hand_over_of(self.course, who)
        days = put_back_on_duty(ledger, self.course, who, report) if report is not None else ""
        if not days:
            return ""
        say = self.course.replies.station
        told = say.told_of_taking.format(day=days, who=who.name)
        for person in reach.coordinators_of(self.course.session, who.area_id):
            if person.id != self.writer.id:
                self._tell(person, who, "on duty", told)
        return say.took_empty.format(day=days) if who is self.writer else told

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
            is_until = any(word in self._text_without_ranges for word in self.course.replies.away_words.until)
            begins = at if is_until else max(at, min(each.starts_at for each in self.days))
            return begins, ends
        today = at.replace(hour=0, minute=0, second=0, microsecond=0)
        first = today + timedelta(days=1) if said.from_tomorrow else today
        return (first if said.from_tomorrow else min(at, self.course.now)), first + timedelta(days=said.days)

    @property
    def _text_without_ranges(self) -> str:
        """The words without what is said from a day to a day (下周一到周三): that is no until."""
        text = fold(self.course.item.text).text
        for each in self.days:
            said = text[each.start : each.end]
            if "到" in said.strip("到") or "至" in said:
                text = text.replace(said, "")
        return text

    def _say_span(self, begins: datetime, ends: datetime) -> str:
        sayings, zone = self.course.replies.sayings, self.course.at.tzinfo
        first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date() - timedelta(days=1)
        if first == last == self.course.at.date():
            return sayings.until_today
        if first == last:
            return sayings.on_day.format(month=first.month, day=first.day)
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
