"""Plays scenarios against the rules: what did not come out as written, and which cells of the coverage table they fill.

trial = Trial(ReferenceMatcher(book))
outcome = trial.play(scenario)          # .problems is empty when all came out
trial.questions                         # every question asked of the matcher: the self-test of a new engine
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from assistant.decide import decide
from assistant.domain.casework import Decision, Responder
from assistant.domain.errors import EngineError, RuleBookError
from assistant.domain.reports import Message, Reading, Severity
from rules.engine.book import RuleBook
from rules.engine.checks import fault_in
from rules.engine.inforce import Group, RulesInForce
from rules.engine.language import Condition
from rules.engine.matcher import Fact, Match, Matcher
from rules.engine.model import Rule, ThrottleWord
from rules.engine.opening import open_matcher, self_test
from rules.engine.reference import ReferenceMatcher
from rules.engine.scenarios import (
    TURNS,
    Cell,
    Scenario,
    ScenarioEntry,
    load_scenarios,
    reading_of,
    record_in,
    sent_at,
    turn,
)

#: reads a report in words; scenarios with ``report`` are left out where there is none
Read = Callable[[Message], Reading]


@dataclass(frozen=True)
class Outcome:
    """``problems`` are Chinese sentences, ``cells`` what was shown of which rule; not ``played`` without a reader."""

    scenario: Scenario
    problems: tuple[str, ...]
    cells: frozenset[tuple[str, Cell]] = frozenset()
    played: bool = True


class Listening:
    """A matcher that remembers which rules spoke and what was asked."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.book: RuleBook = matcher.book
        self.faults: Counter[str] = matcher.faults
        self.spoke: set[str] = set()
        self.questions: list[tuple[RulesInForce, Group, tuple[Fact, ...]]] = []

    def match(self, rules: RulesInForce, group: Group, facts: Sequence[Fact]) -> tuple[Match, ...]:
        matches = self.matcher.match(rules, group, facts)
        self.questions.append((rules, group, tuple(facts)))
        if group is not Group.SETTLES:
            self.spoke.update(match.rule for match in matches)
        return matches

    def describe(self) -> str:
        return self.matcher.describe()

    def close(self) -> None:
        self.matcher.close()


@dataclass
class Trial:
    """Plays scenarios one after the other."""

    matcher: Matcher
    read: Read | None = None
    questions: list[tuple[RulesInForce, Group, tuple[Fact, ...]]] = field(default_factory=list)

    def play(self, scenario: Scenario) -> Outcome:
        """Play a scenario and its turns."""
        entry = scenario.entry
        if entry.report is not None and self.read is None:
            return Outcome(scenario, (), played=False)
        decision, spoke = self._decide(entry)
        problems = list(_compare(entry, decision, spoke))
        cells = {(rule, Cell.SPEAKS) for rule in spoke}
        for rule, cell in entry.silent.items():
            if rule in spoke:
                problems.append(f"规则 {rule} 不该触发,却触发了")
            else:
                cells.add((rule, cell))
        for how in entry.turned:
            for speaker in self._speakers_that_can(how, spoke):
                _, still = self._decide(turn(entry, how, speaker.since))
                if speaker.id in still:
                    problems.append(f"换成 {how} 以后,规则 {speaker.id} 还在触发")
                else:
                    cells.add((speaker.id, TURNS[how]))
        return Outcome(scenario, tuple(problems), frozenset(cells))

    def _speakers_that_can(self, how: str, spoke: Iterable[str]) -> list[Rule]:
        rules = (self.matcher.book.by_id[rule] for rule in sorted(spoke))
        cell = Cell.NEGATED if how == "planned" else TURNS[how]  # what can be negated can be only planned
        return [rule for rule in rules if applies(cell, rule)]

    def _decide(self, entry: ScenarioEntry) -> tuple[Decision, set[str]]:
        listening = Listening(self.matcher)
        at, records = sent_at(entry), record_in(entry)
        if entry.report is None or self.read is None:
            reading = reading_of(entry)
        else:
            reading = self.read(Message("scenario", entry.report, at, known=records))
        decisions = decide(reading, records, at, listening)
        self.questions.extend(listening.questions)
        chosen = next((each for each in decisions if each.key == entry.key), decisions[0] if decisions else None)
        return chosen or Decision(entry.key, (), Severity.RECORD, (), ()), listening.spoke


def put_to_use(
    book: RuleBook, old: Matcher | None = None, on_fault: Callable[[str, str], None] | None = None
) -> Matcher:
    """A matcher for a new book, tried before it takes the place of ``old``, whose child ends then.

    Raises RuleBookError for a scenario that does not come out, EngineError where the engine and the reference matcher
    disagree on any of them; ``old`` stays in use in both cases.
    """
    trial = Trial(ReferenceMatcher(book))
    for scenario in load_scenarios(book):
        for problem in trial.play(scenario).problems:
            raise scenario.fault(problem, "改规则或改例子,再试")
    fresh = open_matcher(book, on_fault)
    try:
        self_test(fresh, trial.questions)
    except EngineError:
        fresh.close()
        raise
    if old is not None:
        old.close()
    return fresh


def left_out(book: RuleBook) -> list[str]:
    """What a rule book must have and this one lacks, as Chinese sentences."""
    return [f"没有一条规则管“{kind}”({book.vocabulary.label(kind)}),报上来也不会有人跟" for kind in book.unruled_kinds]


def untold(book: RuleBook, scenarios: Iterable[Scenario]) -> Iterator[RuleBookError]:
    """A fault for each rule that no scenario lets speak: nobody would notice if it broke."""
    trial = Trial(ReferenceMatcher(book))
    spoke = {rule for scenario in scenarios for rule, cell in trial.play(scenario).cells if cell is Cell.SPEAKS}
    for rule in book.rules:
        if rule.id not in spoke:
            where = f"{rule.theme}.scenarios.yaml"
            yield fault_in(rule, "id", "没有一个例子让它触发", f"在 {where} 里写一个,expect 里写上 flags 或 speaks")


def applies(cell: Cell, rule: Rule) -> bool:
    """Can this cell be shown of this rule at all? (A rule about a visit has nothing that could be negated.)"""
    positive = [condition for condition in rule.when if not condition.absent]
    match cell:
        case Cell.NEGATED:
            return any(_all_of(condition, {"finding", "circumstance", "measurement"}) for condition in positive)
        case Cell.RESOLVED:
            return any(_all_of(condition, {"finding", "circumstance"}) for condition in positive) and not any(
                ("state", "resolved") in ask.equal for condition in positive for ask in condition.asks
            )
        case Cell.NOT_RECORDED:
            return any(
                _all_of(condition, {"circumstance", "measurement", "person", "open"}) or _asks_more_than_kind(condition)
                for condition in positive
            ) or (rule.throttle is not None and rule.throttle.word is not ThrottleWord.ONCE_WITHIN)
        case _:
            return True


def _all_of(condition: Condition, types: set[str]) -> bool:
    return {ask.type for ask in condition.asks} <= types


def _asks_more_than_kind(condition: Condition) -> bool:
    plain = {"kind", "theme", "state", "active", "stage", "outcome"}
    return all(ask.limits or {name for name, _ in ask.equal} - plain for ask in condition.asks) and not _all_of(
        condition, {"day"}
    )


def _compare(entry: ScenarioEntry, decision: Decision, spoke: set[str]) -> Iterable[str]:
    expect = entry.expect
    flags = [flag.rule for flag in decision.flags]
    owners = {each.owner.value for each in decision.follow_ups}
    stated = {each.kind for each in entry.findings if each.state.is_active}
    finds = {each.kind for each in decision.findings if each.state.is_active} - stated
    if decision.severity != expect.severity:
        yield f"等级应是 {expect.severity},得出 {decision.severity}"
    if expect.flags is not None and sorted(flags) != sorted(expect.flags):
        yield f"标记应是 {'、'.join(expect.flags) or '无'},得出 {'、'.join(flags) or '无'}"
    if expect.owners is not None and owners != set(expect.owners):
        yield f"该找的人应是 {'、'.join(expect.owners) or '无'},得出 {'、'.join(sorted(owners)) or '无'}"
    for kind in sorted(set(expect.finds) - finds):
        yield f"应得出发现 {kind},没有得出"
    for rule in sorted(set(expect.speaks) - spoke):
        yield f"规则 {rule} 应触发,没有触发"
    if set(decision.closes) != set(expect.closes):
        yield f"可办结的应是 {'、'.join(expect.closes) or '无'},得出 {'、'.join(decision.closes) or '无'}"
    why = ";".join(flag.why for flag in decision.flags)
    for words in expect.why:
        if words not in why:
            yield f"理由里应有“{words}”,实际是“{why}”"
    yield from _compare_due(expect.due, entry, decision)


def _compare_due(due: Mapping[Responder, str], entry: ScenarioEntry, decision: Decision) -> Iterable[str]:
    for owner, span in due.items():
        wanted = sent_at(entry) + _span(span)
        found = [each.due for each in decision.follow_ups if each.owner is owner]
        if wanted not in found:
            yield f"{owner} 的期限应是 {span},得出 {'、'.join(str(each - sent_at(entry)) for each in found) or '无'}"


def _span(text: str) -> timedelta:
    """``now``, ``40m``, ``24h``, ``7d``."""
    if text == "now":
        return timedelta()
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[text[-1]]: int(text[:-1])})
