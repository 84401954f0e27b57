"""What a matcher promises, whoever does the matching.

``open_matcher`` takes durable_rules where it can be had and the reference matcher elsewhere; ``describe`` says which.
Facts are flat: ``{"type": "finding", "n": 3, "kind": "gas.hose", "active": True, …}``; ``n`` is a small number that no
other fact of the evaluation has.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rules.engine.book import RuleBook
from rules.engine.inforce import Group, Pattern, RulesInForce

#: field values are strings and booleans; ``n`` alone is an int
Fact = Mapping[str, str | bool | int]


@dataclass(frozen=True, order=True)
class Match:
    """Rule ``rule`` speaks of these facts, by ``n``, one for each positive condition in the rule's order."""

    rule: str
    facts: tuple[int, ...]


class Matcher(Protocol):
    """Finds every way in which the rules of a group fit the facts of one household."""

    #: the rules that it matches with
    book: RuleBook
    #: what went wrong so far, by name (crash, timeout, failure); empty for the reference matcher
    faults: Counter[str]

    def match(self, rules: RulesInForce, group: Group, facts: Sequence[Fact]) -> tuple[Match, ...]:
        """All matches, sorted by rule and facts. Never raises for what the engine does: see ``faults``."""
        ...

    def describe(self) -> str:
        """One Chinese line for the start-up message and the console: what does the matching, and how it fares."""
        ...

    def close(self) -> None:
        """End what it started. A closed matcher is not used again."""
        ...


def fits(fact: Fact, pattern: Pattern) -> bool:
    """Has the fact all the pattern's fields, with these values?"""
    for field, value in pattern:  # noqa: SIM110 - asked for each rule of each message: twice as fast as all()
        if fact.get(field) != value:
            return False
    return True
