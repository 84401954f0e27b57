"""The rules as they stand on one day: parameters filled in, rules outside their time left out, ready to match.

A rule becomes positive and absent *clauses*, each a choice of *patterns*; a pattern is plain equality on a fact's
fields. Both matchers, the fact maker and the explainer read this and nothing else, so that they can't disagree about a
limit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from assistant.domain.reports import Severity
from rules.engine.calendar import Period
from rules.engine.language import UNSAID, Ask, Condition, Limit, Relation
from rules.engine.model import Parameter, Rule, Throttle, ThrottleWord

#: equality on fields, ``type`` first
Pattern = tuple[tuple[str, str | bool], ...]
#: one of these patterns
Clause = tuple[Pattern, ...]


class Group(StrEnum):
    """Which question the rules of a group answer; groups are matched apart."""

    #: what findings follow from circumstances, values, visits and people (first)
    FINDS = "finds"
    #: what flags, raises and follow-ups follow from the findings, derived ones included (second)
    FLAGS = "flags"
    #: which rules' flags are settled
    SETTLES = "settles"


@dataclass(frozen=True)
class RuleInForce:
    """A rule on one day. ``when`` has the positive clauses in the rule's order, ``absent`` the others."""

    rule: Rule
    group: Group
    when: tuple[Clause, ...]
    absent: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Threshold:
    """A limit with its number: the fact maker sets ``field`` to True where ``value`` meets it."""

    value: str
    relation: Relation
    number: float
    field: str
    #: for what is counted over the last days: over how many
    days: float | None = None
    #: the kinds and themes that rules ask it of; None: of any
    asked_of: frozenset[str] | None = None

    def concerns(self, kind: str) -> bool:
        """Does any rule ask it of this kind? (Counting what nobody asks for costs more than all the rest.)"""
        return self.asked_of is None or kind in self.asked_of or kind.split(".")[0] in self.asked_of


@dataclass(frozen=True)
class ThrottleInForce:
    """A rule's throttle with its numbers; ``field`` is set to True on the facts of which the rule may speak now."""

    word: ThrottleWord
    days: float
    times: float
    field: str
    #: the kinds and themes that the rule names; None where it names none
    asked_of: frozenset[str] | None = None

    def concerns(self, kind: str) -> bool:
        """Can the rule speak of this kind at all?"""
        return self.asked_of is None or kind in self.asked_of or kind.split(".")[0] in self.asked_of


@dataclass(frozen=True, eq=False)
class RulesInForce:
    """What is in force from ``first_day`` until the next change of a rule or parameter."""

    first_day: date
    rules: Mapping[Group, tuple[RuleInForce, ...]]
    parameters: Mapping[str, float]
    units: Mapping[str, str]
    thresholds: Mapping[str, tuple[Threshold, ...]]
    #: fields of each fact type that some rule asks to be unsaid
    unsaid: Mapping[str, frozenset[str]]
    #: by rule; those of rules that are about a finding, and the others
    throttles: Mapping[str, ThrottleInForce] = field(default_factory=dict)
    calendar: tuple[Period, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        return {each.rule.id: each.rule for group in self.rules.values() for each in group}

    @cached_property
    def members(self) -> Mapping[str, RuleInForce]:
        """What each rule of the first two groups asks."""
        return {each.rule.id: each for group in (Group.FINDS, Group.FLAGS) for each in self.rules[group]}

    @cached_property
    def deadlines(self) -> Mapping[Severity, timedelta]:
        """How long each severity leaves until a follow-up is due; P- has none."""
        return {severity: self.duration(name) for severity, name in DEADLINES.items() if name in self.parameters}

    def duration(self, name: str) -> timedelta:
        """A deadline parameter as a time span."""
        return timedelta(**{TIME_UNITS[self.units[name]]: self.parameters[name]})


#: the parameter that holds each severity's default deadline
DEADLINES = {
    Severity.P0: "p0_deadline",
    Severity.P1: "p1_deadline",
    Severity.P2: "p2_deadline",
    Severity.P3: "p3_deadline",
}
#: units in which a deadline may be given
TIME_UNITS = {"分钟": "minutes", "小时": "hours", "天": "days"}


def put_in_force(
    rules: Iterable[Rule], parameters: Mapping[str, Parameter], day: date, calendar: tuple[Period, ...] = ()
) -> RulesInForce:
    """Resolve everything for one day. Parameters that a rule in force names have a value then (``book`` sees to it)."""
    numbers = {name: value for name, each in parameters.items() if (value := each.on(day)) is not None}
    groups: dict[Group, list[RuleInForce]] = {group: [] for group in Group}
    thresholds: dict[str, dict[str, Threshold]] = {}
    unsaid: dict[str, set[str]] = {}
    throttles: dict[str, ThrottleInForce] = {}
    units = {name: each.unit for name, each in parameters.items()}

    def pattern(ask: Ask) -> Pattern:
        fields: list[tuple[str, str | bool]] = [("type", ask.type), *ask.equal]
        for limit in ask.limits:
            threshold = _threshold(limit, numbers)
            of_type = thresholds.setdefault(ask.type, {})
            of_type[threshold.field] = _asked_of_more(threshold, ask, of_type.get(threshold.field))
            fields.append((threshold.field, True))
        unsaid.setdefault(ask.type, set()).update(name for name, told in ask.equal if told == UNSAID)
        return tuple(fields)

    def clause(condition: Condition) -> Clause:
        return tuple(pattern(ask) for ask in condition.asks)

    for rule in rules:
        if not rule.is_in_force(day):
            continue
        group = Group.FINDS if rule.then.finds else Group.FLAGS
        when = tuple(clause(condition) for condition in rule.when if not condition.absent)
        if rule.throttle is not None:
            throttles[rule.id] = replace(_throttle(rule.throttle, rule.id, numbers, units), asked_of=_spoken_of(rule))
            when = _throttled(when, rule, throttles[rule.id])
        # said twice is said once: a fact that stands for the absence can't serve two patterns of one match
        absent = tuple(dict.fromkeys(clause(condition) for condition in rule.when if condition.absent))
        groups[group].append(RuleInForce(rule, group, when, absent))
        for condition in rule.settled_when:
            groups[Group.SETTLES].append(RuleInForce(rule, Group.SETTLES, (clause(condition),)))
    return RulesInForce(
        day,
        {group: tuple(found) for group, found in groups.items()},
        numbers,
        units,
        {type_: tuple(found.values()) for type_, found in thresholds.items()},
        {type_: frozenset(found) for type_, found in unsaid.items()},
        throttles,
        calendar,
    )


def _threshold(limit: Limit, numbers: Mapping[str, float]) -> Threshold:
    number = _number(limit.at, numbers)
    days = None if limit.within is None else _number(limit.within, numbers)
    return Threshold(limit.value, limit.relation, number, limit.field(number, days), days)


def _spoken_of(rule: Rule) -> frozenset[str] | None:
    """The kinds and themes that the rule's finding may be of; None: any."""
    if rule.subject is None:
        return None
    subject = [condition for condition in rule.when if not condition.absent][rule.subject]
    named = [{str(value) for key, value in ask.equal if key in ("kind", "theme")} for ask in subject.asks]
    return frozenset().union(*named) if all(named) else None


def _asked_of_more(threshold: Threshold, ask: Ask, before: Threshold | None) -> Threshold:
    named = {str(value) for key, value in ask.equal if key in ("kind", "theme")}
    if not named or (before is not None and before.asked_of is None):
        return threshold
    return replace(threshold, asked_of=frozenset(named) | (before.asked_of or frozenset() if before else frozenset()))


def _number(at: float | str, numbers: Mapping[str, float]) -> float:
    return numbers[at] if isinstance(at, str) else float(at)


def _throttle(throttle: Throttle, rule: str, numbers: Mapping[str, float], units: Mapping[str, str]) -> ThrottleInForce:
    days = timedelta(**{TIME_UNITS[units[throttle.span]]: numbers[throttle.span]}) / timedelta(days=1)
    field_ = "may_" + rule.replace("_", "_u").replace(".", "_p").replace("-", "_h")
    return ThrottleInForce(throttle.word, days, _number(throttle.times, numbers), field_)


def _throttled(when: tuple[Clause, ...], rule: Rule, throttle: ThrottleInForce) -> tuple[Clause, ...]:
    """The clauses with one more thing asked: that the rule may speak now, of its finding or of the household."""
    if rule.subject is None:
        return (*when, ((("type", "turn"), (throttle.field, True)),))
    subject = tuple((*pattern, (throttle.field, True)) for pattern in when[rule.subject])
    return (*when[: rule.subject], subject, *when[rule.subject + 1 :])
