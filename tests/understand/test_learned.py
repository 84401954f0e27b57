"""The second opinion never costs a plain alarm, and makes none out of a greeting or a check that went well."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.reports import Message
from assistant.understand.reader import Reader
from knowledge.book import load_book

AT = datetime(2026, 3, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def active() -> Callable[[str], set[str]]:
    reader = Reader(load_book())

    def kinds(text: str) -> set[str]:
        reading = reader.read(Message("1", text, AT, "怡丽佳苑"))
        return {found.kind for case in reading.cases for found in case.findings if found.state.is_active}

    return kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3-2-501漏气了", "gas.leak"),
        ("5-1-602燃气泄漏了", "gas.leak"),
        ("1-1-101着火了", "fire.burning"),
        ("7-1-804的爷爷可能是中风了", "health.stroke_sign"),
        ("6-1-302婆婆正在银行准备给那个老师转5万", "fraud.investment"),
        ("漏气了", "gas.leak"),
    ],
)
def test_a_plain_alarm_stands(active: Callable[[str], set[str]], text: str, kind: str) -> None:
    assert kind in active(text)


@pytest.mark.parametrize("text", ["早", "2-1-302燃气检查无异常"])
def test_nothing_is_claimed_where_nothing_is_said(active: Callable[[str], set[str]], text: str) -> None:
    assert active(text) == set()


@pytest.mark.parametrize(
    "text", ["3-2-402厨房照片,接胶管那里生锈了", "2-1-101手上湿的!去拔插头,插座烧黑了一块。没管它"]
)
def test_the_words_shown_as_the_reason_are_of_one_clause(text: str) -> None:
    reading = Reader(load_book()).read(Message("1", text, AT, "怡丽佳苑"))

    quotes = [found.quote.text for case in reading.cases for found in case.findings]

    assert quotes
    assert not [quote for quote in quotes if quote[0] in ",。!" or quote[-1] in ",。!"]
