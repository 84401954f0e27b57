"""How two rule books differ, and which households the difference can reach. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.domain.errors import RuleBookError
from rules.engine.book import RuleBook
from rules.engine.checks import parameters_of
from rules.engine.inforce import RulesInForce
from rules.engine.language import Condition
from rules.engine.model import Parameter, Rule
from rules.engine.schema import fault_at
from rules.engine.wording import say_conclusion, say_condition, say_throttle


@dataclass(frozen=True)
class RuleChange:
    """One rule: added, removed, or changed (in its own words, or by a number that it names)."""

    rule: str
    label: str
    how: str
    #: Chinese lines: what it said, what it says
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Reach:
    """Which households a change can touch: those with something open of ``kinds`` or ``themes``, or of anything."""

    rules: frozenset[str]
    kinds: frozenset[str]
    themes: frozenset[str]
    #: a changed rule names no finding: whoever had a contact lately may be touched
    anybody: bool

    def fits(self, kind: str) -> bool:
        """Can a finding of ``kind`` be decided otherwise?"""
        return self.anybody or kind in self.kinds or kind.split(".")[0] in self.themes


@dataclass(frozen=True)
class Changes:
    """Everything that differs between two books as seen on a day."""

    rules: tuple[RuleChange, ...]
    #: Chinese lines about numbers, with the day from which each holds
    parameters: tuple[str, ...]
    reach: Reach

    @property
    def is_empty(self) -> bool:
        return not self.rules and not self.parameters


def compare(old: RuleBook, new: RuleBook, today: date) -> Changes:
    """What publishing ``new`` in place of ``old`` changes."""
    before, after = old.on(today), new.on(today)
    changes: list[RuleChange] = []
    touched: list[Rule] = []
    moved = {name for name in old.parameters.keys() | new.parameters.keys() if _values(old, name) != _values(new, name)}
    calendar_moved = old.calendar != new.calendar
    for rule_id in sorted(old.by_id.keys() | new.by_id.keys()):
        was, will = old.by_id.get(rule_id), new.by_id.get(rule_id)
        if was is None and will is not None:
            changes.append(RuleChange(rule_id, will.label, "新增", tuple(_said(will, after, new))))
            touched.append(will)
        elif will is None and was is not None:
            changes.append(RuleChange(rule_id, was.label, "去掉", tuple(_said(was, before, old))))
            touched.append(was)
        elif was is not None and will is not None:
            numbers = (parameters_of(was) | parameters_of(will)) & moved
            if _bare(was) != _bare(will):
                lines = _differing(list(_said(was, before, old)), list(_said(will, after, new)))
                changes.append(RuleChange(rule_id, will.label, "改动", tuple(lines)))
                touched += [was, will]
            elif numbers or (calendar_moved and _asks_the_day(will)):
                touched += [was, will]
    return Changes(tuple(changes), tuple(_numbers(old, new, moved)), _reach(touched))


def dates_in_the_past(old: RuleBook, new: RuleBook, today: date) -> Iterator[RuleBookError]:
    """New values that would hold before today: they would rewrite what was decided on days gone by."""
    path = new.folder / "parameters.yaml"
    for name, parameter in new.parameters.items():
        known = dict(old.parameters[name].values) if name in old.parameters else None
        if known is None:
            continue  # a new number is used by new rules only
        for day, value in parameter.values:
            if day < today and known.get(day) != value:
                what = f"{day} 已经过去,改它会改写那以后已经定下的事"
                yield fault_at(path, [name, "values"], what, f"旧的留着,另加一行 {today}: {value:g}", name)
    for rule in new.rules:
        if rule.id not in old.by_id and rule.until is not None and rule.until <= today:
            what, mend = f"until {rule.until} 已经过去,这条新规则永远不生效", "改成今后的日子,或去掉 until"
            yield fault_at(rule.file, [rule.index, "until"], what, mend, rule.id)


def _values(book: RuleBook, name: str) -> tuple[tuple[date, float], ...] | None:
    parameter = book.parameters.get(name)
    return parameter.values if parameter is not None else None


def _bare(rule: Rule) -> Rule:
    """The rule without where it stands in which file."""
    return replace(rule, file=Path(), index=0)


def _said(rule: Rule, rules: RulesInForce, book: RuleBook) -> Iterator[str]:
    """The rule in lines; one outside its time says its day only."""
    yield f"名称:{rule.label}"
    yield f"起用:{rule.since}" + (f",到 {rule.until} 止" if rule.until else "")
    if rules.by_id.get(rule.id) is not rule:
        return
    for condition in rule.when:
        yield f"条件:{say_condition(condition, rules, book.vocabulary)}"
    throttle = say_throttle(rule, rules)
    if throttle:
        yield f"次数:{throttle}"
    yield f"结论:{say_conclusion(rule, rules, book.vocabulary)}"
    if rule.why:
        yield f"理由:{rule.why}"
    yield f"出处:{rule.source}"


def _differing(was: list[str], will: list[str]) -> list[str]:
    return [f"- {line}" for line in was if line not in will] + [f"+ {line}" for line in will if line not in was]


def _numbers(old: RuleBook, new: RuleBook, moved: set[str]) -> Iterator[str]:
    for name in sorted(moved):
        parameter = new.parameters.get(name) or old.parameters[name]
        was, will = (_spelled(book.parameters.get(name)) for book in (old, new))
        users = [rule.id for rule in new.rules if name in parameters_of(rule)]
        used = f"({len(users)} 条规则用到)" if users else ""
        yield f"{name} {parameter.label}:{was} → {will}{used}"


def _spelled(parameter: Parameter | None) -> str:
    if parameter is None:
        return "无"
    return ",".join(f"{day} 起 {value:g}{parameter.unit}" for day, value in parameter.values)


def _reach(touched: list[Rule]) -> Reach:
    kinds: set[str] = set()
    themes: set[str] = set()
    anybody = False
    for rule in touched:
        if rule.subject is None:
            anybody = True
            continue
        subject: Condition = [condition for condition in rule.when if not condition.absent][rule.subject]
        for ask in subject.asks:
            named = dict(ask.equal)
            if "kind" in named:
                kinds.add(str(named["kind"]))
            elif "theme" in named:
                themes.add(str(named["theme"]))
            else:
                anybody = True
    return Reach(frozenset(rule.id for rule in touched), frozenset(kinds), frozenset(themes), anybody)


def _asks_the_day(rule: Rule) -> bool:
    return any(ask.type == "day" for condition in rule.when for ask in condition.asks)
