"""One rule's fault or one household's bad data stops nobody else, and is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.decide import decide
from assistant.decide.careful import Trouble, decide_carefully
from assistant.domain.reports import CaseReading, Intent, KnownHousehold, OpenMatter, Reading, Severity, VisitOutcome
from rules.engine.book import RuleBook, load_rules
from rules.engine.reference import ReferenceMatcher
from tests.decide.conftest import AT, finding

MET = VisitOutcome.MET
HOSE = CaseReading("3-2-501", visit=MET, findings=(finding("gas.hose"),))
LEAK = CaseReading("3-2-502", visit=MET, findings=(finding("gas.leak"),))
READING = Reading(Intent.REPORT, (HOSE, LEAK))


def broken_since(book: RuleBook, rule: str, **changes: object) -> RuleBook:
    rules = tuple(replace(each, **changes) if each.id == rule else each for each in book.rules)
    return replace(book, rules=rules, _editions={})


@pytest.fixture
def book() -> RuleBook:
    return load_rules()


def test_where_nothing_fails_it_is_what_decide_says(book: RuleBook) -> None:
    troubles: list[Trouble] = []
    matcher = ReferenceMatcher(book)

    assert decide_carefully(READING, (), AT, matcher, troubles.append) == decide(READING, (), AT, matcher)
    assert troubles == []


def test_a_sentence_that_can_not_be_filled_gives_way_to_the_label_and_the_flag_stands(book: RuleBook) -> None:
    troubles: list[Trouble] = []
    matcher = ReferenceMatcher(broken_since(book, "gas.leak", why="{quote.nothing}"))

    hose, leak = decide_carefully(READING, (), AT, matcher, troubles.append)

    assert [flag.why for flag in leak.flags] == ["燃气泄漏或有气味"]
    assert leak.severity is Severity.P0
    assert [flag.rule for flag in hose.flags] == ["gas.hose"]
    assert troubles == [Trouble("gas.leak", "3-2-502", "AttributeError")]


def test_a_household_whose_record_can_not_be_used_is_decided_from_the_message(book: RuleBook) -> None:
    troubles: list[Trouble] = []
    bad = KnownHousehold("3-2-501", open=(OpenMatter("gas.hose", None),))  # type: ignore[arg-type]

    hose, leak = decide_carefully(READING, (bad,), AT, ReferenceMatcher(book), troubles.append)

    assert [flag.rule for flag in hose.flags] == ["gas.hose"]
    assert [flag.rule for flag in leak.flags] == ["gas.leak"]
    assert troubles == [Trouble(None, "3-2-501", "TypeError")]


def test_a_rule_that_can_not_conclude_is_left_out_of_that_case_and_named(book: RuleBook) -> None:
    troubles: list[Trouble] = []
    within = replace(book.by_id["gas.hose"].then.follow_ups[0], within="no_such_span")
    then = replace(book.by_id["gas.hose"].then, follow_ups=(within,))
    matcher = ReferenceMatcher(broken_since(book, "gas.hose", then=then))

    hose, leak = decide_carefully(READING, (), AT, matcher, troubles.append)

    assert hose.flags == ()
    assert [flag.rule for flag in leak.flags] == ["gas.leak"]
    assert troubles == [Trouble("gas.hose", "3-2-501", "KeyError")]


def test_what_can_not_be_put_down_to_a_rule_is_raised(book: RuleBook) -> None:
    odd = replace(HOSE, findings=(replace(finding("gas.hose"), circumstances=None),))  # type: ignore[arg-type]

    with pytest.raises(TypeError):
        decide_carefully(Reading(Intent.REPORT, (odd,)), (), AT, ReferenceMatcher(book), lambda _: None)


def test_the_same_holds_a_day_later(book: RuleBook) -> None:
    matcher = ReferenceMatcher(book)

    later = decide_carefully(READING, (), AT + timedelta(days=1), matcher, lambda _: None)

    assert [each.severity for each in later] == [Severity.P2, Severity.P0]
