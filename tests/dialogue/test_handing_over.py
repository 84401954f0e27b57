"""Who stands in for whom: what is taken for it, and what is a report all the same."""

import pytest

from assistant.dialogue.handing_over import HandingOver, handing_over_said
from knowledge.replies import load_replies

REPLIES = load_replies()
COLLEAGUES = ("刘大姐", "李大姐", "王主任")


def said(text: str) -> HandingOver | None:
    return handing_over_said(text, COLLEAGUES, REPLIES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我今天病了,刘大姐帮我", HandingOver(None, "刘大姐", 3)),
        ("今天发烧了，请李大姐帮我顶一下", HandingOver(None, "李大姐", 3)),
        ("我病了，今天一天，刘大姐帮我", HandingOver(None, "刘大姐", 1, True)),
        ("我今天请假，刘大姐帮我", HandingOver(None, "刘大姐", 1)),
        ("我这两天住院，刘大姐替我", HandingOver(None, "刘大姐", 2, True)),
        ("明天我请假，李大姐帮我看到", HandingOver(None, "李大姐", 1, from_tomorrow=True)),
        ("我明天起请假三天，让刘大姐代我", HandingOver(None, "刘大姐", 3, True, from_tomorrow=True)),
        ("我屋头有事，来不到", HandingOver(None, None)),
        ("我的活李大姐帮我接到这几天", HandingOver(None, "李大姐", 3, True)),
        ("刘大姐病了，李大姐帮她", HandingOver("刘大姐", "李大姐", 3)),
        ("李大姐今天帮刘大姐顶一下", HandingOver("刘大姐", "李大姐")),
        ("刘大姐请假一周，由李大姐顶", HandingOver("刘大姐", "李大姐", 7, True)),
        ("刘大姐这周请病假，她的事李大姐代着", HandingOver("刘大姐", "李大姐", 7, True)),
        ("这两天我娃娃发烧，走不开，麻烦李大姐帮我盯一下", HandingOver(None, "李大姐", 2, True)),
        ("我今天头痛得很，去不了了，李大姐帮到看一下", HandingOver(None, "李大姐", 3)),
        ("我回来了", HandingOver(None, None, is_back=True)),
        ("我病好了", HandingOver(None, None, is_back=True)),
    ],
)
def test_what_is_said_of_being_away(text: str, expected: HandingOver) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "3-2-501张大爷病了",
        "张大爷病了，他儿子帮他",
        "刘大姐病了",
        "刘大姐摔了",
        "我今天病了，刘大姐帮我，还有3-2-501软管老化",
        "我帮刘大姐",
        "好了",
        "换好了，我看过",
        "刘大姐",
        "住院了",
        "我来接刘大姐的班",
        "今天",
        "",
    ],
)
def test_what_is_something_else_and_has_to_be_read(text: str) -> None:
    assert said(text) is None
