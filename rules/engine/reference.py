"""The reference matcher: plain Python, no dependency, no child process.

It is the oracle that durable_rules is tested against, what answers when the engine fails or is not there, and what
``weiguang read`` uses, because it is the faster one for single messages. Rules are compiled once for each edition; an
index on fields leaves only the rules that some fact can wake.
"""

from collections import Counter
from collections.abc import Sequence

from rules.engine.book import RuleBook
from rules.engine.inforce import Clause, Group, Pattern, RuleInForce, RulesInForce
from rules.engine.matcher import Fact, Match, fits

#: how rarely a field is set, so that a rule is woken by its rarest one; a field not named here is rarest of all
_COMMONNESS = {"type": 5, "active": 4, "state": 3, "outcome": 2, "theme": 1, "stage": 1, "said": 4}

#: compiled groups kept; a book has three for each span of days between two changes
MOST_EDITIONS = 60

_Key = tuple[str, str, str | bool]


class ReferenceMatcher:
    """Holds nothing but compiled rules; safe to share between threads."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.faults: Counter[str] = Counter()
        self._compiled: dict[tuple[int, Group], _Compiled] = {}

    def match(self, rules: RulesInForce, group: Group, facts: Sequence[Fact]) -> tuple[Match, ...]:
        key = (id(rules), group)
        compiled = self._compiled.get(key)
        if compiled is None or compiled.rules is not rules:
            if len(self._compiled) >= MOST_EDITIONS:
                self._compiled.clear()
            compiled = self._compiled[key] = _Compiled(rules, group)
        return compiled.match(facts)

    def describe(self) -> str:
        return "规则匹配:纯 Python 参考匹配器"

    def close(self) -> None:
        return None


class _Compiled:
    """One group of one edition, with its wake-up index."""

    def __init__(self, rules: RulesInForce, group: Group) -> None:
        self.rules = rules
        self._members = rules.rules[group]
        self._wakes: dict[_Key, list[int]] = {}
        for index, member in enumerate(self._members):
            for key in _waking_keys(member):
                self._wakes.setdefault(key, []).append(index)

    def match(self, facts: Sequence[Fact]) -> tuple[Match, ...]:
        wakes = self._wakes
        awake: set[int] = set()
        for fact in facts:
            type_ = fact["type"]
            for field, value in fact.items():
                if field != "n" and (found := wakes.get((type_, field, value))):  # type: ignore[arg-type]
                    awake.update(found)
        matches: set[Match] = set()
        for index in awake:
            member = self._members[index]
            if any(_somebody_fits(clause, facts) for clause in member.absent):
                continue
            matches.update(Match(member.rule.id, chosen) for chosen in _choices(member.when, facts))
        return tuple(sorted(matches))


def _choices(clauses: Sequence[Clause], facts: Sequence[Fact]) -> list[tuple[int, ...]]:
    """Every choice of distinct facts, one for each clause."""
    chosen: list[tuple[int, ...]] = [()]
    for clause in clauses:
        fitting = [int(fact["n"]) for fact in facts if any(fits(fact, pattern) for pattern in clause)]
        if not fitting:
            return []
        chosen = [(*before, n) for before in chosen for n in fitting if n not in before]
    return chosen


def _somebody_fits(clause: Clause, facts: Sequence[Fact]) -> bool:
    return any(fits(fact, pattern) for fact in facts for pattern in clause)


def _waking_keys(member: RuleInForce) -> set[_Key]:
    """The keys of the clause that wakes the rule most rarely: one for each of its patterns."""
    best = min(member.when, key=lambda clause: max(_rarest(pattern)[0] for pattern in clause))
    return {_rarest(pattern)[1] for pattern in best}


def _rarest(pattern: Pattern) -> tuple[int, _Key]:
    type_ = str(pattern[0][1])
    return min(
        ((_COMMONNESS.get(field, 0), (type_, field, value)) for field, value in pattern), key=lambda each: each[0]
    )
