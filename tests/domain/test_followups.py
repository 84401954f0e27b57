"""The states of a follow-up: what has ended never moves again."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.followups import FollowUpState

_STATES = st.sampled_from(list(FollowUpState))


@given(wanted=st.lists(_STATES, max_size=12))
def test_whatever_is_asked_of_it_an_end_is_final_and_comes_once(wanted: list[FollowUpState]) -> None:
    path = [FollowUpState.OPEN]
    for state in wanted:
        if path[-1].may_become(state):
            path.append(state)

    ends = [state for state in path if state.has_ended]
    assert ends in ([], path[-1:])
    assert len(path) <= 3


@given(state=_STATES)
def test_every_state_has_ended_or_can_still_end(state: FollowUpState) -> None:
    assert state.has_ended or state.may_become(FollowUpState.DONE)
