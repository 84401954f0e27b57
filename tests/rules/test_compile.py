"""What is handed to durable_rules stays inside the subset that it is safe in."""

from datetime import date
from typing import Any

import pytest

from rules.engine.book import RuleBook
from rules.engine.compile import MOST_IN_RULESET, compile_group, with_absences
from rules.engine.inforce import Group

DAY = date(2026, 3, 2)


@pytest.fixture(params=list(Group))
def rulesets(book: RuleBook, request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    return compile_group(book.on(DAY), request.param).rulesets


def _terms(expression: dict[str, Any]) -> list[tuple[str, Any]]:
    terms = expression.get("$and", [expression])
    return [(name, value) for term in terms for name, value in term.items()]


def test_patterns_are_equality_on_texts_and_truths_with_the_type_first(rulesets: dict[str, dict[str, Any]]) -> None:
    for ruleset in rulesets.values():
        for name, rule in ruleset.items():
            assert set(rule) <= {"all", "run", "pri"}
            for condition in rule["all"]:
                ((alias, expression),) = condition.items()
                terms = _terms(expression)
                assert "$" not in alias
                assert terms[0][0] == "type"
                assert all(isinstance(value, str | bool) and not field.startswith("$") for field, value in terms), name


def test_rulesets_stay_far_from_the_limits(rulesets: dict[str, dict[str, Any]]) -> None:
    for ruleset in rulesets.values():
        assert len(ruleset) <= MOST_IN_RULESET + 1
        assert all(len(rule["all"]) <= 16 for rule in ruleset.values())


def test_a_theme_has_rulesets_of_its_own(book: RuleBook) -> None:
    names = compile_group(book.on(DAY), Group.FLAGS, "e1_").rulesets

    assert {name.split("_")[2] for name in names} == {rule.theme for rule in book.rules if not rule.then.finds}
    assert all(name.startswith("e1_flags_") for name in names)


def test_an_absence_is_a_fact_only_where_nothing_fits() -> None:
    clause = ((("type", "visit"), ("outcome", "met")),)
    met = {"type": "visit", "n": 1, "outcome": "met"}
    missed = {"type": "visit", "n": 1, "outcome": "missed"}

    assert with_absences([met], (clause,)) == [met]
    assert with_absences([missed], (clause,)) == [missed, {"type": "absent", "n": 2, "what": "a0"}]
    assert with_absences([], (clause,)) == [{"type": "absent", "n": 1, "what": "a0"}]
