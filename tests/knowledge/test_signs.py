"""Signs say by their words what a short message is for, and a fault in their file is named with its line."""

from pathlib import Path

import pytest

from assistant.domain.errors import KnowledgeError
from knowledge.signs import Signs, load_signs

FILE = """
words:
  值班: 值班 坐班
  哪个: 哪个 谁
signs:
  ask:
    - <值班> <哪个> ~骗
  take:
    - 我 > 接|顶 > <值班>
"""


def signs(tmp_path: Path, text: str = FILE) -> Signs:
    file = tmp_path / f"signs{hash(text)}.yaml"
    file.write_text(text, encoding="utf-8")
    return load_signs(file, "ask", "take")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("今天哪个值班", {"ask"}),
        ("值班的是谁", {"ask"}),
        ("值班的说他被骗了,骗子是谁", set()),
        ("我来顶明天的值班", {"take"}),
        ("明天值班我来顶", set()),
        ("今天天气好", set()),
    ],
)
def test_all_slots_must_be_there_in_their_order(text: str, heard: set[str], tmp_path: Path) -> None:
    assert signs(tmp_path).heard(text) == heard


def test_the_longest_word_of_a_list_is_found(tmp_path: Path) -> None:
    both = FILE.replace("坐班", "坐班 坐班值守")

    assert signs(tmp_path, both).found("值班", "今天坐班值守") == "坐班值守"


def test_a_text_of_nothing_but_listed_words_is_told_from_one_that_says_more(tmp_path: Path) -> None:
    both = signs(tmp_path)

    assert both.consists_of("谁值班", "值班", "哪个")
    assert not both.consists_of("谁今天值班", "值班", "哪个")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<值班> <哪个>", "<值办> <哪个>", "没有名叫“值办”的词表"),
        ("  take:", "  takes:", "少了“take”"),
        ("<值班> <哪个> ~骗", "~骗", "至少写一个要有的词"),
    ],
)
def test_a_fault_names_line_and_mend(old: str, new: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="第") as refused:
        signs(tmp_path, FILE.replace(old, new))

    assert says in str(refused.value)
