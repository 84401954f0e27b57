"""Why nothing more urgent was concluded: the nearest rule, in one sentence."""

import pytest

from assistant.decide.explaining import why_not_more
from assistant.domain.reports import CaseReading, Finding, VisitOutcome
from rules.engine.reference import ReferenceMatcher
from tests.decide.conftest import AT, finding


def asked(matcher: ReferenceMatcher, *findings: Finding) -> str | None:
    return why_not_more(CaseReading("3-2-501", visit=VisitOutcome.MET, findings=findings), None, AT, matcher)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        pytest.param("gas.hose", "软管", id="a rule of the same kind is nearer than one of the theme"),
        pytest.param("elder.fall", "跌倒", id="a fall"),
        pytest.param("fire.clutter", "高层楼", id="what would raise it, where nothing of its kind is more urgent"),
    ],
)
def test_the_nearest_rule_is_one_of_the_same_kind(kind: str, words: str, matcher: ReferenceMatcher) -> None:
    because = asked(matcher, finding(kind))

    assert because is not None
    assert words in because


def test_a_rule_that_would_say_no_more_is_no_answer(matcher: ReferenceMatcher) -> None:
    because = asked(matcher, finding("gas.hose"))

    assert because is not None
    assert "报警器或自闭阀" not in because


def test_of_what_is_as_urgent_as_can_be_nothing_is_lacking(matcher: ReferenceMatcher) -> None:
    assert asked(matcher, finding("gas.leak")) is None
