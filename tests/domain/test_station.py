"""Opening hours as people write them, and as the tables keep them."""

from datetime import date, time

import pytest

from assistant.domain.errors import NotUnderstood
from assistant.domain.station import openings, read_hours, read_weekday

DAILY = [["09:00", "17:00"]]


@pytest.mark.parametrize(
    ("text", "open_on"),
    [
        ("周一至周五 9:00-17:00", [1, 2, 3, 4, 5]),
        ("周一到周五9:00–17:00", [1, 2, 3, 4, 5]),
        ("星期六、星期日 9:00-17:00", [6, 7]),
        ("周末9:00-17:00", [6, 7]),
        ("每天 9:00-17:00", [1, 2, 3, 4, 5, 6, 7]),
        ("9:00-17:00", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_days_are_read_as_they_are_written(text: str, open_on: list[int]) -> None:
    assert read_hours(text) == {str(day): DAILY for day in open_on}


def test_a_day_may_have_two_spans_and_another_its_own() -> None:
    hours = read_hours("周一 9:00-12:00,14:00-17:00;周六 9:00-12:00")

    assert openings(hours, date(2026, 3, 2)) == [(time(9), time(12)), (time(14), time(17))]
    assert openings(hours, date(2026, 3, 7)) == [(time(9), time(12))]
    assert openings(hours, date(2026, 3, 3)) == []


@pytest.mark.parametrize("text", ["", "周一至周五", "随时", "周一 17:00-9:00", "周一 9:00-25:00"])
def test_what_is_no_opening_time_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(NotUnderstood, match="写成"):
        read_hours(text)


def test_a_weekday_has_several_names() -> None:
    assert [read_weekday(name) for name in ("周二", "星期五", "礼拜天", "周日")] == [2, 5, 7, 7]


@pytest.mark.parametrize("text", ["周八", "周末", "明天"])
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_weekday(text)
