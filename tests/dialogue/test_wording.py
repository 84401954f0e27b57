"""How doors, deadlines and punctuation are said."""

from datetime import timedelta

import pytest

from assistant.dialogue import Occasion
from assistant.dialogue.wording import say_door, say_due, widen
from knowledge.replies import Replies


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("3-2-501", "3-2-501"),
        ("A-0-1203", "A-0-1203"),
        ("3-?-?", "3栋"),
        ("A-?-?", "A栋"),
        ("3-?-6F", "3栋6楼"),
        ("3-2-?", "3栋2单元"),
        ("3-0-?", "3栋"),
        ("?-3-11", "3单元11号"),
        ("?-?-3201", "3201"),
        ("?-?-?", ""),
        ("place:8栋楼道", "8栋楼道"),
    ],
)
def test_a_door_is_said_by_what_is_known_of_it(key: str, said: str) -> None:
    assert say_door(key) == said


def test_a_whole_unit_is_said_to_be_one() -> None:
    assert say_door("5-2-?", is_whole_unit=True) == "整个5栋2单元"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(0), "马上"),
        (timedelta(hours=-2), "马上"),
        (timedelta(hours=3), "今天"),
        (timedelta(hours=24), "明天10点前"),
        (timedelta(hours=23, minutes=30), "明天9点前"),
        (timedelta(days=7), "3月9日前"),
        (timedelta(days=400), "2027年4月6日前"),
    ],
)
def test_a_deadline_is_said_from_where_the_worker_stands(
    ahead: timedelta, said: str, occasion: Occasion, replies: Replies
) -> None:
    assert say_due(occasion.at + ahead, occasion.at, replies) == said


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("“有气味”:可能漏气,马上处理", "“有气味”：可能漏气，马上处理"),
        ("血压182/108,约家医", "血压182/108，约家医"),
        ("9:00到17:00", "9:00到17:00"),
        ("1,200元", "1,200元"),
        ("weiguang demo, read", "weiguang demo, read"),
    ],
)
def test_only_punctuation_beside_a_chinese_character_is_widened(typed: str, shown: str) -> None:
    assert widen(typed) == shown
