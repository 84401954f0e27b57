"""How moments, deadlines and marked words are shown."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.console.wording import pieces, say_deadline, say_moment

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SPANS = st.lists(st.tuples(st.integers(-5, 400), st.integers(-5, 400)), max_size=6)


@given(st.text(max_size=150), SPANS)
@settings(max_examples=200)
def test_a_short_message_is_shown_whole_whatever_is_marked(text: str, marks: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in pieces(text, marks)) == text


@given(st.text(alphabet="老化漏气", min_size=161, max_size=380), SPANS)
@settings(max_examples=200)
def test_a_long_message_becomes_an_excerpt_of_its_own_words(text: str, marks: list[tuple[int, int]]) -> None:
    shown = "".join(piece.text for piece in pieces(text, marks))

    assert len(shown) <= 162
    assert shown.strip("…") in text


@given(st.text(alphabet="老化漏气", min_size=1, max_size=100), SPANS)
@settings(max_examples=200)
def test_exactly_the_marked_characters_are_marked(text: str, marks: list[tuple[int, int]]) -> None:
    marked = [piece.is_marked for piece in pieces(text, marks) for _ in piece.text]

    assert marked == [any(start <= at < end for start, end in marks) for at in range(len(text))]


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=12), "12分钟前"),
        (timedelta(hours=2), "今天07:30"),
        (timedelta(hours=10), "昨天23:30"),
        (timedelta(days=5), "2月25日"),
        (timedelta(days=70), "2025年12月22日"),
    ],
)
def test_a_past_moment_is_said_as_people_do(passed: timedelta, said: str) -> None:
    assert say_moment(NOW - passed, NOW) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=-3, hours=-1), "超期3天"),
        (timedelta(hours=-3), "超期3小时"),
        (timedelta(minutes=-40), "超期40分钟"),
        (timedelta(minutes=-2), "马上"),
        (timedelta(minutes=10), "马上"),
        (timedelta(hours=3), "今天12:30前"),
        (timedelta(hours=24), "明天09:30前"),
        (timedelta(days=7), "3月9日前"),
        (timedelta(days=330), "2027年1月26日前"),
    ],
)
def test_a_deadline_says_how_long_or_how_late(ahead: timedelta, said: str) -> None:
    assert say_deadline(NOW + ahead, NOW) == said


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(minutes=15), "马上"),
        (timedelta(minutes=59), "马上"),
        (timedelta(hours=1), "超期1小时"),
        (timedelta(days=2), "超期2天"),
    ],
)
def test_what_is_due_at_once_is_not_called_late_within_the_hour(late: timedelta, said: str) -> None:
    assert say_deadline(NOW - late, NOW, is_at_once=True) == said


def test_a_moment_of_another_zone_is_said_in_the_communitys() -> None:
    assert say_moment((NOW - timedelta(hours=2)).astimezone(ZoneInfo("UTC")), NOW) == "今天07:30"
