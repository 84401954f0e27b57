"""The project's own rules against their scenarios, and what the player of scenarios notices."""

from collections.abc import Callable
from typing import NoReturn

import pytest

from assistant.decide.trial import Outcome, Trial, applies, left_out, put_to_use
from assistant.domain.errors import EngineError, RuleBookError
from rules.engine.book import RuleBook, load_rules
from rules.engine.durable import DurableMatcher, is_available
from rules.engine.matcher import Match
from rules.engine.opening import WithoutEngine, self_test
from rules.engine.reference import ReferenceMatcher
from rules.engine.scenarios import Cell, Scenario, load_scenarios
from tests.rules.conftest import WriteFolder

OWN = load_rules()


def _named(scenario: Scenario) -> str:
    return f"{scenario.file.name.removesuffix('.scenarios.yaml')}: {scenario.entry.scenario}"


@pytest.mark.parametrize("scenario", load_scenarios(OWN), ids=_named)
def test_what_follows_is_as_written(scenario: Scenario) -> None:
    outcome = Trial(ReferenceMatcher(OWN)).play(scenario)

    assert outcome.problems == ()


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    trial = Trial(ReferenceMatcher(OWN))
    return [trial.play(scenario) for scenario in load_scenarios(OWN)]


def test_every_rule_has_every_kind_of_scenario(outcomes: list[Outcome]) -> None:
    shown = {cell for outcome in outcomes for cell in outcome.cells}

    lacking = [
        (rule.id, cell) for rule in OWN.rules for cell in Cell if applies(cell, rule) and (rule.id, cell) not in shown
    ]

    assert lacking == []


def test_a_scenario_has_a_name_of_its_own() -> None:
    names = [_named(scenario) for scenario in load_scenarios(OWN)]

    assert len(names) == len(set(names))


def test_the_engine_and_the_reference_agree_on_every_scenario(missing: Callable[[str], NoReturn]) -> None:
    if not is_available():
        missing("durable_rules is not installed: run make setup with a C compiler")
    trial = Trial(ReferenceMatcher(OWN))
    for scenario in load_scenarios(OWN):
        trial.play(scenario)
    matcher = DurableMatcher(OWN, timeout=20)

    asked = self_test(matcher, trial.questions)

    matcher.close()
    assert asked > 1000
    assert not matcher.faults


RIGHT = """
- scenario: 软管老化
  findings: [{kind: gas.hose, quote: 软管老化}]
  expect: {severity: P2, flags: [gas.hose], owners: [gas], due: {gas: 7d}, why: [软管老化]}
  turned: all
"""
WRONG = {
    "severity": ("severity: P2", "severity: P1", "等级应是 P1,得出 P2"),
    "flags": ("flags: [gas.hose]", "flags: []", "标记应是 无,得出 gas.hose"),
    "owners": ("owners: [gas]", "owners: [fire]", "该找的人应是 fire,得出 gas"),
    "due": ("due: {gas: 7d}", "due: {gas: 24h}", "gas 的期限应是 24h"),
    "why": ("why: [软管老化]", "why: [软管开裂]", "理由里应有“软管开裂”"),
    "closes": ("severity: P2", "severity: P2, closes: [gas.hose]", "可办结的应是 gas.hose,得出 无"),
    "finds": ("severity: P2", "severity: P2, finds: [gas.leak]", "应得出发现 gas.leak"),
    "silent": ("  turned: all", "  silent: {gas.hose: near_miss}", "规则 gas.hose 不该触发"),
}


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG.values(), ids=WRONG)
def test_what_does_not_come_out_is_told(folder: WriteFolder, right: str, wrong: str, told: str) -> None:
    book = load_rules(folder(gas_scenarios=RIGHT.replace(right, wrong)))

    outcome = Trial(ReferenceMatcher(book)).play(load_scenarios(book)[0])

    assert any(told in problem for problem in outcome.problems), outcome.problems


@pytest.fixture
def old(book: RuleBook) -> WithoutEngine:
    return WithoutEngine(book)


def test_a_new_book_is_put_to_use_when_its_scenarios_hold(folder: WriteFolder, old: WithoutEngine) -> None:
    book = load_rules(folder(gas_scenarios=RIGHT))

    fresh = put_to_use(book, old)

    fresh.close()
    assert fresh.book is book
    assert not fresh.faults


def test_a_new_book_with_a_scenario_that_fails_is_not_put_to_use(folder: WriteFolder, old: WithoutEngine) -> None:
    book = load_rules(folder(gas_scenarios=RIGHT.replace("P2", "P0")))

    with pytest.raises(RuleBookError, match=r"gas\.scenarios\.yaml 第2行.*软管老化.*等级应是 P0"):
        put_to_use(book, old)


def test_a_self_test_notices_a_matcher_that_answers_otherwise(book: RuleBook) -> None:
    class Silent(ReferenceMatcher):
        def match(self, rules: object, group: object, facts: object) -> tuple[Match, ...]:
            return ()

    trial = Trial(ReferenceMatcher(book))
    for scenario in load_scenarios(book)[:3]:
        trial.play(scenario)

    with pytest.raises(EngineError):
        self_test(Silent(book), trial.questions)


def test_what_a_book_lacks_is_told(folder: WriteFolder) -> None:
    lacks = left_out(load_rules(folder()))

    assert any("gas.leak" in line for line in lacks)
    assert left_out(OWN) == []


def test_a_scenario_in_words_is_played_only_with_a_reader(folder: WriteFolder) -> None:
    words = "- scenario: 软管老化\n  report: 3-2-501软管老化\n  expect: {severity: P2}\n"
    book = load_rules(folder(gas_scenarios=words))

    outcome = Trial(ReferenceMatcher(book)).play(load_scenarios(book)[0])

    assert not outcome.played
