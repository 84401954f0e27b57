"""Bring the standing flags and promises of one household from one rule book's conclusions to another's.

Only what the two books conclude differently is touched: a flag that is no longer right is superseded with the reason, a
new one is raised, a promise changes its words, day or rule in place. A prompt that was sent is never sent again: a
promise keeps the moment when it was asked for. Everything goes through the ledger of the report that it came from, so
that a later retraction takes it back as well.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from assistant.domain.access import sensitivity_of
from assistant.domain.casework import Decision, FlagDecided, FollowUpDecided
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import Severity, worst
from assistant.publishing.replaying import Told
from assistant.storage.amend import cancel_prompts
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.settle import end_follow_up
from assistant.storage.tables import Flag, FollowUp, Matter

_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)
#: a promise that a new rule makes of an old report is looked at after this long at the earliest
_FIRST_LOOK = timedelta(minutes=10)


@dataclass
class Revised:
    """How much was touched."""

    raised: int = 0
    superseded: int = 0
    promised: int = 0
    changed: int = 0
    cancelled: int = 0
    #: of the raised ones, those that became a P0 and of which the schedule now calls
    called: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.raised or self.superseded or self.promised or self.changed or self.cancelled)


def revise(ledger: Ledger, told: Told, before: Decision, after: Decision, version: str, because: str) -> Revised:
    """Apply the difference between two decisions on the same report. Doing it again changes nothing."""
    done = Revised()
    revision = _Revision(ledger, told, version, because, done)
    rows = revision.flags(before, after)
    revision.promises(before, after, rows)
    if done.raised or done.superseded:
        revision.matters()
    return done


@dataclass(frozen=True)
class _Revision:
    ledger: Ledger
    told: Told
    version: str
    because: str
    done: Revised

    def flags(self, before: Decision, after: Decision) -> dict[tuple[str, str | None], Flag]:
        """The standing flags by rule and kind, after the change."""
        was = {(flag.rule, flag.kind): flag for flag in before.flags}
        will = {(flag.rule, flag.kind): flag for flag in after.flags}
        standing = {
            (row.rule, row.kind): row
            for row in self.ledger.session.exec(
                select(Flag)
                .where(Flag.household_id == self.told.household.id, Flag.report_id == self.told.report.id)
                .where(col(Flag.state).in_(_STANDING))
                .order_by(col(Flag.id))
            )
        }
        for name in was.keys() | will.keys():
            old, fresh = was.get(name), will.get(name)
            there = standing.get(name)
            if old == fresh or (old is not None and there is None):
                continue  # the same, or a person has ended it since
            if fresh is not None and there is not None and _says(there, fresh):
                continue
            row = self._raise(fresh, there, after) if fresh is not None else None
            if there is not None:
                self._supersede(there, row)
                del standing[name]
            if row is not None:
                standing[name] = row
        return standing

    def _raise(self, flag: FlagDecided, older: Flag | None, after: Decision) -> Flag | None:
        matter = self._matter(flag, older)
        if matter is not None and not matter.state.stands:
            return None  # what it speaks of is over
        report, household = self.told.report, self.told.household
        row = new(
            Flag,
            area_id=household.area_id,
            sensitivity=sensitivity_of(flag.kind or flag.theme),
            household_id=household.id,
            report_id=report.id,
            matter_id=matter.id if matter is not None else None,
            rule=flag.rule,
            theme=flag.theme,
            kind=flag.kind,
            severity=flag.severity,
            urgency=flag.severity.urgency,
            why=flag.why,
            quote_start=flag.quote_start,
            quote_end=flag.quote_end,
            rule_book_version=self.version,
            raised_at=report.sent_at,
            first_raised_at=older.first_raised_at if older is not None else report.sent_at,
            times=older.times if older is not None else 1,
            state=older.state if older is not None else MatterState.OPEN,
            acknowledged_at=older.acknowledged_at if older is not None else None,
            acknowledged_by_id=older.acknowledged_by_id if older is not None else None,
            **self._call(flag, older),
        )
        self.done.raised += 1
        return self.ledger.adds(row, "raised")

    def _call(self, flag: FlagDecided, older: Flag | None) -> dict[str, Any]:
        """A climb goes on where it was; what becomes a P0 only now is called by the schedule (``first_calls``)."""
        if flag.severity is not Severity.P0:
            return {}
        if older is None or older.severity is not Severity.P0:
            self.done.called += 1
            return {"call_at": self.ledger.at}
        return {"called_at": older.called_at, "call_at": older.call_at, "climbed_to": older.climbed_to}

    def _supersede(self, flag: Flag, by: Flag | None) -> None:
        self.ledger.changes(
            flag,
            "superseded",
            why=self.because,
            state=MatterState.SUPERSEDED,
            superseded_by_id=by.id if by is not None else None,
            ended_at=self.ledger.at,
            ended_because=self.because,
        )
        self.done.superseded += 1

    def _matter(self, flag: FlagDecided, older: Flag | None) -> Matter | None:
        """The matter that the flag belongs to: the older flag's, the newest of its kind here, else a new one."""
        session, household = self.ledger.session, self.told.household
        if older is not None:
            return session.get(Matter, older.matter_id) if older.matter_id is not None else None
        if flag.kind is None:
            return None
        there = session.exec(
            select(Matter)
            .where(Matter.household_id == household.id, Matter.kind == flag.kind)
            .order_by(col(Matter.id).desc())
        ).first()
        if there is not None:
            return there
        at = self.told.report.sent_at
        row = new(
            Matter,
            area_id=household.area_id,
            sensitivity=sensitivity_of(flag.kind),
            household_id=household.id,
            kind=flag.kind,
            severity=flag.severity,
            first_found_at=at,
            last_found_at=at,
        )
        return self.ledger.adds(row, "opened")

    def promises(self, before: Decision, after: Decision, flags: dict[tuple[str, str | None], Flag]) -> None:
        """Change, cancel and make promises so that they are what the new book says."""
        was = {(each.rule, each.owner, each.what): each for each in before.follow_ups}
        will = {(each.rule, each.owner, each.what): each for each in after.follow_ups}
        running = self._running()
        gone = [(each, self._row(running, each)) for name, each in was.items() if name not in will]
        fresh = [each for name, each in will.items() if name not in was]
        for name in was.keys() & will.keys():
            row = self._row(running, was[name])
            if row is not None and (was[name].due, was[name].severity) != (will[name].due, will[name].severity):
                self._change(row, will[name], flags)
        for old, row in gone:
            if row is None:
                continue
            heir = next((each for each in fresh if (each.owner, each.kind) == (old.owner, old.kind)), None)
            if heir is not None:
                fresh.remove(heir)
                self._change(row, heir, flags)
            else:
                end_follow_up(self.ledger, row, FollowUpState.CANCELLED, self.because)
                cancel_prompts(self.ledger, row)
                self.done.cancelled += 1
        for each in fresh:
            if self._row(running, each) is None and self._is_wanted(each, flags):
                self._promise(each, flags)

    def _is_wanted(self, promise: FollowUpDecided, flags: dict[tuple[str, str | None], Flag]) -> bool:
        """A promise for what was settled since is not made any more."""
        return any(kind == promise.kind or promise.kind is None for _, kind in flags)

    def _running(self) -> list[FollowUp]:
        return list(
            self.ledger.session.exec(
                select(FollowUp)
                .where(FollowUp.household_id == self.told.household.id, col(FollowUp.state).in_(_RUNNING))
                .order_by(col(FollowUp.id))
            )
        )

    def _row(self, running: list[FollowUp], promise: FollowUpDecided) -> FollowUp | None:
        fitting = [row for row in running if (row.owner, row.rule) == (promise.owner, promise.rule)]
        exact = [row for row in fitting if row.what == promise.what]
        return next(iter(exact or fitting), None)

    def _change(self, row: FollowUp, promise: FollowUpDecided, flags: dict[tuple[str, str | None], Flag]) -> None:
        flag = flags.get((promise.rule, promise.kind))
        due = promise.due
        self.ledger.changes(
            row,
            "revised",
            why=self.because,
            rule=promise.rule,
            what=promise.what,
            severity=promise.severity,
            due_at=due,
            flag_id=flag.id if flag is not None else row.flag_id,
            # who was asked already is not asked again at once: the pursuit knows when (domain/pace.py)
            look_at=max(due, self.ledger.at + _FIRST_LOOK),
        )
        self.done.changed += 1

    def _promise(self, promise: FollowUpDecided, flags: dict[tuple[str, str | None], Flag]) -> None:
        flag = flags.get((promise.rule, promise.kind)) or next(
            (row for (_, kind), row in flags.items() if kind == promise.kind), None
        )
        report, household = self.told.report, self.told.household
        row = new(
            FollowUp,
            area_id=household.area_id,
            sensitivity=sensitivity_of(promise.kind),
            household_id=household.id,
            report_id=report.id,
            matter_id=flag.matter_id if flag is not None else None,
            flag_id=flag.id if flag is not None and flag.rule == promise.rule else None,
            worker_id=report.worker_id,
            owner=promise.owner,
            what=promise.what,
            rule=promise.rule,
            kind=promise.kind,
            severity=promise.severity,
            due_at=promise.due,
            first_found_at=report.sent_at,
            look_at=max(promise.due, self.ledger.at + _FIRST_LOOK),
        )
        self.ledger.adds(row, "opened")
        self.done.promised += 1

    def matters(self) -> None:
        """Each standing matter is as urgent as its standing flags."""
        session = self.ledger.session
        session.flush()
        for matter in session.exec(
            select(Matter)
            .where(Matter.household_id == self.told.household.id, col(Matter.state).in_(_STANDING))
            .order_by(col(Matter.id))
        ).all():
            flags = session.exec(select(Flag).where(Flag.matter_id == matter.id, col(Flag.state).in_(_STANDING))).all()
            if flags:
                self.ledger.changes(matter, "weighed", severity=worst([flag.severity for flag in flags]))


def _says(row: Flag, flag: FlagDecided) -> bool:
    return (row.severity, row.why) == (flag.severity, flag.why)
