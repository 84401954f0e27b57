"""The rule book: every rule, parameter, group and source of a folder, checked, and immutable.

    book = load_rules()                                  # the project's own rules/
    book = load_rules(Path("/etc/weiguang/rules"))
    rules = book.on(date(2026, 3, 2))                    # what is in force on that day

Loading refuses whatever a rule author can get wrong, with file, line, rule and the likely fix (RuleBookError). Nothing
is evaluated here.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from assistant.domain.errors import RuleBookError
from assistant.domain.reports import Severity
from rules.engine.inforce import DEADLINES, TIME_UNITS, RulesInForce, put_in_force
from rules.engine.language import Ask, Condition, Mistake, Reader
from rules.engine.model import PLACEHOLDERS, FollowUp, Parameter, Rule, Source, Then
from rules.engine.schema import (
    OUR_PROPOSAL,
    GroupEntry,
    ParameterEntry,
    RuleEntry,
    SourceEntry,
    ThenEntry,
    fault_at,
    read_entry,
)
from rules.engine.vocabulary import Vocabulary, did_you_mean, load_vocabulary, load_yaml

#: the project's own rules
OWN = Path(__file__).parent.parent
#: the file whose rules concern every theme
GENERAL = "general"
#: durable_rules fails above this many patterns a rule (docs: durable-rules.md), our own cap keeps rules readable
MOST_CONDITIONS = 16
MOST_ALTERNATIVES = 60


@dataclass(frozen=True, eq=False)
class RuleBook:
    """Immutable; ``on`` gives what holds on a day."""

    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    vocabulary: Vocabulary
    folder: Path
    _editions: dict[date, RulesInForce] = field(default_factory=dict, repr=False, compare=False)

    def on(self, day: date) -> RulesInForce:
        """The rules in force on ``day``; the same object for all days between two changes."""
        index = bisect_right(self.changes, day) - 1
        first = self.changes[index] if index >= 0 else date.min
        if first not in self._editions:
            self._editions[first] = put_in_force(self.rules, self.parameters, first)
        return self._editions[first]

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """Every day on which a rule or parameter begins or ends, sorted."""
        days = {rule.since for rule in self.rules} | {rule.until for rule in self.rules if rule.until}
        days |= {since for each in self.parameters.values() for since, _ in each.values}
        return tuple(sorted(days))

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def unruled_kinds(self) -> tuple[str, ...]:
        """Kinds that ask for a follow-up by default and that no flag rule names: a finding of these would go unseen."""
        named: set[str] = set()
        for rule in self.rules:
            if rule.then.flags:
                named |= set(rule.codes("kind")) | set(rule.codes("theme"))
        return tuple(
            kind.code
            for kind in self.vocabulary.kinds.values()
            if kind.code not in named and kind.theme not in named and kind.severity != "P-"
        )


def load_rules(folder: Path = OWN, vocabulary: Vocabulary | None = None) -> RuleBook:
    """Load and check a rules folder. Raises RuleBookError."""
    vocabulary = vocabulary or load_vocabulary()
    sources = dict(_sources(folder / "sources.yaml"))
    parameters = dict(_parameters(folder / "parameters.yaml", sources))
    reader = Reader(vocabulary, frozenset(parameters), {})
    reader = Reader(vocabulary, frozenset(parameters), dict(_groups(folder / "groups.yaml", reader)))
    files = sorted(folder.glob("*.rules.yaml"))
    if not files:
        raise RuleBookError(str(folder), None, "没有规则文件", "规则文件要以 .rules.yaml 结尾")
    rules: list[Rule] = []
    for path in files:
        rules.extend(_rules(path, reader, sources))
    _check_deadlines(folder / "parameters.yaml", parameters)
    book = RuleBook(tuple(rules), parameters, sources, vocabulary, folder)
    for rule in rules:
        _check_in_book(rule, book)
    return book


def _sources(path: Path) -> Iterator[tuple[str, Source]]:
    for name, written in (load_yaml(path) or {}).items():
        entry = read_entry(SourceEntry, written, path, [name])
        yield name, Source(name, entry.title, entry.stands_in)


def _parameters(path: Path, sources: Mapping[str, Source]) -> Iterator[tuple[str, Parameter]]:
    for name, written in (load_yaml(path) or {}).items():
        entry = read_entry(ParameterEntry, written, path, [name], name)
        _check_source(entry.source, sources, path, [name, "source"], name)
        yield name, Parameter(name, entry.label, entry.unit, tuple(sorted(entry.values.items())), entry.source)


def _groups(path: Path, reader: Reader) -> Iterator[tuple[str, tuple[Ask, ...]]]:
    for name, written in (load_yaml(path) or {}).items():
        entry = read_entry(GroupEntry, written, path, [name], name)
        try:
            yield name, reader.asks({"any_of": entry.any_of})
        except Mistake as mistake:
            raise fault_at(path, [name, *mistake.at], mistake.what, mistake.mend, name) from mistake


def _rules(path: Path, reader: Reader, sources: Mapping[str, Source]) -> Iterator[Rule]:
    theme = path.name.removesuffix(".rules.yaml")
    if theme not in {*reader.vocabulary.themes, "visit", GENERAL}:
        mend = did_you_mean(theme, reader.vocabulary.themes)
        raise RuleBookError(f"{path.parent.name}/{path.name}", None, f"没有“{theme}”这个主题", mend)
    written = load_yaml(path)
    if not isinstance(written, list):
        raise fault_at(path, [], "规则文件应是一串规则", "每条规则以“- id:”开头")
    for index, each in enumerate(written):
        called = str(each.get("id", "")) if isinstance(each, dict) else ""
        entry = read_entry(RuleEntry, each, path, [index], called)
        if entry.id.split(".")[0] != theme:
            raise fault_at(
                path, [index, "id"], f"编号应以“{theme}.”开头", f"写成 {theme}.{entry.id.split('.')[1]}", called
            )
        _check_source(entry.source, sources, path, [index, "source"], called)
        when = _conditions(entry.when, reader, path, [index, "when"], called)
        settled_when = _conditions(entry.settled_when, reader, path, [index, "settled_when"], called)
        rule = Rule(
            entry.id, theme, entry.label, entry.why, entry.source, entry.since, entry.until, when, _then(entry.then),
            settled_when, path, index,
        )  # fmt: skip
        _check_alone(rule, entry, reader.vocabulary)
        yield rule


def _conditions(
    written: list[Any], reader: Reader, path: Path, at: list[str | int], called: str
) -> tuple[Condition, ...]:
    found = []
    for index, each in enumerate(written):
        try:
            found.append(reader.condition(each))
        except Mistake as mistake:
            raise fault_at(path, [*at, index, *mistake.at], mistake.what, mistake.mend, called) from mistake
    return tuple(found)


def _then(entry: ThenEntry) -> Then:
    return Then(
        None if entry.severity == "default" else entry.severity,
        entry.severity == "default",
        tuple(FollowUp(each.owner, each.what, each.within) for each in entry.follow_ups),
        entry.instead_of,
        entry.finds,
        entry.state,
        entry.stage,
        entry.raises is not None,
        frozenset(entry.except_kinds),
    )


def _check_source(source: str, sources: Mapping[str, Source], path: Path, at: list[str | int], called: str) -> None:
    if source != OUR_PROPOSAL and source not in sources:
        raise fault_at(
            path, at, f"sources.yaml 里没有“{source}”", did_you_mean(source, [*sources, OUR_PROPOSAL]), called
        )


def _check_alone(rule: Rule, entry: RuleEntry, vocabulary: Vocabulary) -> None:
    """What a rule can get wrong by itself."""

    def wrong(field_: str, what: str, mend: str = "") -> RuleBookError:
        return fault_at(rule.file, [rule.index, *field_.split(".")], what, mend, rule.id)

    then = rule.then
    concludes = [bool(then.finds), then.flags, then.raises]
    if sum(concludes) > 1 or not (any(concludes) or then.follow_ups):
        raise wrong(
            "then", "then 只能有一个结论", "写 severity(标记)、finds(得出发现)、raises(升级)其中一个,或只写 follow_ups"
        )
    if then.finds and (then.finds not in vocabulary.kinds):
        raise wrong("then.finds", f"没有“{then.finds}”这个发现种类", did_you_mean(then.finds, vocabulary.kinds))
    if then.finds and then.follow_ups:
        raise wrong("then.follow_ups", "得出发现的规则不写跟进", "把跟进写到管这个发现的规则里")
    for kind in then.except_kinds - vocabulary.kinds.keys():
        raise wrong("then.except_kinds", f"没有“{kind}”这个发现种类", did_you_mean(kind, vocabulary.kinds))
    if all(condition.absent for condition in rule.when):
        raise wrong("when", "至少要有一个不是 none 的条件", "先写有什么,再写没有什么")
    if any(condition.absent for condition in rule.settled_when):
        raise wrong("settled_when", "settled_when 里不能写 none", "写哪句话、哪次走访表示已了结")
    if len(rule.when) > MOST_CONDITIONS:
        raise wrong("when", f"条件多于 {MOST_CONDITIONS} 个,引擎装不下", "请拆成两条规则")
    alternatives = 1
    for condition in rule.when:
        alternatives *= 1 if condition.absent else len(condition.asks)
    if alternatives > MOST_ALTERNATIVES:
        raise wrong("when", f"条件组合起来有 {alternatives} 种,多于 {MOST_ALTERNATIVES}", "请拆成几条规则,或改用 theme")
    if then.raises and rule.subject is None:
        raise wrong("when", "升级的规则要有一个发现", "加上 {finding: any}")
    if then.by_kind:
        for kind in {*rule.codes("kind")} or {""}:
            if kind not in vocabulary.kinds or vocabulary.kinds[kind].severity is None:
                raise wrong("then.severity", "这里没有默认的等级可用", "直接写 P0、P1、P2 或 P3")
    severities = {vocabulary.kinds[kind].severity for kind in rule.codes("kind")} if then.by_kind else {then.severity}
    if Severity.RECORD in severities and any(follow_up.within is None for follow_up in then.follow_ups):
        raise wrong("then.follow_ups", "P- 没有默认的期限", "给每个跟进写上 within")
    if entry.until and entry.until <= entry.since:
        raise wrong("until", "until 不晚于 since,这条规则永远不生效", "until 是失效的那一天")
    _check_why(rule, wrong)


def _check_why(rule: Rule, wrong: Any) -> None:
    if (rule.then.flags or rule.then.raises) and not rule.why:
        raise wrong("why", "缺少“why”", "写一句话说明为什么,例如 why: “{quote}”,软管要换")
    try:
        names = {name for _, name, _, _ in Formatter().parse(rule.why) if name is not None}
    except ValueError as fault:
        raise wrong("why", "why 里的花括号不成对", "写成 {quote}") from fault
    for name in names - PLACEHOLDERS.keys():
        raise wrong("why", f"why 里不能用“{{{name}}}”", did_you_mean(name, PLACEHOLDERS))


def _check_in_book(rule: Rule, book: RuleBook) -> None:
    """What a rule can get wrong towards other rules and the parameters."""

    def wrong(field_: str, what: str, mend: str = "") -> RuleBookError:
        return fault_at(rule.file, [rule.index, *field_.split(".")], what, mend, rule.id)

    if book.by_id[rule.id] is not rule:
        other = book.by_id[rule.id]
        raise wrong("id", f"编号“{rule.id}”用了两次(另一条在 {other.file.name})", "请给其中一条另取编号")
    for target in rule.then.instead_of:
        if target not in book.by_id or target == rule.id or not book.by_id[target].then.flags:
            flags = [each.id for each in book.rules if each.then.flags]
            raise wrong("then.instead_of", f"没有“{target}”这条标记规则可代替", did_you_mean(target, flags))
    for follow_up in rule.then.follow_ups:
        if follow_up.within is not None and follow_up.within not in book.parameters:
            spans = [name for name, each in book.parameters.items() if each.unit in TIME_UNITS]
            raise wrong(
                "then.follow_ups", f"parameters.yaml 里没有“{follow_up.within}”", did_you_mean(follow_up.within, spans)
            )
        if follow_up.within is not None and book.parameters[follow_up.within].unit not in TIME_UNITS:
            raise wrong("then.follow_ups", f"“{follow_up.within}”不是时间", f"期限的单位应是{'、'.join(TIME_UNITS)}")
    for name in sorted(_parameters_of(rule)):
        if book.parameters[name].on(rule.since) is None:
            first = book.parameters[name].values[0][0]
            raise wrong(
                "since",
                f"参数“{name}”从 {first} 才有值,早于它的规则算不出来",
                f"把 since 改到 {first} 或更晚,或给参数补上更早的值",
            )


def _parameters_of(rule: Rule) -> set[str]:
    limits: set[str] = {
        limit.at
        for condition in (*rule.when, *rule.settled_when)
        for ask in condition.asks
        for limit in ask.limits
        if isinstance(limit.at, str)
    }
    spans = {follow_up.within for follow_up in rule.then.follow_ups if follow_up.within}
    return limits | spans | (set(DEADLINES.values()) if rule.then.follow_ups else set())


def _check_deadlines(path: Path, parameters: Mapping[str, Parameter]) -> None:
    for name in DEADLINES.values():
        if name not in parameters:
            raise fault_at(
                path, [], f"缺少期限“{name}”", "补上,写法如:{label: P1 当日, unit: 小时, values: {2026-01-01: 24}, …}"
            )
        if parameters[name].unit not in TIME_UNITS:
            raise fault_at(path, [name, "unit"], f"“{name}”的单位不是时间", f"写{'、'.join(TIME_UNITS)}")
