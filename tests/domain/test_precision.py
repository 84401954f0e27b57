"""The interval of a share, and when a rule is said to cry wolf."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.precision import Tally, wilson


@given(st.integers(1, 1000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_ends_are_the_shares_that_lie_just_1_96_deviations_away(share: tuple[int, int]) -> None:
    right, of = share

    for end in wilson(right, of):
        assert abs(right / of - end) == pytest.approx(1.959964 * (end * (1 - end) / of) ** 0.5, abs=1e-6)


@given(st.integers(1, 1000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_share_lies_within_its_interval(share: tuple[int, int]) -> None:
    right, of = share

    low, high = wilson(right, of)

    assert 0 <= low <= right / of <= high <= 1


@pytest.mark.parametrize(("right", "of"), [(1, 0), (2, 1), (-1, 5)])
def test_what_is_no_share_is_refused(right: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(right, of)


@pytest.mark.parametrize(
    ("confirmed", "dismissed", "cries"),
    [(0, 4, False), (0, 5, True), (1, 5, False), (1, 8, True), (5, 5, False), (20, 1, False), (0, 0, False)],
)
def test_a_rule_cries_wolf_when_chance_no_longer_explains_it(confirmed: int, dismissed: int, cries: bool) -> None:
    assert Tally("gas.hose", 30, confirmed, dismissed).cries_wolf is cries


def test_without_verdicts_there_is_no_interval() -> None:
    assert Tally("gas.hose", 30, 0, 0).interval is None
