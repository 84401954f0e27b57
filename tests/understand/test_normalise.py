"""Folding, and the way back to the text as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understand.normalise import LONGEST, fold


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("３－２－５０１", "3-2-501", id="full width"),
        pytest.param("煤氣軟管", "煤气软管", id="traditional"),
        pytest.param("软\u200b管", "软管", id="zero width"),
        pytest.param("A座", "a座", id="capitals"),
        pytest.param("①号", "1号", id="circled numbers"),
        pytest.param("佢哋唔肯睇,走咗", "他们不肯看,走了", id="characters of Cantonese alone"),
    ],
)
def test_folding(typed: str, read: str) -> None:
    assert fold(typed).text == read


@given(st.text(max_size=60))
def test_every_span_leads_back_to_words_as_typed(typed: str) -> None:
    folded = fold(typed)

    for start in range(len(folded.text)):
        quote = folded.quote(start, start + 1)
        assert typed[quote.start : quote.end] == quote.text
        assert quote.text


def test_a_very_long_message_is_cut_for_reading_and_says_so() -> None:
    folded = fold("啊" * (LONGEST + 1))

    assert folded.was_cut
    assert len(folded.text) == LONGEST
    assert len(folded.raw) == LONGEST + 1


def test_a_lone_surrogate_and_a_nul_are_no_hindrance() -> None:
    assert "煤气味" in fold("\ud800煤气味\x00").text
