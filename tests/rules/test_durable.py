"""The engine's child process: whatever happens to it, the question is answered and the event counted."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import NoReturn

import pytest

from rules.engine.book import RuleBook
from rules.engine.durable import GIVE_UP_AFTER, REST_FOR, DurableMatcher, is_available
from rules.engine.inforce import Group, RulesInForce
from rules.engine.matcher import Match

LEAK = [{"type": "finding", "n": 1, "kind": "gas.leak", "theme": "gas", "state": "seen", "active": True}]
ANSWER = (Match("gas.leak", (1,)),)

#: a child that answers loading, and does something else when it is asked
TRICK = """
import json, os, signal, sys, time
for line in sys.stdin:
    if "load" in json.loads(line):
        print(json.dumps({"loaded": 1}), flush=True)
    else:
        %s
"""
TRICKS = {
    "kills itself": ("os.kill(os.getpid(), signal.SIGKILL)", "crash"),
    "crashes with an error": ("raise SystemExit(139)", "crash"),
    "says nothing": ("time.sleep(60)", "timeout"),
    "says half a line": ("sys.stdout.write('{'); sys.stdout.flush(); time.sleep(60)", "timeout"),
    "talks nonsense": ("print('segmentation', flush=True)", "failure"),
    "reports a fault": ("print(json.dumps({'fault': 'x'}), flush=True)", "failure"),
}


@pytest.fixture
def rules(book: RuleBook) -> RulesInForce:
    return book.on(date(2026, 3, 2))


@pytest.fixture
def durable(book: RuleBook, missing: Callable[[str], NoReturn]) -> Iterator[DurableMatcher]:
    if not is_available():
        missing("durable_rules is not installed: run make setup with a C compiler")
    matcher = DurableMatcher(book, timeout=20)
    yield matcher
    matcher.close()


def tricked(book: RuleBook, trick: str, seen: list[str] | None = None) -> DurableMatcher:
    def on_fault(name: str, about: str) -> None:
        if seen is not None:
            seen.append(name)

    return DurableMatcher(book, timeout=0.3, on_fault=on_fault, command=(sys.executable, "-c", TRICK % trick))


def test_the_child_answers(durable: DurableMatcher, rules: RulesInForce) -> None:
    assert durable.match(rules, Group.FLAGS, LEAK) == ANSWER
    assert not durable.faults


def test_facts_that_no_rule_asks_for_are_no_fault(durable: DurableMatcher, rules: RulesInForce) -> None:
    facts = [*LEAK, {"type": "visit", "n": 2, "outcome": "none"}, {"type": "history", "n": 3}]

    assert durable.match(rules, Group.FLAGS, facts) == ANSWER
    assert durable.match(rules, Group.FLAGS, []) == ()
    assert not durable.faults


@pytest.mark.parametrize(("trick", "fault"), TRICKS.values(), ids=TRICKS)
def test_the_reference_matcher_answers_when_the_child(
    book: RuleBook, rules: RulesInForce, trick: str, fault: str
) -> None:
    seen: list[str] = []
    matcher = tricked(book, trick, seen)

    answer = matcher.match(rules, Group.FLAGS, LEAK)

    matcher.close()
    assert answer == ANSWER
    assert matcher.faults == {fault: 1}
    assert seen == [fault]


def test_a_child_that_cannot_start_is_a_fault(book: RuleBook, rules: RulesInForce) -> None:
    matcher = DurableMatcher(book, command=("/no/such/python",))

    assert matcher.match(rules, Group.FLAGS, LEAK) == ANSWER
    assert matcher.faults == {"start": 1}


def test_a_child_that_was_killed_between_two_questions_is_replaced(
    durable: DurableMatcher, rules: RulesInForce
) -> None:
    durable.match(rules, Group.FLAGS, LEAK)
    killed = durable.child_pid
    assert killed
    os.kill(killed, signal.SIGKILL)

    first = durable.match(rules, Group.FLAGS, LEAK)
    second = durable.match(rules, Group.FLAGS, LEAK)

    assert first == second == ANSWER
    assert durable.faults == {"crash": 1}
    assert durable.child_pid not in (None, killed)


@pytest.fixture
def broken(book: RuleBook, rules: RulesInForce) -> Iterator[DurableMatcher]:
    """An engine that has failed so often in a row that it rests."""
    matcher = tricked(book, "raise SystemExit(1)")
    for _ in range(GIVE_UP_AFTER):
        matcher.match(rules, Group.FLAGS, LEAK)
    yield matcher
    matcher.close()


def test_an_engine_that_fails_many_times_in_a_row_rests(broken: DurableMatcher, rules: RulesInForce) -> None:
    answers = {broken.match(rules, Group.FLAGS, LEAK) for _ in range(REST_FOR)}

    assert answers == {ANSWER}
    assert broken.faults == {"crash": GIVE_UP_AFTER}


def test_a_resting_engine_says_so(broken: DurableMatcher) -> None:
    assert "暂由纯 Python" in broken.describe()
    assert f"崩溃 {GIVE_UP_AFTER} 次" in broken.describe()


def test_after_the_rest_one_more_child_is_tried(broken: DurableMatcher, rules: RulesInForce) -> None:
    for _ in range(REST_FOR + 2):
        broken.match(rules, Group.FLAGS, LEAK)

    assert broken.faults == {"crash": GIVE_UP_AFTER + 1}


def test_restart_tries_at_once(broken: DurableMatcher, rules: RulesInForce) -> None:
    broken.restart()

    broken.match(rules, Group.FLAGS, LEAK)

    assert broken.faults == {"crash": GIVE_UP_AFTER + 1}


def test_closing_ends_the_child(durable: DurableMatcher, rules: RulesInForce) -> None:
    durable.match(rules, Group.FLAGS, LEAK)
    pid = durable.child_pid
    assert pid

    durable.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_threads_take_turns(durable: DurableMatcher, rules: RulesInForce) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: durable.match(rules, Group.FLAGS, LEAK), range(200)))

    assert set(answers) == {ANSWER}
    assert not durable.faults


def test_two_editions_of_a_book_do_not_mix(durable: DurableMatcher, book: RuleBook, rules: RulesInForce) -> None:
    before = book.on(date(2020, 1, 1))

    assert durable.match(rules, Group.FLAGS, LEAK) == ANSWER
    assert durable.match(before, Group.FLAGS, LEAK) == ()
    assert durable.match(rules, Group.FLAGS, LEAK) == ANSWER
