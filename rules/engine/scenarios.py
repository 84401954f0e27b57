"""Scenarios: situations in words or as data, and what must follow; they stand beside each rule file.

    - scenario: 老化但住户答应更换,不升级
      findings: [{kind: gas.hose, quote: 软管老化, circumstances: [promised]}]
      expect: {flags: [gas.hose], severity: P2, owners: [gas]}
      turned: [negated, resolved, planned, before_since]

``also`` lists what is replaced to play the scenario again with the same expectation. ``turned`` plays it with
everything negated, resolved, only planned, unrecorded, or a day before the rules took effect (``turned: all`` for every
way); every rule that spoke must be silent then. ``silent`` names rules that must not speak, and why.
This file reads scenarios; ``assistant.decide.trial`` plays them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from assistant.domain.casework import Responder
from assistant.domain.errors import RuleBookError
from assistant.domain.reports import (
    CareGrade,
    CaseReading,
    Circumstance,
    EvidenceState,
    Finding,
    FoundBefore,
    FraudStage,
    Intent,
    KnownHousehold,
    Measurement,
    OpenMatter,
    PersonOnRecord,
    PersonSaid,
    Quote,
    Reading,
    Severity,
    SpokeBefore,
    TimeSaid,
    VisitOutcome,
)
from rules.engine.book import RuleBook
from rules.engine.schema import Entry, fault_at, read_entry
from rules.engine.vocabulary import MEASUREMENTS, VALUES, did_you_mean, load_yaml

#: where and when scenarios play unless they say otherwise
DAY = date(2026, 3, 2)
DOOR = "3-2-501"
CHENGDU = timezone(timedelta(hours=8))


class Cell(StrEnum):
    """What a scenario shows of a rule; the coverage table has a column for each."""

    #: it speaks
    SPEAKS = "speaks"
    #: something is just short of it
    NEAR_MISS = "near_miss"
    #: what it needs to know is not on record, and is not guessed
    NOT_RECORDED = "not_recorded"
    NEGATED = "negated"
    RESOLVED = "resolved"
    #: the day before it took effect
    BEFORE_SINCE = "before_since"


#: how a scenario may be turned, and which cell that fills
TURNS = {
    "negated": Cell.NEGATED,
    "resolved": Cell.RESOLVED,
    "planned": Cell.NEAR_MISS,
    "not_recorded": Cell.NOT_RECORDED,
    "before_since": Cell.BEFORE_SINCE,
}


class FindingEntry(Entry):
    kind: str
    state: EvidenceState = EvidenceState.SEEN
    stage: FraudStage | None = None
    quote: str = ""
    circumstances: tuple[str, ...] = ()
    values: dict[str, float] = Field(default_factory=dict)


class CircumstanceEntry(Entry):
    code: str
    state: EvidenceState = EvidenceState.SEEN
    quote: str = ""


class MeasurementEntry(Entry):
    what: str
    systolic: float | None = None
    diastolic: float | None = None
    glucose: float | None = None
    state: EvidenceState = EvidenceState.SEEN
    quote: str = ""


class PersonEntry(Entry):
    """On record by ``name``, or as the report speaks of them."""

    name: str
    age: int | None = None
    lives_alone: bool | None = None
    disabled: bool | None = None
    care_grade: CareGrade | None = None


class OpenEntry(Entry):
    kind: str
    since: date
    times: int = 1
    overdue: bool = False


class FoundEntry(Entry):
    """An earlier finding in the estate; ``at`` is the door or place, this one where it is not said."""

    kind: str
    on: date
    at: str | None = None


class SpokeEntry(Entry):
    rule: str
    on: date
    kind: str | None = None


class HistoryEntry(Entry):
    open: tuple[OpenEntry, ...] = ()
    misses_in_a_row: int = 0
    last_contact: date | None = None
    found: tuple[FoundEntry, ...] = ()
    spoke: tuple[SpokeEntry, ...] = ()


class ExpectEntry(Entry):
    """``flags`` and ``owners`` are exact; ``finds`` and ``speaks`` name what must be among the rest."""

    severity: Severity
    flags: tuple[str, ...] | None = None
    owners: tuple[Responder, ...] | None = None
    finds: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    due: dict[Responder, Annotated[str, Field(pattern=r"^(now|\d+[mhd])$")]] = Field(default_factory=dict)


class ScenarioEntry(Entry):
    scenario: str = Field(min_length=1)
    today: date = DAY
    report: str | None = None
    key: str = DOOR
    visit: VisitOutcome = VisitOutcome.MET
    visit_quote: str = ""
    findings: tuple[FindingEntry, ...] = ()
    circumstances: tuple[CircumstanceEntry, ...] = ()
    measurements: tuple[MeasurementEntry, ...] = ()
    said: tuple[PersonEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    #: the day for which somebody promised it
    promised_for: date | None = None
    history: HistoryEntry | None = None
    expect: ExpectEntry
    turned: tuple[str, ...] = ()
    silent: dict[str, Cell] = Field(default_factory=dict)

    @field_validator("turned", mode="before")
    @classmethod
    def _every_way(cls, written: Any) -> Any:
        return tuple(TURNS) if written == "all" else written

    @field_validator("circumstances", mode="before")
    @classmethod
    def _plain_codes(cls, written: Any) -> Any:
        if not isinstance(written, list | tuple):
            return written
        return [{"code": each} if isinstance(each, str) else each for each in written]


@dataclass(frozen=True)
class Scenario:
    """One scenario and where it stands."""

    entry: ScenarioEntry
    file: Path
    index: int

    def fault(self, what: str, mend: str = "") -> RuleBookError:
        """A RuleBookError that points at this scenario."""
        return fault_at(self.file, [self.index], what, mend, self.entry.scenario)


def load_scenarios(book: RuleBook) -> tuple[Scenario, ...]:
    """Every scenario of the book's folder, checked against its codes and rule ids. Raises RuleBookError."""
    return tuple(
        scenario for path in sorted(book.folder.glob("*.scenarios.yaml")) for scenario in _scenarios(path, book)
    )


def _scenarios(path: Path, book: RuleBook) -> Iterator[Scenario]:
    for index, written in enumerate(load_yaml(path) or []):
        called = str(written.get("scenario", "")) if isinstance(written, dict) else ""
        for each in _ways(written, path, index, called):
            entry = read_entry(ScenarioEntry, each, path, [index], called)
            for at, word, legal, what in _named(entry, book):
                if word not in legal:
                    raise fault_at(path, [index, *at], f"没有“{word}”这个{what}", did_you_mean(word, legal), called)
            yield Scenario(entry, path, index)


def _ways(written: Any, path: Path, index: int, called: str) -> Iterator[Any]:
    """The scenario, and each of its ``also``: the same with some fields replaced, turned only where it says so."""
    if not isinstance(written, dict) or "also" not in written:
        yield written
        return
    plain = {name: value for name, value in written.items() if name != "also"}
    yield plain
    if not isinstance(written["also"], list) or not all(isinstance(each, dict) for each in written["also"]):
        raise fault_at(path, [index, "also"], "also 下面应是一串“换掉哪几项”", "写成 - {visit: phone}", called)
    for number, instead in enumerate(written["also"], start=2):
        yield {**plain, "turned": [], **instead, "scenario": f"{called}(之{number})"}


def _named(entry: ScenarioEntry, book: RuleBook) -> Iterator[tuple[list[str | int], str, set[str], str]]:
    """Every code that a scenario names, with the legal ones."""
    kinds, circumstances = set(book.vocabulary.kinds), set(book.vocabulary.circumstances)
    rules = set(book.by_id)
    for i, finding in enumerate(entry.findings):
        yield ["findings", i, "kind"], finding.kind, kinds, "发现种类"
        for code in finding.circumstances:
            yield ["findings", i, "circumstances"], code, circumstances, "情形"
        for value in finding.values:
            yield ["findings", i, "values"], value, set(VALUES), "数值"
    for i, circumstance in enumerate(entry.circumstances):
        yield ["circumstances", i], circumstance.code, circumstances, "情形"
    for i, measurement in enumerate(entry.measurements):
        yield ["measurements", i, "what"], measurement.what, set(MEASUREMENTS), "测量项目"
    history = entry.history or HistoryEntry()
    for kind in (*(each.kind for each in history.open), *(each.kind for each in history.found)):
        yield ["history"], kind, kinds, "发现种类"
    for spoke in history.spoke:
        yield ["history"], spoke.rule, rules, "规则编号"
    for kind in (*entry.expect.finds, *entry.expect.closes):
        yield ["expect"], kind, kinds, "发现种类"
    for rule in (*(entry.expect.flags or ()), *entry.expect.speaks):
        yield ["expect"], rule, rules, "规则编号"
    for rule in entry.silent:
        yield ["silent"], rule, rules, "规则编号"
    for turn in entry.turned:
        yield ["turned"], turn, set(TURNS), "换法"


def record_in(entry: ScenarioEntry) -> tuple[KnownHousehold, ...]:
    """What the scenario has on record; nothing where it tells of neither people nor history."""
    if not entry.people and entry.history is None:
        return ()
    history = entry.history or HistoryEntry()
    people = tuple(
        PersonOnRecord(each.name, each.age, each.lives_alone, each.disabled, each.care_grade) for each in entry.people
    )
    return (
        KnownHousehold(
            entry.key,
            people,
            tuple(OpenMatter(each.kind, each.since, each.times, each.overdue) for each in history.open),
            history.misses_in_a_row,
            last_contact_on=history.last_contact,
            found=tuple(FoundBefore(each.kind, each.at or entry.key, each.on) for each in history.found),
            spoke=tuple(SpokeBefore(each.rule, each.kind, each.on) for each in history.spoke),
        ),
    )


def sent_at(entry: ScenarioEntry) -> datetime:
    """Ten in the morning of the scenario's day."""
    return datetime.combine(entry.today, datetime.min.time(), CHENGDU).replace(hour=10)


def reading_of(entry: ScenarioEntry) -> Reading:
    """The reading that a scenario written as data stands for; its quotes follow each other in an imagined text."""
    text = _Text()
    findings = tuple(
        Finding(each.kind, each.state, text.quote(each.quote), each.stage, frozenset(each.circumstances), each.values)
        for each in entry.findings
    )
    circumstances = tuple(Circumstance(each.code, each.state, text.quote(each.quote)) for each in entry.circumstances)
    measurements = tuple(
        Measurement(each.what, _values(each), text.quote(each.quote), each.state) for each in entry.measurements
    )
    said = tuple(PersonSaid(each.name, each.age, None, each.lives_alone, each.disabled) for each in entry.said)
    visit_quote = text.quote(entry.visit_quote) if entry.visit_quote else None
    times: tuple[TimeSaid, ...] = ()
    if entry.promised_for is not None:
        day = datetime.combine(entry.promised_for, time(), CHENGDU)
        times = (TimeSaid("due", day, day + timedelta(days=1), text.quote("")),)
    case = CaseReading(
        entry.key, said, entry.visit, findings, circumstances, measurements, times, visit_quote=visit_quote
    )  # fmt: skip
    return Reading(Intent.REPORT, (case,))


def turn(entry: ScenarioEntry, how: str, since: date) -> ScenarioEntry:
    """The scenario turned in one of the ways of ``TURNS``; ``since`` is when the rule in question took effect."""
    if how == "before_since":
        return entry.model_copy(update={"today": since - timedelta(days=1)})
    if how == "not_recorded":
        bare = tuple(each.model_copy(update={"circumstances": (), "values": {}}) for each in entry.findings)
        nothing: dict[str, Any] = dict.fromkeys(("circumstances", "measurements", "said", "people"), ())
        return entry.model_copy(update={"findings": bare, "history": None, **nothing})
    state = EvidenceState(how)
    stage = {} if state is EvidenceState.RESOLVED else {"stage": None}
    return entry.model_copy(
        update={
            "findings": tuple(each.model_copy(update={"state": state, **stage}) for each in entry.findings),
            "circumstances": tuple(each.model_copy(update={"state": state}) for each in entry.circumstances),
            "measurements": tuple(each.model_copy(update={"state": state}) for each in entry.measurements),
        }
    )


def _values(entry: MeasurementEntry) -> dict[str, float]:
    names = MEASUREMENTS[entry.what]
    return {name: value for name in names if (value := getattr(entry, name)) is not None}


class _Text:
    """Gives each quote its place after the one before."""

    def __init__(self) -> None:
        self._end = 0

    def quote(self, words: str) -> Quote:
        start = self._end
        self._end = start + len(words)
        return Quote(words, start, self._end)
