"""Why a rule is silent: the first condition that fails, in words."""

from datetime import date
from typing import Any

import pytest

from rules.engine.book import RuleBook
from rules.engine.explain import first_unmet, in_words
from rules.engine.inforce import RuleInForce

MISSED = {"type": "visit", "n": 1, "outcome": "missed"}
AGAIN = {"type": "circumstance", "n": 2, "code": "missed_again", "said": True}
AT_WORK = {"type": "circumstance", "n": 3, "code": "at_work", "said": True}


@pytest.fixture
def second_miss(book: RuleBook) -> RuleInForce:
    return book.on(date(2026, 3, 2)).members["elder.second-miss"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([], "没有走访"),
        ([MISSED], "没有走访记录"),
        ([MISSED, AGAIN, AT_WORK], "“白天上班”"),
    ],
    ids=["no visit", "not again", "at work"],
)
def test_the_first_condition_that_fails_is_named(
    second_miss: RuleInForce, book: RuleBook, facts: list[dict[str, Any]], words: str
) -> None:
    unmet = first_unmet(second_miss, facts)

    assert unmet is not None
    assert words in in_words(unmet, book.vocabulary)


def test_a_rule_that_speaks_has_nothing_unmet(second_miss: RuleInForce) -> None:
    assert first_unmet(second_miss, [MISSED, AGAIN]) is None
