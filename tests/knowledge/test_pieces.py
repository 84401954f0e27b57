"""What the learned model sees of a sentence: short pieces, numbers as one digit, ages by whose they are."""

import pytest

from knowledge.learned import pieces


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("3栋", "0栋"),
        ("十二栋", "0栋"),
        ("七岁", "1岁"),
        ("13岁", "1岁"),
        ("14岁", "0岁"),
        ("三十来岁", "0来"),
        ("七八岁", "1岁"),
        ("六十岁", "9岁"),
        ("八十多岁", "9多"),
    ],
)
def test_a_number_counts_only_as_the_age_of_a_child_or_of_somebody_old(text: str, first: str) -> None:
    assert first in [piece.text for piece in pieces(text)]


def test_each_piece_tells_where_it_stands() -> None:
    text = "软管,12年"

    assert all(
        text[piece.start : piece.end] == piece.text
        for piece in pieces(text)
        if piece.text.isalpha() and "0" not in piece.text
    )
    assert ("0年", 3, 6) in [tuple(piece) for piece in pieces(text)]
