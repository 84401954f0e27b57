"""What a case says and what is on record, as flat facts that rules can match.

Every number is compared here, once: a fact carries ``systolic_at_least_180: true``, never 182, so that the rule engine
only tests equality. A fact that nobody told is left out, or marked ``unsaid`` where a rule asks for that; it is never
written down as "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from assistant.decide.around import concerned, counted, floor_said, may_speak
from assistant.domain.places import PLACE_PREFIX, is_place
from assistant.domain.reports import (
    CaseReading,
    EvidenceState,
    Finding,
    KnownHousehold,
    PersonOnRecord,
    Quote,
    VisitOutcome,
)
from rules.engine.calendar import names_on
from rules.engine.inforce import RulesInForce
from rules.engine.language import DENIED, NO_STAGE, SAID, UNSAID
from rules.engine.vocabulary import MEASUREMENTS, Vocabulary

#: outcomes that end a row of misses: somebody was seen or spoken to
_CONTACTS = frozenset({VisitOutcome.MET, VisitOutcome.PHONE, VisitOutcome.STATION})


@dataclass
class FactSheet:
    """The facts of one case, and what each of them was made from (by its ``n``)."""

    key: str = ""
    facts: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[int, Finding] = field(default_factory=dict)
    words: dict[int, Quote] = field(default_factory=dict)
    states: dict[int, EvidenceState] = field(default_factory=dict)
    values: dict[int, Mapping[str, float]] = field(default_factory=dict)
    #: the words in which each circumstance of the household or its people was told
    told_by: dict[str, Quote] = field(default_factory=dict)
    #: circumstances of the household: said or denied
    household: dict[str, str] = field(default_factory=dict)

    def by_n(self, n: int) -> dict[str, Any]:
        return self.facts[n - 1]


@dataclass(frozen=True)
class FactMaker:
    """Makes fact sheets for one edition of the rules."""

    rules: RulesInForce
    vocabulary: Vocabulary

    def gather(self, case: CaseReading, record: KnownHousehold | None, on: date) -> FactSheet:
        """Everything that can be said of the case on that day."""
        sheet = FactSheet(key=case.key)
        told = _told(case)
        sheet.told_by = {each.code: each.quote for each in case.circumstances}
        personal = {code: how for code, how in told.items() if code in self.vocabulary.personal}
        sheet.household = {code: how for code, how in told.items() if code not in personal}
        for finding in case.findings:
            self.add_finding(sheet, finding, record, on)
        for each in case.circumstances:
            if each.code in sheet.household:
                self._add(
                    sheet,
                    {"type": "circumstance", "code": each.code, "said": sheet.household[each.code] == SAID},
                    words=each.quote,
                    state=each.state,
                )
        self._add_measurements(sheet, case)
        self._add(sheet, {"type": "visit", "outcome": case.visit.value}, words=case.visit_quote)
        self._add_people(sheet, concerned(case.people, record.people if record else ()), personal)
        self._add_record(sheet, case, record, on)
        return sheet

    def add_finding(self, sheet: FactSheet, finding: Finding, record: KnownHousehold | None, on: date) -> None:
        """Put a finding down; derived ones too, when all else stands already."""
        fact: dict[str, Any] = {
            "type": "finding",
            "kind": finding.kind,
            "theme": finding.theme,
            "state": finding.state.value,
            "active": finding.state.is_active,
        }
        if finding.stage is not None:
            fact["stage"] = finding.stage.value
        elif finding.theme == "fraud" and finding.state.is_active:
            fact["stage"] = NO_STAGE
        if record is not None:
            before = [matter for matter in record.open if matter.kind == finding.kind and matter.since < on]
            fact |= {"open_before": bool(before), "open_overdue": any(matter.is_overdue for matter in before)}
        fact |= sheet.household
        fact |= dict.fromkeys(finding.circumstances, SAID)
        fact |= self._met("finding", finding.values)
        fact |= self._counted(sheet.key, finding.kind, record, on)
        fact |= {
            throttle.field: True
            for rule, throttle in self.rules.throttles.items()
            if throttle.concerns(finding.kind) and may_speak(throttle, rule, finding.kind, sheet.key, record, on)
        }
        n = self._add(sheet, fact, words=finding.quote, state=finding.state, values=finding.values)
        sheet.findings[n] = finding

    def _add_measurements(self, sheet: FactSheet, case: CaseReading) -> None:
        taken = {each.what for each in case.measurements}
        for each in case.measurements:
            if each.state.is_active:
                self._add_measurement(sheet, each.what, each.values, each.quote, each.state)
        for finding in case.findings:
            for what, names in MEASUREMENTS.items():
                values = {name: finding.values[name] for name in names if name in finding.values}
                if values and what not in taken and finding.state.is_active:
                    self._add_measurement(sheet, what, values, finding.quote, finding.state)

    def _add_measurement(
        self, sheet: FactSheet, what: str, values: Mapping[str, float], quote: Quote, state: EvidenceState
    ) -> None:
        fact = {"type": "measurement", "what": what} | self._met("measurement", values)
        self._add(sheet, fact, words=quote, state=state, values=values)

    def _add_people(self, sheet: FactSheet, people: list[PersonOnRecord], personal: dict[str, str]) -> None:
        """One fact a person; what was told of "somebody here" goes to the one person, or stands for itself."""
        facts = [self._person(each) for each in people]
        if personal and len(facts) == 1:
            facts[0] |= personal
        elif personal:
            facts.append({"type": "person", **personal})
        for fact, person in zip_longest(facts, people):
            age = person.age if person else None
            self._add(sheet, fact, values=None if age is None else {"age": age})

    def _person(self, person: PersonOnRecord) -> dict[str, Any]:
        fact: dict[str, Any] = {"type": "person"}
        for code, known in (("lives_alone", person.lives_alone), ("disabled", person.disabled)):
            if known is not None:
                fact[code] = SAID if known else DENIED
        if person.care_grade is not None:
            fact["care_grade"] = person.care_grade.value
        return fact if person.age is None else fact | self._met("person", {"age": person.age})

    def _add_record(self, sheet: FactSheet, case: CaseReading, record: KnownHousehold | None, on: date) -> None:
        before = record.misses_in_a_row if record else 0
        misses = 0 if case.visit in _CONTACTS else before + (case.visit is VisitOutcome.MISSED)
        past: dict[str, float] = {"misses_in_a_row": misses}
        if case.visit in _CONTACTS:
            past["days_since_contact"] = 0
        elif record and record.last_contact_on is not None and record.last_contact_on <= on:
            past["days_since_contact"] = (on - record.last_contact_on).days
        self._add(sheet, {"type": "history"} | self._met("history", past))
        for matter in record.open if record else ():
            values = {"times": matter.times, "days_open": (on - matter.since).days}
            fact: dict[str, Any] = {"type": "open", "kind": matter.kind, "theme": matter.kind.split(".")[0]}
            fact["overdue"] = matter.is_overdue
            self._add(sheet, fact | self._met("open", values))
        if is_place(case.key):
            floor = floor_said(case.key.removeprefix(PLACE_PREFIX))
            self._add(sheet, {"type": "place"} | self._met("place", {} if floor is None else {"floor": floor}))
        self._add(sheet, {"type": "day"} | dict.fromkeys(names_on(self.rules.calendar, on), True))
        turns = {
            throttle.field: True
            for rule, throttle in self.rules.throttles.items()
            if self.rules.by_id[rule].subject is None and may_speak(throttle, rule, None, case.key, record, on)
        }
        if turns:
            self._add(sheet, {"type": "turn"} | turns)

    def _counted(self, key: str, kind: str, record: KnownHousehold | None, on: date) -> dict[str, bool]:
        """The limits on what was found lately that a finding of this kind meets, itself counted."""
        found = record.found if record else ()
        return {
            each.field: True
            for each in self.rules.thresholds.get("finding", ())
            if each.days is not None
            and each.concerns(kind)
            and each.relation.holds(counted(each.value, kind, key, each.days, found, on), each.number)
        }

    def _met(self, type_: str, values: Mapping[str, float]) -> dict[str, bool]:
        """The limits of the rules in force that these values meet."""
        if not values:
            return {}
        return {
            each.field: True
            for each in self.rules.thresholds.get(type_, ())
            if each.value in values and each.relation.holds(values[each.value], each.number)
        }

    def _add(
        self,
        sheet: FactSheet,
        fact: dict[str, Any],
        words: Quote | None = None,
        state: EvidenceState | None = None,
        values: Mapping[str, float] | None = None,
    ) -> int:
        n = len(sheet.facts) + 1
        for name in self.rules.unsaid.get(fact["type"], ()):
            fact.setdefault(name, UNSAID)
        sheet.facts.append(fact | {"n": n})
        if words is not None:
            sheet.words[n] = words
        if state is not None:
            sheet.states[n] = state
        if values:
            sheet.values[n] = values
        return n


def _told(case: CaseReading) -> dict[str, str]:
    """Each circumstance as said or denied; what is only planned or over is neither. Said wins over denied."""
    told: dict[str, str] = {}
    for each in case.circumstances:
        if each.state.is_active:
            told[each.code] = SAID
        elif each.state is EvidenceState.NEGATED:
            told.setdefault(each.code, DENIED)
    return told
