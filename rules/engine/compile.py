"""Rules in force → durable_rules rulesets, inside the subset that its 2020 release is safe in (durable-rules.md).

What is emitted: rules of equality patterns that name ``type ==`` first, joined inside one evaluation, facts only. What
is not: comparisons and arithmetic (thresholds are boolean fields already), ``none``, ``any``, events, text matching.

``none`` is left out although the subset allows it, because the engine skips, when it looks whether a fact stands
against a match, the very facts that the match already uses: with ``{finding: any}`` and none of ``{finding: gas.hose}``
a lone hose would count as "no hose". An absence is therefore a fact of its own, ``{"type": "absent", "what": …}``, put
down by ``with_absences`` when no fact fits; so the order of facts does not matter either.

A theme has a ruleset of its own for each group, and more where it has many rules, so that a fault stays apart and the
engine's limits (60 rules on one shared prefix, 400 first alternatives) are never near.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from rules.engine.inforce import Clause, Group, Pattern, RuleInForce, RulesInForce
from rules.engine.matcher import Fact, fits

#: most compiled rules in one ruleset: under the engine's 60 on a shared prefix
MOST_IN_RULESET = 40
#: ends an evaluation: everything that matched is reported before it
END = {"zz_end": {"all": [{"m": {"type": "$end"}}], "run": "end", "pri": 9999}}


@dataclass(frozen=True)
class Compiled:
    """One group of one edition: rulesets by name, which of our rules theirs are, and the absences they ask for."""

    rulesets: dict[str, dict[str, Any]]
    rule_ids: dict[str, str]
    absences: tuple[Clause, ...]
    #: the patterns that can start a rule of each ruleset; a ruleset that no fact starts need not be asked
    starts: dict[str, tuple[Pattern, ...]]


def compile_group(rules: RulesInForce, group: Group, prefix: str = "") -> Compiled:
    """Everything the engine needs to know of one group. A process has each name once: ``prefix`` begins them all."""
    rulesets: dict[str, dict[str, Any]] = {}
    rule_ids: dict[str, str] = {}
    starts: dict[str, list[Pattern]] = {}
    absences: dict[Clause, str] = {}
    members: dict[str, list[RuleInForce]] = {}
    for member in rules.rules[group]:
        members.setdefault(member.rule.theme, []).append(member)
    for theme, of_theme in members.items():
        for part, chunk in enumerate(_chunks(_variants(of_theme, absences), MOST_IN_RULESET)):
            name = f"{prefix}{group}_{theme}_{part}"
            ruleset: dict[str, Any] = {}
            for rule_id, patterns in chunk:
                compiled_id = f"r{len(rule_ids)}"
                rule_ids[compiled_id] = rule_id
                conditions = [{f"c{i}": _expression(pattern)} for i, pattern in enumerate(patterns)]
                ruleset[compiled_id] = {"all": conditions, "run": compiled_id}
                starts.setdefault(name, []).append(patterns[0])
            rulesets[name] = ruleset | END
    found = tuple(absences)
    return Compiled(rulesets, rule_ids, found, {name: tuple(dict.fromkeys(each)) for name, each in starts.items()})


def with_absences(facts: Sequence[Fact], absences: Iterable[Clause]) -> list[Fact]:
    """The facts, and one for each clause that none of them fits."""
    missing: list[Fact] = []
    first = max((int(fact["n"]) for fact in facts), default=0) + 1
    for index, clause in enumerate(absences):
        if not any(fits(fact, pattern) for fact in facts for pattern in clause):
            missing.append({"type": "absent", "n": first + len(missing), "what": f"a{index}"})
    return [*facts, *missing]


def _variants(members: Iterable[RuleInForce], absences: dict[Clause, str]) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    """A rule for each combination of alternatives; absences come last, as patterns of their own."""
    for member in members:
        tail = tuple(
            (("type", "absent"), ("what", absences.setdefault(clause, f"a{len(absences)}"))) for clause in member.absent
        )
        for patterns in product(*member.when):
            yield member.rule.id, (*patterns, *tail)


def _expression(pattern: Pattern) -> dict[str, Any]:
    terms: list[dict[str, str | bool]] = [{field: value} for field, value in pattern]
    return {"$and": terms} if len(terms) > 1 else terms[0]


def _chunks(
    variants: Iterable[tuple[str, tuple[Pattern, ...]]], size: int
) -> Iterator[list[tuple[str, tuple[Pattern, ...]]]]:
    chunk: list[tuple[str, tuple[Pattern, ...]]] = []
    for variant in variants:
        chunk.append(variant)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
