"""What channels share in sending: a text in pieces is whole, and what has gone is remembered for long enough."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.sent import Sent, in_pieces


def five(text: str) -> int:
    return min(len(text), 5)


@given(st.text(alphabet="字a\n", max_size=60))
def test_pieces_fit_and_lose_nothing_but_the_ends_of_lines_where_they_are_cut(text: str) -> None:
    pieces = in_pieces(text, five)

    assert max(len(piece) for piece in pieces) <= 5
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")
    assert all(pieces) or pieces == [""]


def test_a_text_is_cut_at_the_last_end_of_a_line_that_fits() -> None:
    assert in_pieces("一\n二\n三四五六", five) == ["一\n二", "三四五六"]
    assert in_pieces("一二三四五六", five) == ["一二三四五", "六"]
    assert in_pieces("一二三四五\n", five) == ["一二三四五"]


def test_the_oldest_is_forgotten_first_and_what_is_new_never() -> None:
    sent = Sent[list[str]](list, at_most=2)
    for key in ("a", "b", "c"):
        sent[key].append(key)

    assert (sent["b"], sent["c"]) == (["b"], ["c"])
    assert sent["a"] == []
