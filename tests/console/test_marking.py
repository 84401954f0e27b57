"""The words of a report, cut where marks begin and end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.console.marking import stretches
from assistant.domain.reports import EvidenceState
from assistant.storage.read.told import FoundShown

STATES = st.sampled_from(EvidenceState)


def found(start: int, end: int, state: EvidenceState = EvidenceState.SEEN) -> FoundShown:
    return FoundShown("gas.hose", state, None, start, end)


def test_each_mark_bears_the_number_of_its_finding_where_it_ends() -> None:
    cut = stretches("软管老化，没闻到味道", [found(0, 4), found(5, 10, EvidenceState.NEGATED)])

    assert [(each.text, each.state, each.ending) for each in cut] == [
        ("软管老化", EvidenceState.SEEN, (1,)),
        ("，", None, ()),
        ("没闻到味道", EvidenceState.NEGATED, (2,)),
    ]


def test_findings_that_share_words_are_both_numbered_and_look_like_the_surer_one() -> None:
    cut = stretches("听说他妈在炒股", [found(0, 7, EvidenceState.HEARSAY), found(4, 7)])

    assert [(each.text, each.state, each.ending) for each in cut] == [
        ("听说他妈", EvidenceState.HEARSAY, ()),
        ("在炒股", EvidenceState.SEEN, (1, 2)),
    ]


def test_a_mark_beyond_words_that_were_erased_is_left_out() -> None:
    assert [each.text for each in stretches("已删除", [found(10, 14)])] == ["已删除"]


@settings(max_examples=60)
@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), STATES), max_size=6))
def test_joined_the_stretches_are_the_text(text: str, spans: list[tuple[int, int, EvidenceState]]) -> None:
    cut = stretches(text, [found(*span) for span in spans])

    assert "".join(each.text for each in cut) == text
    shown = [number for each in cut for number in each.ending]
    assert sorted(shown) == sorted(set(shown))
