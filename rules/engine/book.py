"""The rule book: every rule, parameter, group and source of a folder, checked, and immutable.

    book = load_rules()                                  # the project's own rules/
    book = load_rules(Path("/etc/weiguang/rules"))
    rules = book.on(date(2026, 3, 2))                    # what is in force on that day

Loading refuses whatever a rule author can get wrong, with file, line, rule and the likely fix (RuleBookError). Nothing
is evaluated here.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.domain.errors import RuleBookError
from rules.engine.calendar import Period, dated, yearly
from rules.engine.checks import check_alone, check_deadlines, check_in_book, check_source, check_towards_each_other
from rules.engine.inforce import RulesInForce, put_in_force
from rules.engine.language import Ask, Condition, Mistake, Reader
from rules.engine.model import FollowUp, Parameter, Rule, Source, Then, Throttle, ThrottleWord
from rules.engine.schema import (
    CalendarEntry,
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


@dataclass(frozen=True, eq=False)
class RuleBook:
    """Immutable; ``on`` gives what holds on a day."""

    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    vocabulary: Vocabulary
    folder: Path
    calendar: tuple[Period, ...] = ()
    _editions: dict[date, RulesInForce] = field(default_factory=dict, repr=False, compare=False)

    def on(self, day: date) -> RulesInForce:
        """The rules in force on ``day``; the same object for all days between two changes."""
        index = bisect_right(self.changes, day) - 1
        first = self.changes[index] if index >= 0 else date.min
        if first not in self._editions:
            self._editions[first] = put_in_force(self.rules, self.parameters, first, self.calendar)
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
    calendar = tuple(_calendar(folder / "calendar.yaml", sources))
    reader = Reader(vocabulary, frozenset(parameters), {}, frozenset(period.name for period in calendar))
    reader = replace(reader, groups=dict(_groups(folder / "groups.yaml", reader)))
    files = sorted(folder.glob("*.rules.yaml"))
    if not files:
        raise RuleBookError(str(folder), None, "没有规则文件", "规则文件要以 .rules.yaml 结尾")
    rules: list[Rule] = []
    for path in files:
        rules.extend(_rules(path, reader, sources))
    check_deadlines(folder / "parameters.yaml", parameters)
    book = RuleBook(tuple(rules), parameters, sources, vocabulary, folder, calendar)
    for rule in rules:
        check_in_book(rule, book.by_id, parameters)
    check_towards_each_other(rules)
    return book


def _sources(path: Path) -> Iterator[tuple[str, Source]]:
    for name, written in (load_yaml(path) or {}).items():
        entry = read_entry(SourceEntry, written, path, [name])
        yield name, Source(name, entry.title, entry.stands_in)


def _parameters(path: Path, sources: Mapping[str, Source]) -> Iterator[tuple[str, Parameter]]:
    for name, written in (load_yaml(path) or {}).items():
        entry = read_entry(ParameterEntry, written, path, [name], name)
        check_source(entry.source, sources, path, [name, "source"], name)
        yield name, Parameter(name, entry.label, entry.unit, tuple(sorted(entry.values.items())), entry.source)


def _calendar(path: Path, sources: Mapping[str, Source]) -> Iterator[Period]:
    """The days that rules may ask for; a folder without the file has none."""
    for name, written in ((load_yaml(path) if path.exists() else None) or {}).items():
        entry = read_entry(CalendarEntry, written, path, [name], name)
        check_source(entry.source, sources, path, [name, "source"], name)
        for field_, spans, read, how in (
            ("every_year", entry.every_year, yearly, "06-15/08-31"),
            ("days", entry.days, dated, "2026-01-01/2026-01-03"),
        ):
            for index, span in enumerate(spans):
                try:
                    read(span)
                except ValueError as fault:
                    raise fault_at(
                        path, [name, field_, index], f"“{span}”不是日子", f"写成 {how},前面的不晚于后面的", name
                    ) from fault
        every_year, days = tuple(map(yearly, entry.every_year)), tuple(map(dated, entry.days))
        yield Period(name, entry.label, entry.source, every_year, days)


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
        check_source(entry.source, sources, path, [index, "source"], called)
        when = _conditions(entry.when, reader, path, [index, "when"], called)
        settled_when = _conditions(entry.settled_when, reader, path, [index, "settled_when"], called)
        rule = Rule(
            entry.id, theme, entry.label, entry.why, entry.source, entry.since, entry.until, when, _then(entry.then),
            settled_when, path, index, _throttle(entry),
        )  # fmt: skip
        check_alone(rule, entry, reader.vocabulary)
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


def _throttle(entry: RuleEntry) -> Throttle | None:
    if entry.accumulate_within is not None:
        return Throttle(ThrottleWord.ACCUMULATE_WITHIN, entry.accumulate_within.within, entry.accumulate_within.times)
    if entry.once_after is not None:
        return Throttle(ThrottleWord.ONCE_AFTER, entry.once_after)
    return None if entry.once_within is None else Throttle(ThrottleWord.ONCE_WITHIN, entry.once_within)


def _then(entry: ThenEntry) -> Then:
    return Then(
        None if entry.severity == "default" else entry.severity,
        entry.severity == "default",
        tuple(FollowUp(each.owner, each.what, each.within, each.on is not None) for each in entry.follow_ups),
        entry.instead_of,
        entry.finds,
        entry.state,
        entry.stage,
        entry.raises is not None,
        frozenset(entry.except_kinds),
        entry.tells is not None,
    )
