"""durable_rules, the reference matcher and a slow reading of the language say the same of every rule and fact."""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings

from rules.engine.durable import DurableMatcher, is_available
from rules.engine.inforce import Group, RulesInForce
from rules.engine.matcher import Match, fits
from rules.engine.reference import ReferenceMatcher
from tests.rules.random_books import cases, empty_book

#: a child keeps every ruleset that it was given: a fresh one now and then keeps it small
BOOKS_PER_CHILD = 200

Case = tuple[RulesInForce, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def durable(missing: Callable[[str], NoReturn]) -> Iterator[DurableMatcher]:
    if not is_available():
        missing("durable_rules is not installed: run make setup with a C compiler")
    matcher = DurableMatcher(empty_book(), timeout=20)
    yield matcher
    matcher.close()


@pytest.fixture(scope="module")
def reference() -> ReferenceMatcher:
    return ReferenceMatcher(empty_book())


def spelled_out(rules: RulesInForce, facts: list[dict[str, Any]]) -> tuple[Match, ...]:
    """The language by its definition, with no index and no shortcut: every choice of distinct facts is tried."""
    found = set()
    for member in rules.rules[Group.FLAGS]:
        absent = not any(fits(fact, pattern) for clause in member.absent for pattern in clause for fact in facts)
        for chosen in permutations(facts, len(member.when)):
            if absent and all(
                any(fits(fact, pattern) for pattern in clause) for clause, fact in zip(member.when, chosen, strict=True)
            ):
                found.add(Match(member.rule.id, tuple(fact["n"] for fact in chosen)))
    return tuple(sorted(found))


@given(case=cases())
@settings(max_examples=300)
def test_the_reference_matcher_keeps_to_the_definition(reference: ReferenceMatcher, case: Case) -> None:
    rules, facts = case

    assert reference.match(rules, Group.FLAGS, facts) == spelled_out(rules, facts)


def agree(durable: DurableMatcher, reference: ReferenceMatcher, case: Case) -> int:
    """Try the rules on the facts, then without each of them in turn (a near miss). How often they were tried."""
    if durable.books_loaded >= BOOKS_PER_CHILD:
        durable.restart()
    rules, facts = case
    tried = [facts, *([each for each in facts if each is not left_out] for left_out in facts)]

    for some in tried:
        assert durable.match(rules, Group.FLAGS, some) == reference.match(rules, Group.FLAGS, some)

    assert not durable.faults
    return len(tried)


@given(case=cases())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_durable_rules_and_the_reference_matcher_agree(
    durable: DurableMatcher, reference: ReferenceMatcher, case: Case
) -> None:
    agree(durable, reference, case)


@pytest.mark.slow
def test_durable_rules_and_the_reference_matcher_agree_ten_thousand_times(
    durable: DurableMatcher, reference: ReferenceMatcher
) -> None:
    times = 0

    @given(case=cases())
    @settings(max_examples=2_500, suppress_health_check=[HealthCheck.too_slow])
    def agrees(case: Case) -> None:
        nonlocal times
        times += agree(durable, reference, case)

    agrees()

    assert times >= 10_000


@given(case=cases())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_facts_changes_nothing(durable: DurableMatcher, case: Case) -> None:
    rules, facts = case

    assert durable.match(rules, Group.FLAGS, facts) == durable.match(rules, Group.FLAGS, facts[::-1])
