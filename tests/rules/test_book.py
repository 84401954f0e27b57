"""The rule book: what is in force when, what the project's own rules cover, and where their numbers come from."""

from datetime import date, timedelta

import pytest

from assistant.domain.reports import Severity
from rules.engine.book import RuleBook, load_rules
from rules.engine.inforce import Group
from rules.engine.schema import OUR_PROPOSAL
from tests.rules.conftest import HOSE, WriteFolder


@pytest.fixture
def small(folder: WriteFolder) -> RuleBook:
    ending = HOSE.replace("gas.hose\n", "gas.hose-spring\n").replace(
        "since: 2026-01-01", "since: 2026-03-01\n  until: 2026-05-01"
    )
    return load_rules(folder(gas_rules=HOSE + ending.replace("{finding: gas.hose-spring}", "{finding: gas.hose}")))


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["gas.hose"]),
        (date(2026, 2, 28), ["gas.hose"]),
        (date(2026, 3, 1), ["gas.hose", "gas.hose-spring"]),
        (date(2026, 4, 30), ["gas.hose", "gas.hose-spring"]),
        (date(2026, 5, 1), ["gas.hose"]),
    ],
)
def test_a_rule_holds_from_since_until_the_day_before_until(small: RuleBook, day: date, rules: list[str]) -> None:
    in_force = small.on(day)

    assert [member.rule.id for member in in_force.rules[Group.FLAGS]] == rules


@pytest.mark.parametrize(("day", "days"), [(date(2026, 5, 31), 7), (date(2026, 6, 1), 5)])
def test_a_parameter_has_the_value_of_the_day(small: RuleBook, day: date, days: int) -> None:
    in_force = small.on(day)

    assert in_force.deadlines[Severity.P2] == timedelta(days=days)


def test_days_between_two_changes_share_one_edition(small: RuleBook) -> None:
    assert small.on(date(2026, 1, 5)) is small.on(date(2026, 2, 20))
    assert small.on(date(2026, 2, 20)) is not small.on(date(2026, 3, 1))


def test_every_kind_that_asks_for_something_has_a_rule(book: RuleBook) -> None:
    assert book.unruled_kinds == ()


def test_a_kind_without_a_rule_is_seen(folder: WriteFolder) -> None:
    book = load_rules(folder())

    assert "gas.leak" in book.unruled_kinds
    assert "gas.hose" not in book.unruled_kinds
    assert "tenancy.vacant" not in book.unruled_kinds


def test_every_source_is_used_or_ours(book: RuleBook) -> None:
    named = {rule.source for rule in book.rules} | {each.source for each in book.parameters.values()}

    assert named <= {*book.sources, OUR_PROPOSAL}


def test_every_source_says_where_in_the_domain_notes_it_stands(book: RuleBook) -> None:
    places = {source.stands_in for source in book.sources.values()}

    assert all(place.startswith(("S", "https://")) for place in places)


def test_only_p0_and_p1_rules_take_the_place_of_less_urgent_ones_or_name_an_exception(book: RuleBook) -> None:
    """A rule that displaces a more urgent flag lowers a severity: only the exceptions of severity.md may."""
    lowering = {
        rule.id
        for rule in book.rules
        for target in rule.then.instead_of
        if rule.then.severity
        and (other := book.by_id[target].then.severity)
        and rule.then.severity.urgency > other.urgency
    }

    assert lowering == {"fraud.paid-reported", "fraud.paid-long-ago"}
