"""The pace of pursuit as the rule book gives it."""

from dataclasses import replace
from datetime import date, timedelta

from assistant.decide.pace import pace_in
from assistant.domain.pace import Pace
from assistant.domain.reports import Severity
from rules.engine.book import load_rules
from rules.engine.calendar import is_working_day

RULES = load_rules().on(date(2026, 3, 5))


def test_a_book_that_does_not_name_the_spans_yet_pursues_as_our_own_does() -> None:
    older = pace_in(replace(RULES, parameters={}))

    assert older == pace_in(RULES)
    assert older.acknowledge == Pace().acknowledge


def test_a_community_changes_the_pace_in_its_parameters() -> None:
    changed = replace(RULES, parameters={**RULES.parameters, "acknowledge_p0": 5, "late_p2_community": 10})

    pace = pace_in(changed)

    assert (pace.acknowledge, pace.community_after(Severity.P2)) == (timedelta(minutes=5), timedelta(days=10))


def test_offices_rest_on_weekends_and_holidays_and_work_on_the_weekend_days_that_make_up_for_them() -> None:
    days = {
        "a Thursday": date(2026, 3, 5),
        "a Saturday": date(2026, 3, 7),
        "the Monday of Spring Festival": date(2026, 2, 16),
        "a Saturday that makes up for it": date(2026, 2, 28),
    }

    assert [name for name, day in days.items() if is_working_day(RULES.calendar, day)] == [
        "a Thursday",
        "a Saturday that makes up for it",
    ]
