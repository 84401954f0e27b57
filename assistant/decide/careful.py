"""Decide so that one rule's fault, or one household's bad data, stops nobody else.

    troubles: list[Trouble] = []
    decisions = decide_carefully(reading, records, at, matcher, troubles.append)

A rule that fails is left out for this one case, and named. A household whose record can't be used is decided from the
message alone, so that what was just reported is never lost. A sentence that can't be filled gives way to the rule's
label: its flag stands. Whatever can't be put down to a rule or a record is raised: the turn sets such a message aside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.decide import decide_case, record_of
from assistant.domain.casework import Decision
from assistant.domain.reports import CaseReading, KnownHousehold, Reading
from rules.engine.inforce import RulesInForce
from rules.engine.matcher import Matcher
from rules.engine.reference import ReferenceMatcher


@dataclass(frozen=True)
class Trouble:
    """``rule`` failed at ``key``, or (None) the record of ``key`` could not be used. ``error`` names the type only."""

    rule: str | None
    key: str
    error: str


#: what a rule or a record can raise; anything else is a fault of the program or the machine
_FAULTS = (ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError)


def decide_carefully(
    reading: Reading,
    records: Sequence[KnownHousehold],
    at: datetime,
    matcher: Matcher,
    on_trouble: Callable[[Trouble], None],
) -> tuple[Decision, ...]:
    """What ``decide`` gives, with each case on its own."""
    rules = matcher.book.on(at.date())
    return tuple(_one(case, record_of(case, records), at, rules, matcher, on_trouble) for case in reading.cases)


def _one(
    case: CaseReading,
    record: KnownHousehold | None,
    at: datetime,
    rules: RulesInForce,
    matcher: Matcher,
    on_trouble: Callable[[Trouble], None],
) -> Decision:
    def at_a_loss_for_words(rule: str, fault: Exception) -> None:
        on_trouble(Trouble(rule, case.key, type(fault).__name__))

    try:
        return decide_case(case, record, at, rules, matcher, at_a_loss_for_words)[0]
    except _FAULTS as fault:
        error, cause = type(fault).__name__, fault
    for rule in rules.by_id:
        try:
            fewer = without(rules, rule)
            decision, _ = decide_case(case, record, at, fewer, ReferenceMatcher(matcher.book), at_a_loss_for_words)
        except _FAULTS:
            continue
        on_trouble(Trouble(rule, case.key, error))
        return decision
    if record is None:
        raise cause
    decision = _one(case, None, at, rules, matcher, on_trouble)
    on_trouble(Trouble(None, case.key, error))
    return decision


def without(rules: RulesInForce, rule: str) -> RulesInForce:
    """The same day's rules but one."""
    members = {group: tuple(each for each in found if each.rule.id != rule) for group, found in rules.rules.items()}
    throttles = {name: each for name, each in rules.throttles.items() if name != rule}
    return replace(rules, rules=members, throttles=throttles)
