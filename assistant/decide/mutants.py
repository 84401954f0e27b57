"""Would the scenarios notice a slip? Each threshold moved by one, each condition dropped, is a mutant they must catch.

for verdict in hunt(book):
    verdict.mutant.what         # 规则 gas.hose-refused 去掉第1个条件
    verdict.caught_by           # the scenario that noticed; None: nobody did

A mutant that nobody catches is a rule or a number that could be changed by mistake without any scenario turning red.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.decide.trial import Trial
from rules.engine.book import RuleBook
from rules.engine.language import Condition, Limit
from rules.engine.model import Parameter, Rule
from rules.engine.reference import ReferenceMatcher
from rules.engine.scenarios import Scenario, load_scenarios
from rules.engine.wording import say_pattern

#: the step for values that are written with a decimal
_FINE_STEP = 0.1
#: fields that say what a condition is about, or that the author did not write
_IMPLIED = frozenset({"kind", "theme", "active", "what", "code", "outcome", "state", "said"})


@dataclass(frozen=True)
class Mutant:
    """A book with one slip in it. ``kind``: threshold, condition or field; ``rules``: which the slip is in."""

    kind: str
    what: str
    book: RuleBook
    rules: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """``caught_by`` is the name of the first scenario that did not come out."""

    mutant: Mutant
    caught_by: str | None


def hunt(book: RuleBook) -> Iterator[Verdict]:
    """Try every mutant, the scenarios that speak of its rules first."""
    scenarios = [each for each in load_scenarios(book) if each.entry.report is None]
    trial = Trial(ReferenceMatcher(book))
    shown = {id(each): {rule for rule, _ in trial.play(each).cells} for each in scenarios}
    for mutant in mutants(book):
        order = sorted(scenarios, key=lambda each: not shown[id(each)] & mutant.rules)
        yield Verdict(mutant, _first_to_notice(mutant, order))


def _first_to_notice(mutant: Mutant, scenarios: Sequence[Scenario]) -> str | None:
    trial = Trial(ReferenceMatcher(mutant.book))
    for scenario in scenarios:
        if trial.play(scenario).problems:
            return scenario.entry.scenario
        trial.questions.clear()
    return None


def mutants(book: RuleBook) -> Iterator[Mutant]:
    """Every slip: parameters and numbers by one up and down, each condition dropped, each field of one dropped."""
    for parameter in book.parameters.values():
        users = frozenset(rule.id for rule in book.rules if parameter.name in _named(rule))
        if users:
            yield from _moved_parameter(book, parameter, users)
    for rule in book.rules:
        yield from _moved_numbers(book, rule)
        yield from _dropped(book, rule)


def _named(rule: Rule) -> set[str]:
    limits = {name for each in rule.when for ask in each.asks for limit in ask.limits for name in limit.parameters}
    spans = {each.within for each in rule.then.follow_ups if each.within}
    throttle = (rule.throttle.span, rule.throttle.times) if rule.throttle else ()
    by_severity = {f"{(rule.then.severity or 'p').lower()}_deadline"} if rule.then.follow_ups else set()
    return limits | spans | {each for each in throttle if isinstance(each, str)} | by_severity


def _moved_parameter(book: RuleBook, parameter: Parameter, users: frozenset[str]) -> Iterator[Mutant]:
    step = 1.0 if all(value == int(value) for _, value in parameter.values) else _FINE_STEP
    for by in (step, -step):
        values: tuple[tuple[date, float], ...] = tuple((day, value + by) for day, value in parameter.values)
        if any(value < 0 for _, value in values):
            continue
        parameters = {**book.parameters, parameter.name: replace(parameter, values=values)}
        what = f"参数 {parameter.name}({parameter.label})改动 {by:+g}"
        yield Mutant("threshold", what, replace(book, parameters=parameters, _editions={}), users)


def _moved_numbers(book: RuleBook, rule: Rule) -> Iterator[Mutant]:
    for index, condition in enumerate(rule.when):
        numbers = {limit for ask in condition.asks for limit in ask.limits if not isinstance(limit.at, str)}
        for limit in numbers:
            for by in (1, -1):
                moved = replace(limit, at=float(limit.at) + by)
                changed = _swapped(condition, limit, moved)
                yield _with(
                    book, rule, index, changed, "threshold", f"第{index + 1}个条件的 {limit.value} 改动 {by:+d}"
                )


def _dropped(book: RuleBook, rule: Rule) -> Iterator[Mutant]:
    positive = sum(not condition.absent for condition in rule.when)
    for index, condition in enumerate(rule.when):
        if condition.absent or positive > 1:
            yield _with(book, rule, index, None, "condition", f"去掉第{index + 1}个条件")
        if len(condition.asks) > 1:
            for place, ask in enumerate(condition.asks):
                others = condition.asks[:place] + condition.asks[place + 1 :]
                said = say_pattern((("type", ask.type), *ask.equal), book.vocabulary)
                what = f"第{index + 1}个条件去掉“{said}”"
                yield _with(book, rule, index, replace(condition, asks=others), "alternative", what)
        fields = dict.fromkeys(key for ask in condition.asks for key, _ in ask.equal)
        for field in fields:
            if field not in _IMPLIED:
                asks = tuple(
                    dict.fromkeys(
                        replace(ask, equal=tuple(each for each in ask.equal if each[0] != field))
                        for ask in condition.asks
                    )
                )
                what = f"第{index + 1}个条件去掉 {field}"
                yield _with(book, rule, index, replace(condition, asks=asks), "field", what)
        for limit in {limit for ask in condition.asks for limit in ask.limits}:
            if any(ask.type in ("finding", "open", "person") for ask in condition.asks):
                asks = tuple(
                    dict.fromkeys(
                        replace(ask, limits=tuple(each for each in ask.limits if each != limit))
                        for ask in condition.asks
                    )
                )
                what = f"第{index + 1}个条件去掉 {limit.value}_{limit.relation}"
                yield _with(book, rule, index, replace(condition, asks=asks), "field", what)
    if rule.throttle is not None:
        rules = tuple(replace(each, throttle=None) if each is rule else each for each in book.rules)
        what = f"规则 {rule.id} 去掉 {rule.throttle.word}"
        yield Mutant("condition", what, replace(book, rules=rules, _editions={}), frozenset({rule.id}))


def _with(book: RuleBook, rule: Rule, index: int, condition: Condition | None, kind: str, what: str) -> Mutant:
    when = (*rule.when[:index], *(() if condition is None else (condition,)), *rule.when[index + 1 :])
    rules = tuple(replace(each, when=when) if each is rule else each for each in book.rules)
    return Mutant(kind, f"规则 {rule.id} {what}", replace(book, rules=rules, _editions={}), frozenset({rule.id}))


def _swapped(condition: Condition, limit: Limit, moved: Limit) -> Condition:
    asks = tuple(
        replace(ask, limits=tuple(moved if each == limit else each for each in ask.limits)) for ask in condition.asks
    )
    return replace(condition, asks=asks)
