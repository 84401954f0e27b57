"""What durable_rules 2.0.28 does outside its safe subset: the reasons for how we compile, each held by a test.

Each try runs in a process of its own, because some of them crash it. A test that fails after an upgrade says that a
precaution can go, or that a new one is needed; ``rules/engine/compile.py`` and ``child.py`` name the precautions.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import pytest

from rules.engine.durable import is_available

SCRIPT = """
import copy, json, sys
from durable import engine
rules, facts, how = json.loads(sys.argv[1])

class Host(engine.Host):
    def __init__(self):
        self.hits = []
        super().__init__()
        self.set_rulesets({"t": {**copy.deepcopy(rules), "zz_end": {"all": [{"m": {"type": "$end"}}], "run": "end", "pri": 9999}}})
    def _run(self): pass
    def get_action(self, name):
        def record(c):
            if name == "raises": raise ValueError("in an action")
            if name != "end": self.hits.append([name, sorted(c._m[a].get("n") for a in c._m)])
        return record

host = Host()
out = {"raised": None}
try:
    if how == "events":
        for fact in facts: host.post("t", fact | {"sid": "s"})
    elif how == "singly":
        for fact in facts: host.assert_fact("t", fact | {"sid": "s"})
    else:
        host.assert_facts("t", [fact | {"sid": "s"} for fact in facts])
except Exception as fault:
    out["raised"] = type(fault).__name__
host.post("t", {"type": "$end", "sid": "s"})
out["state"] = host.get_state("t", "s")
out["hits"] = host.hits
print(json.dumps(out))
"""  # noqa: E501

FINDING = {"a": {"type": "finding"}}


class Tried(NamedTuple):
    """``code`` is the process's exit status; negative where a signal ended it."""

    code: int
    hits: list[Any]
    raised: str | None
    state: dict[str, Any]


@pytest.fixture
def attempt(missing: Callable[[str], NoReturn]) -> Callable[..., Tried]:
    if not is_available():
        missing("durable_rules is not installed: run make setup with a C compiler")

    def run(conditions: dict[str, list[dict[str, Any]]], facts: list[dict[str, Any]], how: str = "facts") -> Tried:
        rules = {
            name: {"all": each, "run": "raises" if name == "raises" else name} for name, each in conditions.items()
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, json.dumps([rules, facts, how])], capture_output=True, text=True, timeout=60
        )
        if done.returncode != 0:
            return Tried(done.returncode, [], None, {})
        out = json.loads(done.stdout)
        return Tried(0, out["hits"], out["raised"], out["state"])

    return run


def test_asserting_no_facts_at_all_crashes(attempt: Callable[..., Tried]) -> None:
    assert attempt({"r": [FINDING]}, []).code < 0


def test_facts_wake_every_rule_and_events_only_one(attempt: Callable[..., Tried]) -> None:
    two = {"r1": [FINDING], "r2": [FINDING]}
    fact = [{"type": "finding", "n": 1}]

    assert attempt(two, fact).hits == [["r1", [1]], ["r2", [1]]]
    assert attempt(two, fact, "events").hits == [["r1", [1]]]


def test_equal_facts_count_once_unless_something_tells_them_apart(attempt: Callable[..., Tried]) -> None:
    rule = {"r": [FINDING]}

    same = attempt(rule, [{"type": "finding"}, {"type": "finding"}])
    told_apart = attempt(rule, [{"type": "finding", "n": 1}, {"type": "finding", "n": 2}])

    assert (len(same.hits), same.raised) == (1, "MessageObservedException")
    assert (len(told_apart.hits), told_apart.raised) == (2, None)


def test_a_number_and_its_text_count_as_the_same_fact(attempt: Callable[..., Tried]) -> None:
    tried = attempt({"r": [FINDING]}, [{"type": "finding", "x": 1}, {"type": "finding", "x": "1"}])

    assert tried.raised == "MessageObservedException"


def test_comparisons_coerce_text_and_misread_large_numbers(attempt: Callable[..., Tried]) -> None:
    rule = {"r": [{"a": {"$gte": {"x": 16.7}}}]}
    facts = [{"x": 16.7, "n": 1}, {"x": "17", "n": 2}, {"x": 1e16, "n": 3}]

    hits = attempt(rule, facts, "singly").hits

    assert ["r", [2]] in hits
    assert ["r", [3]] not in hits


def test_truth_and_its_text_are_not_told_apart(attempt: Callable[..., Tried]) -> None:
    hits = attempt({"r": [{"a": {"x": True}}]}, [{"x": True, "n": 1}, {"x": "true", "n": 2}]).hits

    assert sorted(hits) == [["r", [1]], ["r", [2]]]


def test_none_never_fires_when_it_comes_first(attempt: Callable[..., Tried]) -> None:
    absent_first = {"r": [{"b$not": {"type": "visit"}}, FINDING]}
    absent_last = {"r": [FINDING, {"b$not": {"type": "visit"}}]}
    fact = [{"type": "finding", "n": 1}]

    assert attempt(absent_first, fact).hits == []
    assert attempt(absent_last, fact).hits == [["r", [1]]]


def test_none_is_wrong_for_a_fact_that_comes_late(attempt: Callable[..., Tried]) -> None:
    rule = {"r": [FINDING, {"b$not": {"type": "visit"}}]}
    finding, visit = {"type": "finding", "n": 1}, {"type": "visit", "n": 2}

    assert attempt(rule, [visit, finding]).hits == []
    assert attempt(rule, [finding, visit]).hits == [["r", [1]]]


def test_none_does_not_see_the_fact_that_the_match_itself_uses(attempt: Callable[..., Tried]) -> None:
    """Why an absence is a fact of its own in what we compile."""
    rule = {"r": [FINDING, {"b$not": {"kind": "gas.hose"}}]}

    assert attempt(rule, [{"type": "finding", "kind": "gas.hose", "n": 1}]).hits == [["r", [1]]]


def test_a_match_never_uses_one_fact_twice(attempt: Callable[..., Tried]) -> None:
    """The language says so too: two conditions of a rule never mean the same fact."""
    rule = {"r": [FINDING, {"b": {"kind": "gas.hose"}}]}
    hose, leak = {"type": "finding", "kind": "gas.hose", "n": 1}, {"type": "finding", "kind": "gas.leak", "n": 2}

    assert attempt(rule, [hose]).hits == []
    assert attempt(rule, [hose, leak]).hits == [["r", [1, 2]]]


def test_an_exception_in_an_action_is_swallowed_into_the_state(attempt: Callable[..., Tried]) -> None:
    tried = attempt({"raises": [FINDING]}, [{"type": "finding", "n": 1}])

    assert tried.hits == []
    assert "in an action" in tried.state["exception"]


def test_a_rule_holds_sixteen_patterns_and_no_more(attempt: Callable[..., Tried]) -> None:
    def rule(patterns: int) -> dict[str, list[dict[str, Any]]]:
        return {"r": [{f"c{i:02}": {"$and": [{"type": "f"}, {"k": str(i)}]}} for i in range(patterns)]}

    facts = [{"type": "f", "k": str(i), "n": i} for i in range(17)]

    assert len(attempt(rule(16), facts[:16]).hits) == 1
    assert attempt(rule(17), facts).hits == []
