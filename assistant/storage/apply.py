"""Write down what follows from one case of a reading: visit, people, matters, findings, flags, follow-ups.

A repeat joins what is open: the matter counts it, a newer flag of the same rule takes the older one's place, and a
follow-up keeps its first deadline. Nothing here decides: it files what ``decide`` returned, all through the ledger, so
that ``amend`` can take it back line by line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from assistant.domain.access import Retention, sensitivity_of
from assistant.domain.casework import Decision, FlagDecided, FollowUpDecided
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import CaseReading, Finding, PersonSaid, Severity, VisitOutcome, worst
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    FindingRow,
    Flag,
    FollowUp,
    Household,
    Matter,
    ReadingMade,
    Report,
    Resident,
    Visit,
)

_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
_RUNNING = (FollowUpState.OPEN, FollowUpState.OVERDUE)
#: somebody answered: at the door, on the phone, at the station
_CONTACTS = (VisitOutcome.MET, VisitOutcome.PHONE, VisitOutcome.STATION)
#: a promise due at once is looked at again after this long: its first telling was the reply itself
_FIRST_LOOK = timedelta(minutes=10)


@dataclass(frozen=True)
class Source:
    """Where the effects come from: a report, the reading made of it, and the rule book that decided.

    A correction files anew what earlier reports told: ``found_at`` is then the moment that they tell of, and
    ``told_by`` the report and reading in whose words a kind was told, where that is not the correction itself.
    """

    report: Report
    reading: ReadingMade
    rule_book_version: str
    found_at: datetime | None = None
    told_by: Mapping[str, tuple[Report, ReadingMade]] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """When it was found."""
        return self.found_at or self.report.sent_at

    def of(self, kind: str | None) -> tuple[Report, ReadingMade]:
        """In whose words ``kind`` was told."""
        return self.told_by.get(kind or "", (self.report, self.reading))


@dataclass
class Recorded:
    """What was filed for one case."""

    household: Household
    flags: list[Flag] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)


def record(ledger: Ledger, source: Source, household: Household, case: CaseReading, decision: Decision) -> Recorded:
    """File one case under ``household``. ``ledger.at`` is the moment of filing; findings bear the report's."""
    filing = _Filing(ledger, source, household)
    filing.visit(case.visit)
    for person in case.people:
        filing.person(person)
    kinds = filing.matters(decision)
    for finding in decision.findings:
        filing.finding(finding, kinds.get(finding.kind))
    recorded = Recorded(household)
    by_rule: dict[tuple[str, str | None], Flag] = {}
    for flag in decision.flags:
        kind = kind_spoken_of(flag, decision)
        row = filing.flag(flag, kinds[kind] if kind is not None else None)
        by_rule[flag.rule, flag.kind] = by_rule[flag.rule, None] = row
        recorded.flags.append(row)
    for follow_up in decision.follow_ups:
        flag_row = by_rule.get((follow_up.rule, follow_up.kind)) or by_rule.get((follow_up.rule, None))
        recorded.follow_ups.append(filing.follow_up(follow_up, flag_row, kinds.get(follow_up.kind or "")))
    return recorded


@dataclass(frozen=True)
class _Filing:
    ledger: Ledger
    source: Source
    household: Household

    def visit(self, outcome: VisitOutcome) -> None:
        if outcome is VisitOutcome.NONE:
            return
        at = self.source.at
        self.ledger.adds(
            new(
                Visit,
                area_id=self.household.area_id,
                retention=Retention.ROUTINE,
                report_id=self.source.report.id,
                household_id=self.household.id,
                worker_id=self.source.report.worker_id,
                outcome=outcome,
                at=at,
            ),
            "visited",
        )
        last = self.household.last_contact_at
        if outcome in _CONTACTS and (last is None or last < at):
            self.ledger.changes(self.household, "contacted", last_contact_at=at)

    def person(self, said: PersonSaid) -> None:
        """Put on record what the words tell of a person; a name alone tells nothing that would be of use later."""
        told: dict[str, Any] = {"sex": said.sex, "lives_alone": said.lives_alone, "disabled": said.disabled}
        told = {name: value for name, value in told.items() if value is not None}
        if not told and said.age is None:
            return
        day = self.source.at.date()
        age: dict[str, Any] = {} if said.age is None else {"age_said": said.age, "age_said_on": day}
        there = self.ledger.session.exec(
            select(Resident).where(
                Resident.household_id == self.household.id,
                Resident.called == said.called,
                col(Resident.withdrawn_at).is_(None),
            )
        ).first()
        if there is None:
            self.ledger.adds(
                new(
                    Resident,
                    area_id=self.household.area_id,
                    household_id=self.household.id,
                    called=said.called,
                    report_id=self.source.report.id,
                    **told,
                    **age,
                ),
                "told_of",
            )
            return
        news = {name: value for name, value in told.items() if getattr(there, name) is None}
        if there.birth_year is None and there.age_said is None:
            news |= age
        self.ledger.changes(there, "told_of", **news)

    def matters(self, decision: Decision) -> dict[str, Matter]:
        """The open matter of each kind that a flag speaks of, joined or opened; what nothing follows from has none."""
        severities: dict[str, list[Severity]] = {}
        for flag in decision.flags:
            kind = kind_spoken_of(flag, decision)
            if kind is not None:
                severities.setdefault(kind, []).append(flag.severity)
        return {kind: self._matter(kind, worst(levels)) for kind, levels in severities.items()}

    def _matter(self, kind: str, severity: Severity) -> Matter:
        at = self.source.at
        there = self.ledger.session.exec(
            select(Matter)
            .where(Matter.household_id == self.household.id, Matter.kind == kind, col(Matter.state).in_(_STANDING))
            .order_by(col(Matter.id))
        ).first()
        if there is None:
            return self.ledger.adds(
                new(
                    Matter,
                    area_id=self.household.area_id,
                    sensitivity=sensitivity_of(kind),
                    household_id=self.household.id,
                    kind=kind,
                    severity=severity,
                    first_found_at=at,
                    last_found_at=at,
                ),
                "opened",
            )
        self.ledger.changes(
            there,
            "found_again",
            times=there.times + 1,
            last_found_at=max(at, there.last_found_at),
            first_found_at=min(at, there.first_found_at),
            severity=worst([severity, there.severity]),
            state=MatterState.OPEN,
        )
        return there

    def finding(self, finding: Finding, matter: Matter | None) -> None:
        report, reading = self.source.of(finding.kind)
        self.ledger.adds(
            new(
                FindingRow,
                area_id=self.household.area_id,
                sensitivity=sensitivity_of(finding.kind),
                report_id=report.id,
                reading_id=reading.id,
                household_id=self.household.id,
                matter_id=matter.id if matter is not None and finding.state.is_active else None,
                kind=finding.kind,
                state=finding.state,
                stage=finding.stage,
                quote=finding.quote.text,
                quote_start=finding.quote.start,
                quote_end=finding.quote.end,
                circumstances=sorted(finding.circumstances),
                figures=dict(finding.values),
                found_at=self.source.at,
            ),
            "found",
        )

    def flag(self, decided: FlagDecided, matter: Matter | None) -> Flag:
        ledger, at = self.ledger, self.source.at
        report, _ = self.source.of(decided.kind)
        older = ledger.session.exec(
            select(Flag)
            .where(Flag.household_id == self.household.id, Flag.rule == decided.rule)
            .where(col(Flag.kind).is_(None) if decided.kind is None else Flag.kind == decided.kind)
            .where(col(Flag.state).in_(_STANDING), Flag.report_id != report.id)
            .order_by(col(Flag.id).desc())
        ).first()
        row = ledger.adds(
            new(
                Flag,
                area_id=self.household.area_id,
                sensitivity=sensitivity_of(decided.kind or decided.theme),
                household_id=self.household.id,
                report_id=report.id,
                matter_id=matter.id if matter is not None else None,
                rule=decided.rule,
                theme=decided.theme,
                kind=decided.kind,
                severity=decided.severity,
                urgency=decided.severity.urgency,
                why=decided.why,
                quote_start=decided.quote_start,
                quote_end=decided.quote_end,
                rule_book_version=self.source.rule_book_version,
                raised_at=at,
                first_raised_at=at if older is None else min(older.first_raised_at, at),
                times=1 if older is None else older.times + 1,
            ),
            "raised",
        )
        if older is not None:
            ledger.changes(
                older, "superseded", state=MatterState.SUPERSEDED, superseded_by_id=row.id, ended_at=ledger.at
            )
        return row

    def follow_up(self, decided: FollowUpDecided, flag: Flag | None, matter: Matter | None) -> FollowUp:
        """A promise; one that no flag stands behind (somebody more is called in) hangs on its kind's ``matter``."""
        ledger = self.ledger
        kind = flag.kind if flag is not None else decided.kind
        report, _ = self.source.of(kind)
        there = self._running_follow_up(decided, kind, report)
        if there is not None:
            due = min(decided.due, there.due_at)
            ledger.changes(
                there,
                "joined",
                times=there.times + 1,
                due_at=due,
                severity=worst([decided.severity, there.severity]),
                flag_id=flag.id if flag is not None else there.flag_id,
                look_at=there.look_at if due == there.due_at else self._first_look(decided),
            )
            return there
        return ledger.adds(
            new(
                FollowUp,
                area_id=self.household.area_id,
                sensitivity=sensitivity_of(kind or (flag.theme if flag is not None else None)),
                household_id=self.household.id,
                report_id=report.id,
                matter_id=flag.matter_id if flag is not None else matter.id if matter is not None else None,
                flag_id=flag.id if flag is not None else None,
                worker_id=report.worker_id,
                owner=decided.owner,
                what=decided.what,
                rule=decided.rule,
                kind=kind,
                severity=decided.severity,
                due_at=decided.due,
                first_found_at=self.source.at,
                look_at=self._first_look(decided),
            ),
            "opened",
        )

    def _running_follow_up(self, decided: FollowUpDecided, kind: str | None, report: Report) -> FollowUp | None:
        """The promise of an earlier report that this one repeats: the same rule's, else the same deed."""
        running = self.ledger.session.exec(
            select(FollowUp)
            .where(FollowUp.household_id == self.household.id, FollowUp.owner == decided.owner)
            .where(col(FollowUp.state).in_(_RUNNING), FollowUp.report_id != report.id)
            .order_by(col(FollowUp.id))
        ).all()
        same_rule = [each for each in running if each.rule == decided.rule and each.kind == kind]
        same_deed = [each for each in running if each.what == decided.what and each.kind == kind]
        return next(iter(same_rule or same_deed), None)

    def _first_look(self, decided: FollowUpDecided) -> datetime:
        return max(decided.due, self.ledger.at + _FIRST_LOOK)


def kind_spoken_of(flag: FlagDecided, decision: Decision) -> str | None:
    """The kind whose matter a flag belongs to: its own, else that of the first active finding of its theme."""
    active = (finding.kind for finding in decision.findings if finding.state.is_active and finding.theme == flag.theme)
    return flag.kind if flag.kind is not None else next(active, None)
