"""What must not change a reading: politeness, another spelling of the door, another way of typing, another order.

The messages are ours and plain; the point is that each variation reads exactly like the plain form.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.reports import Message, Reading
from assistant.understand.reader import Reader
from knowledge.book import load_book
from tests.understand.conftest import NOON

FINDINGS = (
    "燃气软管老化开裂",
    "热水器没得烟管",
    "闻到煤气味",
    "电瓶提回屋头充电",
    "插座冒火花",
    "在网上刷单垫了五千",
    "老人摔了一跤起不来",
    "嘴巴歪了说话不清楚",
    "敲门没人应",
)
DOORS = (
    "3栋2单元501",
    "三栋二单元五楼一号",
    "3-2-501",
    "3-2-5-1",
    "3—2—501",
    "3/2/501",
    "3#2-501",
    "3幢2单元501室",
    "三动二单元501",
)
BEFORE = ("", "你好,", "麻烦记一下,", "辛苦了,", "汇报一下:", "哎,")
AFTER = ("", ",谢谢", ",辛苦了", "👌", "。", "!!", ",麻烦了")
TO_FULL_WIDTH = {point: point + 0xFEE0 for point in range(0x21, 0x7F)}
TO_TRADITIONAL = str.maketrans("软气热没烟闻电头插网单万说话楚门应", "軟氣熱沒煙聞電頭插網單萬說話楚門應")
HOMOPHONES = {"燃气": "然气", "软管": "暖管", "电瓶": "电屏", "插座": "插作", "热水器": "热水气"}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_book())


def essence(reading: Reading) -> list[tuple[object, ...]]:
    return [
        (case.key, case.visit, sorted((one.kind, one.state, one.stage or "") for one in case.findings))
        for case in reading.cases
    ]


def read(reader: Reader, text: str) -> list[tuple[object, ...]]:
    return essence(reader.read(Message("1", text, NOON, "怡丽佳苑")))


finding = st.sampled_from(FINDINGS)


@settings(max_examples=80)
@given(finding=finding, before=st.sampled_from(BEFORE), after=st.sampled_from(AFTER))
def test_politeness_changes_nothing(reader: Reader, finding: str, before: str, after: str) -> None:
    assert read(reader, f"{before}3-2-501{finding}{after}") == read(reader, f"3-2-501{finding}")


@settings(max_examples=80)
@given(finding=finding, door=st.sampled_from(DOORS))
def test_another_spelling_of_the_door_changes_nothing(reader: Reader, finding: str, door: str) -> None:
    assert read(reader, f"{door}{finding}") == read(reader, f"3-2-501{finding}")


@settings(max_examples=40)
@given(finding=finding)
def test_another_way_of_typing_changes_nothing(reader: Reader, finding: str) -> None:
    plain = read(reader, f"3-2-501{finding},谢谢")

    assert read(reader, f"3-2-501{finding},谢谢".translate(TO_FULL_WIDTH)) == plain
    assert read(reader, f"3-2-501{finding},谢谢".translate(TO_TRADITIONAL)) == plain
    assert read(reader, "\u200b".join(f"3-2-501{finding},谢谢")) == plain


@settings(max_examples=60)
@given(findings=st.permutations(("燃气软管老化", "插座冒火花", "老人摔了一跤")))
def test_the_order_of_findings_changes_nothing(reader: Reader, findings: list[str]) -> None:
    assert read(reader, "3-2-501" + "。".join(findings)) == read(
        reader, "3-2-501燃气软管老化。插座冒火花。老人摔了一跤"
    )


@pytest.mark.parametrize("finding", [text for text in FINDINGS if any(word in text for word in HOMOPHONES)])
def test_a_homophone_changes_nothing(reader: Reader, finding: str) -> None:
    heard = finding
    for word, misheard in HOMOPHONES.items():
        heard = heard.replace(word, misheard)

    assert heard != finding
    assert read(reader, f"3-2-501{heard}") == read(reader, f"3-2-501{finding}")
