"""The scenarios notice a slip of the pen: a number moved by one, a condition dropped."""

import pytest

from assistant.decide.mutants import Verdict, hunt, mutants
from rules.engine.book import RuleBook, load_rules
from tests.rules.conftest import HOSE, PARAMETERS, WriteFolder

OLD_PERSON = HOSE.replace("id: gas.hose", "id: gas.hose-old").replace(
    "  then:", "    - {person: any, age_at_least: very_old}\n  then:"
)
JUST_OLD = """
- scenario: 80岁的
  findings: [{kind: gas.hose}]
  people: [{name: 李婆婆, age: 80}]
  expect: {severity: P2, flags: [gas.hose-old]}
"""
NOT_YET = """
- scenario: 79岁的
  findings: [{kind: gas.hose}]
  people: [{name: 李婆婆, age: 79}]
  expect: {severity: P-, flags: []}
"""
ONE_ONLY = """
- scenario: 没有发现
  people: [{name: 李婆婆, age: 80}]
  expect: {severity: P-, flags: []}
"""


def survivors(verdicts: list[Verdict]) -> list[str]:
    return [verdict.mutant.what for verdict in verdicts if verdict.caught_by is None]


def test_nearly_every_slip_in_our_own_rules_is_noticed(book: RuleBook) -> None:
    verdicts = list(hunt(book))

    for kind in ("threshold", "condition", "alternative", "field"):
        of_kind = [verdict for verdict in verdicts if verdict.mutant.kind == kind]
        caught = sum(verdict.caught_by is not None for verdict in of_kind)
        assert len(of_kind) > 50
        assert caught >= 0.95 * len(of_kind), survivors(of_kind)


@pytest.mark.parametrize(
    ("scenarios", "unnoticed"),
    [
        (JUST_OLD + NOT_YET + ONE_ONLY, set()),
        (JUST_OLD + ONE_ONLY, {"very_old(高龄)改动 -1", "去掉第2个条件", "去掉 age_at_least"}),
        (NOT_YET + ONE_ONLY, {"very_old(高龄)改动 +1"}),
    ],
    ids=["all", "no near miss", "no firing"],
)
def test_what_no_scenario_holds_is_named(folder: WriteFolder, scenarios: str, unnoticed: set[str]) -> None:
    deadline = "\n- scenario: 期限\n  findings: [{kind: gas.hose}]\n  people: [{name: 李, age: 90}]\n" + (
        "  expect: {severity: P2, due: {gas: 7d}}\n"
    )
    book = load_rules(folder(gas_rules=OLD_PERSON, gas_scenarios=scenarios + deadline))

    left = {what for what in survivors(list(hunt(book))) if "deadline" not in what}

    assert {each for each in unnoticed if not any(what.endswith(each) for what in left)} == set()
    assert {what for what in left if not any(what.endswith(each) for each in unnoticed)} == set()


def test_every_mutant_differs_from_the_book(folder: WriteFolder) -> None:
    book = load_rules(folder(gas_rules=OLD_PERSON, parameters=PARAMETERS))

    for mutant in mutants(book):
        assert (mutant.book.rules, mutant.book.parameters) != (book.rules, book.parameters)
