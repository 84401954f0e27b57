"""Numbers that mean something, in every form that workers write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understand.numbers import (
    GlucoseTime,
    find_ages,
    find_blood_pressure,
    find_durations,
    find_glucose,
    find_money,
    find_temperature,
    read_amount,
    read_digits,
    read_number,
)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("三千五", 3500),
        ("1.2w", 12000),
        ("1万2", 12000),
        ("一万三", 13000),
        ("三万五", 35000),
        ("5万", 50000),
        ("380", 380),
        ("两百", 200),
        ("一百八", 180),
        ("一百零八", 108),
        ("一百六十五", 165),
        ("十八", 18),
        ("十", 10),
        ("二十", 20),
        ("五百零一", 501),
        ("一千二百零三", 1203),
        ("五洞幺", 501),
        ("幺三八", 138),
        ("三〇二", 302),
        ("十九点三", 19.3),
        ("38.5", 38.5),
        ("一亿两千万", 120_000_000),
        ("伍佰", 500),
        ("3千5", 3500),
    ],
)
def test_a_numeral_is_read_whole(numeral: str, value: float) -> None:
    assert read_number(numeral) == value


@pytest.mark.parametrize("words", ["", "块", "三万块", "abc", "点三", "一起走"])
def test_what_is_no_numeral_is_none(words: str) -> None:
    assert read_number(words) is None


def test_digits_keep_their_leading_zero() -> None:
    assert read_digits("零五洞幺") == "0501"
    assert read_digits("五百") is None


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 99_999))
def test_a_number_spelled_out_in_full_is_read_back(number: int) -> None:
    assert read_number(spelled(number)) == number


def spelled(number: int) -> str:
    """How it is said: 12034 → 一万二千零三十四."""
    text, gap = "", False
    for unit, name in ((10_000, "万"), (1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return text


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("七八千", 7000, 8000),
        ("八千多", 8000, 9000),
        ("两三百", 200, 300),
        ("上百", 100, 900),
        ("几十万", 200_000, 900_000),
        ("好几万", 30_000, 90_000),
        ("十几万", 110_000, 190_000),
        ("20多万", 200_000, 300_000),
        ("快五万", 47_500, 50_000),
        ("三四", 3, 4),
        ("十二三", 12, 13),
        ("几", 2, 9),
        ("万把", 10_000, 20_000),
    ],
)
def test_a_rough_amount_has_a_lowest_and_a_highest(words: str, low: float, high: float) -> None:
    amount = read_amount(words)

    assert amount is not None
    assert (amount.low, amount.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "quote", "low", "high"),
    [
        ("准备再投5万", "5万", 50_000, 50_000),
        ("转了1.2w,已经报警", "1.2w", 12_000, 12_000),
        ("要三万五私了", "三万五", 35_000, 35_000),
        ("换燃气管子,收了380", "380", 380, 380),
        ("买了八千多的保健品", "八千多", 8_000, 9_000),
        ("每天返几十块", "几十块", 20, 90),
        ("七八千块", "七八千块", 7_000, 8_000),
        ("得了两百", "两百", 200, 200),
        ("前后打进去一万三", "一万三", 13_000, 13_000),
        ("交八千保证金才放款", "八千", 8_000, 8_000),
        ("先转两千定金", "两千", 2_000, 2_000),
        ("每个月只给她两百", "两百", 200, 200),
        ("交了501块钱给社区的", "501块钱", 501, 501),
        ("骗走12万余元", "12万余元", 120_000, 130_000),
        ("水费38.5元", "38.5元", 38.5, 38.5),
    ],
)
def test_a_sum_of_money_is_found_with_its_words(text: str, quote: str, low: float, high: float) -> None:
    (money,) = find_money(text)

    assert (text[money.start : money.end], money.low, money.high) == (quote, low, high)


@pytest.mark.parametrize(
    "text",
    [
        "今天跑了两万步",
        "群里两百多个人",
        "给501打电话",
        "转3-2-501去了",
        "502胶水",
        "血压打了180",
        "走访20户",
        "82岁",
        "3栋共120户",
        "一百八十多斤",
    ],
)
def test_other_numbers_are_no_money(text: str) -> None:
    assert find_money(text) == ()


@pytest.mark.parametrize(
    ("text", "systolic", "diastolic"),
    [
        ("血压182/108", 182, 108),
        ("高压182低压108", 182, 108),
        ("低压108高压182", 182, 108),
        ("血压108/182", 182, 108),
        ("血压180比110", 180, 110),
        ("血压一百六十五九十八", 165, 98),
        ("血压一百六十八 九十", 168, 90),
        ("血压一百四九十", 140, 90),
        ("血压一百八一百一", 180, 110),
        ("高压一百七十八低压九十六", 178, 96),
        ("上压190,下压100", 190, 100),
        ("上压一百九下压一百零五", 190, 105),
        ("血压 160 95", 160, 95),
        ("184/100", 184, 100),
        ("172比96", 172, 96),
        ("测血压175~95", 175, 95),
        ("血压量了120/80", 120, 80),
        ("血压有点高,160/100", 160, 100),
        ("血压200/120mmhg", 200, 120),
        ("血压上了180", 180, None),
        ("高压都180了", 180, None),
        ("血压一百八", 180, None),
        ("低压110", None, 110),
        ("测得收缩压182毫米汞柱", 182, None),
    ],
)
def test_a_blood_pressure_is_read_in_any_form(text: str, systolic: int | None, diastolic: int | None) -> None:
    (reading,) = find_blood_pressure(text)

    assert (reading.systolic, reading.diastolic) == (systolic, diastolic)


@pytest.mark.parametrize(
    "text", ["9/1/602", "3/2/501没人", "血压正常", "血压4-2-301高", "1/2的人", "24/7", "走了180户", "3比2"]
)
def test_doors_and_scores_are_no_blood_pressure(text: str) -> None:
    assert find_blood_pressure(text) == ()


def test_a_corrected_pressure_takes_what_is_right() -> None:
    (reading,) = find_blood_pressure("刚才血压打错了,4-2-301是148/96,不是184")

    assert (reading.systolic, reading.diastolic, reading.is_cued) == (148, 96, True)


@pytest.mark.parametrize(
    ("text", "value", "when"),
    [
        ("血糖19.3", 19.3, None),
        ("空腹血糖3.6", 3.6, GlucoseTime.FASTING),
        ("卓伯伯空腹十七点八", 17.8, GlucoseTime.FASTING),
        ("饭后血糖二十一点四", 21.4, GlucoseTime.AFTER_MEAL),
        ("餐后两小时血糖18", 18, GlucoseTime.AFTER_MEAL),
        ("血糖10.2餐后两小时", 10.2, None),
        ("随机血糖17.2", 17.2, GlucoseTime.RANDOM),
        ("血糖低到2.8", 2.8, None),
        ("空腹血糖达17.6", 17.6, GlucoseTime.FASTING),
        ("手指血十九点五", 19.5, None),
        ("测的糖18.2", 18.2, None),
    ],
)
def test_blood_sugar_is_read_with_its_time_of_day(text: str, value: float, when: GlucoseTime | None) -> None:
    (reading,) = find_glucose(text)

    assert (reading.value, reading.when) == (value, when)


@pytest.mark.parametrize(
    "text",
    ["婆婆刚刚测了3.4,手抖冒冷汗", "冒汗心慌,扎手指头3.4", "糖尿病,早上量起3.4", "发抖,小机器一戳,三点四,喂了糖水"],
)
def test_a_measured_decimal_beside_signs_of_sugar_is_one(text: str) -> None:
    (reading,) = find_glucose(text)

    assert (reading.value, reading.when) == (3.4, None)


@pytest.mark.parametrize(
    "text",
    [
        "测了体温36.8,手抖",
        "阳台量了2.3米,手抖",
        "测了3.4",
        "糖尿病,体重量了60.5",
        "糖尿病,测了3.4万步",
        "冒汗,量了2026.3.4",
    ],
)
def test_any_other_decimal_is_no_sugar(text: str) -> None:
    assert find_glucose(text) == ()


@pytest.mark.parametrize("text", ["血糖高得很", "血糖正常", "血糖仪借3天", "空腹来抽血"])
def test_no_value_is_no_blood_sugar(text: str) -> None:
    assert find_glucose(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [("发烧38度5", 38.5), ("38.5度", 38.5), ("烧到39", 39), ("三十八度五", 38.5), ("体温37.2", 37.2), ("39度", 39)],
)
def test_a_temperature_is_read(text: str, value: float) -> None:
    assert [reading.value for reading in find_temperature(text)] == [value]


def test_a_warm_room_is_no_fever() -> None:
    assert find_temperature("空调开26度,水烧到80度") == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("一个人住的婆婆,86了", 86, 86),
        ("曾爷爷,九十一了", 91, 91),
        ("老两口七十多", 70, 79),
        ("快九十了", 87, 89),
        ("八十好几", 80, 89),
        ("7岁", 7, 7),
        ("娃儿小宇九岁", 9, 9),
        ("七岁半", 7, 7),
        ("初二的娃儿", 13, 14),
        ("小学生", 6, 12),
        ("五六十岁", 50, 60),
        ("年近八旬", 77, 79),
        ("九旬老人", 90, 99),
        ("3个月大", 0, 0),
        ("七八岁", 7, 8),
        ("一个七十多的老太太", 70, 79),
        ("户主七十八了", 78, 78),
        ("爷爷都90了", 90, 90),
        ("81岁,有点痴呆", 81, 81),
        ("十几岁的娃儿", 11, 19),
        ("余婆婆今年八十五了", 85, 85),
    ],
)
def test_an_age_is_read_as_exactly_as_it_was_said(text: str, low: int, high: int) -> None:
    (age,) = find_ages(text)

    assert (age.low, age.high) == (low, high)


@pytest.mark.parametrize(
    "text", ["血压都180了", "80岁以上的名单", "花了80", "1-1-86", "70多块", "收了60了", "3栋有72户"]
)
def test_other_numbers_are_no_age(text: str) -> None:
    assert find_ages(text) == ()


def test_one_number_stands_for_a_rough_age() -> None:
    assert [age.about for age in find_ages("初二的娃儿")] == [14]
    assert [age.about for age in find_ages("八十好几")] == [85]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三天没开火了", 3, 3),
        ("两天没看到了", 2, 2),
        ("咳了三天", 3, 3),
        ("半个月没见", 15, 15),
        ("48小时", 2, 2),
        ("三四天", 3, 4),
        ("好几天", 3, 9),
        ("一个星期", 7, 7),
        ("用了9年", 3285, 3285),
        ("一年半", 547.5, 547.5),
        ("一个多月", 30, 60),
        ("已两个月没有到校", 60, 60),
    ],
)
def test_a_duration_is_read_in_days(text: str, low: float, high: float) -> None:
    (duration,) = find_durations(text)

    assert (duration.low, duration.high) == (low, high)


@pytest.mark.parametrize(
    "text", ["二天再去", "每天", "三天前", "两天后", "今天", "上个月", "3月5日", "前两天", "5天内"]
)
def test_moments_and_someday_are_no_duration(text: str) -> None:
    assert find_durations(text) == ()


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789.一二三十百千万点两几半多血压糖高低/比元块岁天年月了度 转收给"), max_size=50))
def test_any_text_is_searched_without_fault(text: str) -> None:
    for find in (find_money, find_blood_pressure, find_glucose, find_temperature, find_ages, find_durations):
        for found in find(text):
            assert 0 <= found.start < found.end <= len(text)
