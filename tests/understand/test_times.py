"""Times are read from where the message stands: Tuesday 10 March 2026, ten in the morning."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understand.times import Bound, Direction, Precision, TimeMention, find_times

CHENGDU = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 3, 10, 10, tzinfo=CHENGDU)


def times(text: str, at: datetime = TUESDAY) -> tuple[TimeMention, ...]:
    return find_times(text, at, CHENGDU)


def written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}" if moment.hour == moment.minute == 0 else f"{moment:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("昨天转了2万", "2026-03-09", "2026-03-10"),
        ("前儿", "2026-03-08", "2026-03-09"),
        ("上前天", "2026-03-07", "2026-03-08"),
        ("大前天", "2026-03-07", "2026-03-08"),
        ("儿子后天才回来", "2026-03-12", "2026-03-13"),
        ("今早慌里慌张", "2026-03-10 06:00", "2026-03-10 10:00"),
        ("今晚黑还要充", "2026-03-10 18:00", "2026-03-11"),
        ("昨晚黑跳闸三回", "2026-03-09 18:00", "2026-03-10"),
        ("昨晚黑九点多从西门进来", "2026-03-09 21:00", "2026-03-09 22:00"),
        ("前天下午", "2026-03-08 12:00", "2026-03-08 18:00"),
        ("昨晚2点", "2026-03-10 02:00", "2026-03-10 03:00"),
        ("明早七点上车", "2026-03-11 07:00", "2026-03-11 08:00"),
        ("9点半", "2026-03-10 09:30", "2026-03-10 09:31"),
        ("下午三点一刻", "2026-03-10 15:15", "2026-03-10 15:16"),
        ("半夜两点还在吵", "2026-03-10 02:00", "2026-03-10 03:00"),
        ("明儿个下午来", "2026-03-11 12:00", "2026-03-11 18:00"),
        ("下午三点过", "2026-03-10 15:00", "2026-03-10 16:00"),
        ("晚上七点半", "2026-03-10 19:30", "2026-03-10 19:31"),
        ("下午3点10分", "2026-03-10 15:10", "2026-03-10 15:11"),
        ("三点来看", "2026-03-10 15:00", "2026-03-10 16:00"),
        ("晌午", "2026-03-10 11:00", "2026-03-10 14:00"),
        ("天擦黑", "2026-03-10 17:00", "2026-03-10 20:00"),
        ("10:30", "2026-03-10 10:30", "2026-03-10 10:31"),
        ("上周五摔的那个", "2026-03-06", "2026-03-07"),
        ("上周二", "2026-03-03", "2026-03-04"),
        ("上个礼拜天", "2026-03-08", "2026-03-09"),
        ("这周二", "2026-03-10", "2026-03-11"),
        ("下周五", "2026-03-20", "2026-03-21"),
        ("星期三", "2026-03-11", "2026-03-12"),
        ("周一来的", "2026-03-09", "2026-03-10"),
        ("她娃儿周末来换", "2026-03-14", "2026-03-16"),
        ("上周", "2026-03-02", "2026-03-09"),
        ("月初", "2026-03-01", "2026-03-11"),
        ("月底", "2026-03-21", "2026-04-01"),
        ("上个月电工来弄好了", "2026-02-01", "2026-03-01"),
        ("上个月底", "2026-02-21", "2026-03-01"),
        ("房东说下个月卖", "2026-04-01", "2026-05-01"),
        ("去年遭刷单骗过", "2025-01-01", "2026-01-01"),
        ("去年底", "2025-11-01", "2026-01-01"),
        ("3月5日", "2026-03-05", "2026-03-06"),
        ("三月五号", "2026-03-05", "2026-03-06"),
        ("5号来修", "2026-04-05", "2026-04-06"),
        ("12月28号", "2025-12-28", "2025-12-29"),
        ("2026年4月2日", "2026-04-02", "2026-04-03"),
        ("2026-04-02", "2026-04-02", "2026-04-03"),
        ("3.15那天", "2026-03-15", "2026-03-16"),
        ("6月1日周六早上", "2026-06-01 06:00", "2026-06-01 10:00"),
        ("三天前", "2026-03-07", "2026-03-08"),
        ("两天后", "2026-03-12", "2026-03-13"),
        ("14-2-1106半个月前买的", "2026-02-23", "2026-02-24"),
        ("两三天前", "2026-03-07", "2026-03-09"),
        ("半个小时前", "2026-03-10 09:25", "2026-03-10 09:35"),
        ("两周内", "2026-03-10 10:00", "2026-03-25"),
        ("上午9点到11点半", "2026-03-10 09:00", "2026-03-10 11:30"),
        ("3月5号到8号", "2026-03-05", "2026-03-09"),
        ("周一到周五", "2026-03-16", "2026-03-21"),
        ("春节", "2026-02-17", "2026-02-24"),
        ("中秋", "2026-09-25", "2026-09-26"),
        ("清明", "2026-04-05", "2026-04-06"),
        ("去年冬至", "2025-12-21", "2025-12-22"),
        ("腊月二十", "2026-02-07", "2026-02-08"),
        ("大年三十", "2026-02-16", "2026-02-17"),
        ("农历八月十五", "2026-09-25", "2026-09-26"),
        ("三月三", "2026-04-19", "2026-04-20"),
    ],
)
def test_a_time_is_read_as_days_and_hours(text: str, starts: str, ends: str) -> None:
    (mention,) = times(text)

    assert (written(mention.starts_at), written(mention.ends_at)) == (starts, ends)


@pytest.mark.parametrize(
    "text",
    [
        "一点都不痛",
        "有点昏",
        "差一点绊到",
        "早点来",
        "想改晚一点",
        "好久来",
        "三天没开火了",
        "第二回了",
        "一晚上跳三四回",
        "烧黑了半边",
        "那个小年轻",
        "初二的娃儿",
        "血糖二十一点四",
        "血压120/80",
        "3-2-501没人",
        "5号楼",
        "3单元11号",
        "老周一个人",
        "周一个人在屋头",
        "一个星期三次",
        "早上好",
        "2月30号",
        "25点",
        "用了8年多",
        "三点意见",
        "1967年前",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert times(text) == ()


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("昨天", Direction.PAST),
        ("才将", Direction.PAST),
        ("今天", Direction.PRESENT),
        ("这周", Direction.PRESENT),
        ("二天再去", Direction.FUTURE),
        ("过两天来换", Direction.FUTURE),
        ("等哈有人来拿现金", Direction.FUTURE),
        ("每周二来换药", Direction.RECURRING),
        ("天天打娃儿", Direction.RECURRING),
        ("每月5号", Direction.RECURRING),
    ],
)
def test_a_time_lies_before_or_after_the_message(text: str, direction: Direction) -> None:
    (mention,) = times(text)

    assert mention.direction is direction


@pytest.mark.parametrize(
    ("text", "year"), [("国庆回来换", 2026), ("从国庆开始就没见过", 2025), ("国庆", 2026), ("去年国庆", 2025)]
)
def test_the_year_that_was_not_said_follows_what_the_clause_is_about(text: str, year: int) -> None:
    (mention,) = times(text)

    assert mention.starts_at.year == year


def test_a_recurring_day_names_its_weekdays_and_comes_next() -> None:
    (mention,) = times("家医每周二周五来")

    assert mention.weekdays == {1, 4}
    assert written(mention.starts_at) == "2026-03-10"


def test_two_weekdays_side_by_side_are_two_times() -> None:
    assert [written(mention.starts_at) for mention in times("家医周二周五来")] == ["2026-03-10", "2026-03-13"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("周五之前换", Bound.BEFORE),
        ("月底前", Bound.BEFORE),
        ("3月5号以后", Bound.AFTER),
        ("从国庆开始", Bound.SINCE),
        ("昨天", None),
    ],
)
def test_before_and_since_are_kept(text: str, bound: Bound | None) -> None:
    (mention,) = times(text)

    assert mention.bound is bound


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("9点半", Precision.MINUTE),
        ("下午三点过", Precision.HOUR),
        ("今晚黑", Precision.PART_OF_DAY),
        ("昨天", Precision.DAY),
        ("上周", Precision.WEEK),
        ("上个月", Precision.MONTH),
        ("去年", Precision.YEAR),
        ("这几天", Precision.VAGUE),
    ],
)
def test_how_exactly_it_was_said_is_kept(text: str, precision: Precision) -> None:
    (mention,) = times(text)

    assert mention.precision is precision


def test_the_words_of_a_time_are_its_span() -> None:
    text = "说她娃儿下周二上午9点来换"

    (mention,) = times(text)

    assert text[mention.start : mention.end] == "下周二上午9点"


def test_today_is_the_day_in_the_communitys_zone() -> None:
    just_after_midnight_in_chengdu = datetime(2026, 3, 9, 16, 30, tzinfo=ZoneInfo("UTC"))

    (mention,) = times("昨天", just_after_midnight_in_chengdu)

    assert written(mention.starts_at) == "2026-03-09"


@pytest.mark.parametrize("weekday", range(7))
def test_the_day_of_another_week_is_the_same_from_any_day_of_this_one(weekday: int) -> None:
    (mention,) = times("上周星期三", datetime(2026, 3, 9, 10, tzinfo=CHENGDU) + timedelta(days=weekday))

    assert written(mention.starts_at) == "2026-03-04"


def test_month_and_year_ends_are_crossed() -> None:
    new_year = datetime(2027, 1, 1, 9, tzinfo=CHENGDU)

    assert written(times("昨天", new_year)[0].starts_at) == "2026-12-31"
    assert written(times("上个月", new_year)[0].starts_at) == "2026-12-01"
    assert written(times("两天后", datetime(2028, 2, 28, 9, tzinfo=CHENGDU))[0].starts_at) == "2028-03-01"


def test_a_lunar_day_outside_the_table_is_left_alone() -> None:
    assert times("腊月二十", datetime(2080, 3, 1, tzinfo=CHENGDU)) == ()


@settings(max_examples=150, deadline=None)
@given(days=st.integers(1, 99))
def test_days_ago_and_days_ahead_are_as_far_from_today(days: int) -> None:
    (before,) = times(f"{days}天前")
    (after,) = times(f"{days}天后")

    assert TUESDAY.date() - before.starts_at.date() == after.starts_at.date() - TUESDAY.date() == timedelta(days=days)


ALPHABET = "今昨前明后天早晚上下午个周星期一二三十5月日号年点半初底农历腊正闰大小时分钟每到至内里过国庆春节.:-,。的"


@settings(max_examples=250, deadline=None)
@given(
    st.text(st.sampled_from(ALPHABET), max_size=40),
    st.datetimes(datetime(2019, 1, 1), datetime(2052, 1, 1), timezones=st.just(CHENGDU)),
)
def test_any_text_is_read_without_fault(text: str, at: datetime) -> None:
    for mention in times(text, at):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.starts_at.tzinfo is not None
        assert mention.starts_at <= mention.ends_at
