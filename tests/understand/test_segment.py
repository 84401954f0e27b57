"""Word boundaries are jieba's, computed by a shorter way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understand.segment import Boundaries, word_edges, words

PIECES = (
    *("燃气软管", "老化", "3-2-501", "接触电工", "b超", "k歌", "龘", "一百二", "wifi密码", "…", " ", ","),
    *("血压182/108", "没得人应", "12.5%", "#3栋"),
)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5))


def edges_of(text: str) -> list[int]:
    edges, position = [0] * (len(text) + 1), 0
    for word in words(text):
        edges[position] = 1
        position += len(word)
    edges[len(text)] = 1
    return edges


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | HAN, max_size=8))
def test_words_are_cut_where_jieba_cuts_them(pieces: list[str]) -> None:
    text = "".join(pieces)

    assert list(word_edges(text)) == edges_of(text)


def test_no_word_crosses_the_edge_of_a_place() -> None:
    text, van = "3栋后面包车堵路", 4

    assert not Boundaries(text).allow(van, van + 2)
    assert Boundaries(text, [0, van]).allow(van, van + 2)


@pytest.mark.parametrize(
    ("text", "phrase", "allowed"),
    [
        pytest.param("接触电工", "触电", False, id="straddled on both sides"),
        pytest.param("坏了的灶", "坏", True, id="a mere ending follows"),
        pytest.param("1108的门", "110", False, id="inside a longer number"),
        pytest.param("没得电瓶", "没得电", True, id="three characters, one edge"),
    ],
)
def test_where_a_phrase_may_stand(text: str, phrase: str, allowed: bool) -> None:
    start = text.index(phrase)

    assert Boundaries(text).allow(start, start + len(phrase)) is allowed
