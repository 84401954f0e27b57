"""What is masked before anything is stored, and what is left as it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intake.mask import masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("打他女儿13812345678", "打他女儿138****5678"),
        ("138 1234 5678打不通", "138 **** 5678打不通"),
        ("电话１３８１２３４５６７８", "电话１３８****５６７８"),
        ("身份证510124196001011234", "身份证**************1234"),
        ("51012419600101123X", "**************123X"),
        ("卡号6222021234567890123", "卡号***************0123"),
        ("6222 0212 3456 7890 123", "**** **** **** **** 123"),
        ("6222-0212-3456-7890", "****-****-****-7890"),
    ],
    ids=["mobile", "mobile in groups", "full width", "ID", "ID with X", "card", "card in groups", "card with dashes"],
)
def test_numbers_that_tell_who_somebody_is_are_masked(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "3-2-501软管老化",
        "低压108高压182",
        "转了5万,说是50000元",
        "打110、96110、962777",
        "028-12345678",
        "2026-03-05 10:30去过",
        "1-1-101、1-1-102、1-1-103、1-1-104",
        "订单202603051234",
    ],
)
def test_doors_amounts_dates_and_short_numbers_stay(typed: str) -> None:
    assert masked(typed) == typed


@given(st.text(alphabet="0123456789xX -１３８转账电话", max_size=60))
def test_no_word_moves_and_nothing_is_masked_twice(typed: str) -> None:
    once = masked(typed)

    assert len(once) == len(typed)
    assert masked(once) == once
