"""Which messages ask why, and which are reports that only sound like it."""

import pytest

from assistant.dialogue.why import WhyAsked, say_why_not, why_asked
from knowledge.replies import load_replies

REPLIES = load_replies()


@pytest.mark.parametrize(
    ("text", "is_not", "about"),
    [
        ("为什么?", False, ""),
        ("为啥标紧急", False, ""),
        ("这个为什么标P1?", False, ""),
        ("3-2-501为什么标了", False, "3-2-501"),
        ("3栋2单元501张大爷家,为什么要报民警", False, "3栋2单元501张大爷家"),
        ("为什么没有", True, ""),
        ("为什么没标?", True, ""),
        ("3-2-501为啥没得标记", True, "3-2-501"),
        ("刚才那条凭啥不升级", True, ""),
    ],
)
def test_a_question_why_is_understood(text: str, is_not: bool, about: str) -> None:
    assert why_asked(text, REPLIES) == WhyAsked(is_not, about)


@pytest.mark.parametrize(
    "text",
    [
        "3-2-501软管老化",
        "为什么楼道还有煤气味",
        "3-2-501问为什么要换软管,他不换",
        "张大爷问为什么没有人来修燃气,闻到有气味",
        "3-2-501张大爷在网上跟老师炒股准备再转5万,问他为什么",
        "",
    ],
)
def test_a_report_is_no_question_why(text: str) -> None:
    assert why_asked(text, REPLIES) is None


def test_where_no_rule_is_near_that_is_said() -> None:
    assert "没有规则管" in say_why_not("3-2-501", None, REPLIES)
