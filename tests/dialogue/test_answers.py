"""Short answers in words: what is one, and what only looks like one."""

import pytest

from assistant.dialogue.answers import (
    SecondWord,
    first_clause_ends,
    handed_over,
    is_well_again,
    says_only,
    second_word,
    to_whom,
)
from assistant.dialogue.correcting import Contrast, contrast
from assistant.domain.casework import Responder
from knowledge.replies import Replies


@pytest.mark.parametrize(
    ("text", "word", "about", "reason"),
    [
        ("3-2-501同意办结", SecondWord.AGREE, "3-2-501", ""),
        ("3栋2单元501可以办结", SecondWord.AGREE, "3栋2单元501", ""),
        ("同意3-2-501办结", SecondWord.AGREE, "3-2-501", ""),
        ("同意办结", SecondWord.AGREE, "", ""),
        ("3-2-501退回,还没换", SecondWord.SEND_BACK, "3-2-501", "还没换"),
        ("退回,还没换", SecondWord.SEND_BACK, "", "还没换"),
        ("3-2-501不同意办结", SecondWord.SEND_BACK, "3-2-501", ""),
        ("3-2-501重新打开，又漏了", SecondWord.REOPEN, "3-2-501", "又漏了"),
    ],
)
def test_a_coordinators_word_is_parted_into_door_and_reason(
    text: str, word: SecondWord, about: str, reason: str, replies: Replies
) -> None:
    said = second_word(text, replies)

    assert said is not None
    assert (said.word, said.about, said.reason) == (word, about, reason)


@pytest.mark.parametrize("text", ["3-2-501张大爷同意换软管", "3-2-501骗子把钱退回了", "3-2-501软管老化"])
def test_what_a_resident_agrees_to_or_gets_back_is_no_coordinators_word(text: str, replies: Replies) -> None:
    assert second_word(text, replies) is None


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("3-2-501同意办结", True),
        ("3-2-501不同意办结", True),
        ("3-2-501退回,还没换", True),
        ("乒乓室的事没通过，一楼不同意", False),
        ("3-2-501同意", False),
    ],
)
def test_who_agrees_or_not_without_saying_to_what_may_speak_of_something_else(
    text: str, is_plain: bool, replies: Replies
) -> None:
    said = second_word(text, replies)

    assert said is not None
    assert said.is_plain is is_plain


@pytest.mark.parametrize(
    ("text", "ends"), [("还没换，她儿子没空", 3), ("还没换", 3), ("，还没换。她儿子没空", 4), ("好 的", 1)]
)
def test_the_first_clause_ends_at_the_first_pause(text: str, ends: int) -> None:
    assert first_clause_ends(text) == ends


@pytest.mark.parametrize(
    ("text", "whom", "reason"),
    [
        ("3-2-501转给物业,要他们拆", Responder.PROPERTY, "要他们拆"),
        ("3栋2单元501转给李大姐，她就住那栋", "李大姐", "她就住那栋"),
        ("转交给社区民警，老人拒绝开门", Responder.POLICE, "老人拒绝开门"),
    ],
)
def test_a_hand_over_names_whom_and_why(text: str, whom: object, reason: str, replies: Replies) -> None:
    said = handed_over(text, ["李大姐"], replies)

    assert said is not None
    assert (said.whom, said.reason) == (whom, reason)


@pytest.mark.parametrize("text", ["他把钱转给对方了", "把5000元转给民警了", "3-2-501软管老化", "转给王总"])
def test_money_and_strangers_are_never_a_hand_over(text: str, replies: Replies) -> None:
    assert handed_over(text, ["李大姐"], replies) is None


def test_an_answer_to_whom_that_names_nobody_we_know_is_none(replies: Replies) -> None:
    assert to_whom("不晓得", ["李大姐"], replies) is None


@pytest.mark.parametrize(("text", "expected"), [("还没换哈", True), ("还没。", True), ("还没换，味道大得很", False)])
def test_not_yet_is_an_answer_only_by_itself(text: str, expected: bool, replies: Replies) -> None:
    assert says_only(text, replies.answer_words.not_yet, replies) is expected


@pytest.mark.parametrize(("text", "expected"), [("3-2-501复查正常", True), ("复查不正常", False), ("血压正常", False)])
def test_only_a_second_look_that_found_nothing_is_well_again(text: str, expected: bool, replies: Replies) -> None:
    assert is_well_again(text, replies) is expected


@pytest.mark.parametrize(
    ("text", "denied", "said"),
    [
        ("不是张大爷,是李婆婆", "张大爷", "李婆婆"),
        ("更正:是李婆婆家,不是张大爷", "张大爷", "李婆婆家"),
        ("184改成148", "184", "148"),
        ("不是漏气而是软管老化", "漏气", "软管老化"),
        ("时间说错了,是昨天下午看到的", "", "昨天下午看到的"),
        ("说错了，8-1-302不是阀门关不动，是软管老化", "阀门关不动", "软管老化"),
        ("8栋1单元302那条不是漏气,是软管老化", "漏气", "软管老化"),
        ("软管那条不是2-1-302", "", "软管那条不是2-1-302"),
    ],
)
def test_a_correction_is_parted_into_wrong_and_right(text: str, denied: str, said: str, replies: Replies) -> None:
    assert contrast(text, replies) == Contrast(denied, said)
