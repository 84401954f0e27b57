"""Why, and why not: each flag with its words, rule and numbers, and each silent rule with the first thing it lacked.

    told = explain(case, record, at, matcher)
    told.spoken[0].sentence       # 规则 gas.hose「软管老化、过长或松动」:…
    told.silent[0].sentence       # gas.hose-refused「软管有隐患,住户不愿更换」:没有发现“软管…”,住户不愿整改

Silent rules come nearest first: those of the kinds, then of the themes that the case is about, with the most conditions
met.
"""

from dataclasses import dataclass
from datetime import datetime

from assistant.decide import decide_case
from assistant.domain.casework import Decision, FlagDecided
from assistant.domain.reports import CaseReading, KnownHousehold, Severity, worst
from rules.engine.checks import parameters_of
from rules.engine.explain import first_unmet, in_words
from rules.engine.inforce import Group, RulesInForce
from rules.engine.matcher import Matcher
from rules.engine.model import Rule


@dataclass(frozen=True)
class Spoke:
    """A rule that flagged; ``numbers`` are the parameters it used with the day's values, ready to read."""

    flag: FlagDecided
    rule: Rule
    numbers: tuple[str, ...]

    @property
    def sentence(self) -> str:
        numbers = f"(按 {'、'.join(self.numbers)})" if self.numbers else ""
        return f"{self.flag.severity} {self.rule.label}:{self.flag.why}{numbers}"


@dataclass(frozen=True)
class Silent:
    """A rule that did not speak, and why; ``met`` counts the conditions that held before the one that did not."""

    rule: Rule
    because: str
    met: int
    is_near: bool

    @property
    def sentence(self) -> str:
        return f"没有按“{self.rule.label}”:{self.because}"


@dataclass(frozen=True)
class Explained:
    """A decision with its reasons."""

    decision: Decision
    spoken: tuple[Spoke, ...]
    silent: tuple[Silent, ...]
    #: rules that spoke without a flag: they found, raised, or called somebody in
    helped: tuple[Rule, ...]


def explain(case: CaseReading, record: KnownHousehold | None, at: datetime, matcher: Matcher) -> Explained:
    """Decide the case and say why; the decision is the one that ``decide`` gives."""
    rules = matcher.book.on(at.date())
    decision, sheet = decide_case(case, record, at, rules, matcher)
    days = [(period.name, period.label) for period in rules.calendar]
    flagged = {flag.rule for flag in decision.flags}
    themes = {finding.theme for finding in decision.findings}
    spoken = tuple(Spoke(flag, rules.by_id[flag.rule], _numbers(flag.rule, rules)) for flag in decision.flags)
    silent: list[Silent] = []
    helped: list[Rule] = []
    for member in (*rules.rules[Group.FINDS], *rules.rules[Group.FLAGS]):
        rule = member.rule
        if rule.id in flagged:
            continue
        unmet = first_unmet(member, sheet.facts)
        if unmet is not None:
            because = in_words(unmet, matcher.book.vocabulary, days)
            silent.append(Silent(rule, because, unmet.met, rule.theme in themes or unmet.met > 0))
        elif by := [each for each in decision.flags if rule.id in rules.by_id[each.rule].then.instead_of]:
            silent.append(Silent(rule, f"已由“{rules.by_id[by[0].rule].label}”代替", len(member.when), True))
        else:
            helped.append(rule)
    kinds = {finding.kind for finding in decision.findings}
    silent.sort(
        key=lambda each: (
            not each.is_near,
            not _kinds_asked(each.rule) & kinds,
            each.rule.theme not in themes,
            -each.met,
            each.rule.id,
        )
    )
    return Explained(decision, spoken, tuple(silent), tuple(helped))


def _numbers(rule_id: str, rules: RulesInForce) -> tuple[str, ...]:
    rule = rules.by_id[rule_id]
    limits = {name for each in rule.when for ask in each.asks for limit in ask.limits for name in limit.parameters}
    return tuple(
        f"{name}={rules.parameters[name]:g}{rules.units[name]}" for name in sorted(parameters_of(rule) & limits)
    )


def why_not_more(case: CaseReading, record: KnownHousehold | None, at: datetime, matcher: Matcher) -> str | None:
    """What the nearest rule that would have said or raised more lacked; None where no rule is near."""
    told = explain(case, record, at, matcher)
    now = told.decision.severity
    for each in told.silent:
        severity = _severity(each.rule, matcher)
        would_raise = each.rule.then.raises and now in (Severity.P2, Severity.P3)
        if each.is_near and (would_raise or (severity is not None and severity.urgency < now.urgency)):
            return each.sentence
    return None


def _kinds_asked(rule: Rule) -> set[str]:
    """The kinds that the rule's conditions name."""
    return {
        str(value)
        for condition in rule.when
        if not condition.absent
        for ask in condition.asks
        for name, value in ask.equal
        if name == "kind"
    }


def _severity(rule: Rule, matcher: Matcher) -> Severity | None:
    """How urgent the rule's flag would be; None where it puts up none. A kind without a default counts as urgent."""
    if not rule.then.by_kind:
        return rule.then.severity
    kinds = matcher.book.vocabulary.kinds
    return worst([kinds[kind].severity or Severity.P0 for kind in _kinds_asked(rule) if kind in kinds] or [Severity.P0])
