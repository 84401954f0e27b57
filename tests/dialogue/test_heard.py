"""收到 in other words: who has heard an alarm, or is on the way."""

import pytest

from assistant.dialogue.answers import says_heard
from knowledge.replies import load_replies

REPLIES = load_replies()


@pytest.mark.parametrize(
    "text",
    [
        "收到",
        "收到。",
        "收到了哈",
        "收到，我过来",
        "收到,马上到",
        "收到，让她把孩子抱到楼下等我",
        "晓得了，在路上",
        "好的收到",
        "马上到",
        "我马上过来",
        "已安排人过去",
        "我们已经出发了",
        "知道了，物业的人已经过去了",
    ],
)
def test_who_says_so_has_heard_it(text: str) -> None:
    assert says_heard(text, REPLIES)


@pytest.mark.parametrize(
    "text",
    ["", "没收到", "收到诈骗短信", "收到个快递", "好的", "马上", "我去", "3-2-501软管老化", "处理", "还没去", "谢谢"],
)
def test_who_says_this_has_not(text: str) -> None:
    assert not says_heard(text, REPLIES)
