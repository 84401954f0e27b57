"""A conversation file that does not fit its form is refused, with file, line, field and the likely fix."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.domain.errors import FileFault
from assistant.rehearsing.form import Conversation
from assistant.rehearsing.reading import read_file

RIGHT = """\
- conversation: 软管
  at: 2026-03-05T10:00:00+08:00
  known:
    - {key: 3-2-501, people: [{name: 张大爷, age: 82, lives_alone: true}]}
  steps:
    - worker: 3-2-501软管老化
      expect:
        says: [3-2-501]
        open: [{key: 3-2-501, kind: gas.hose, due: 7d, count: 1}]
    - wait: 25h
    - worker: {name: 李大姐, says: 我来了}
"""


def read(text: str, folder: Path) -> list[Conversation]:
    path = folder / "chat.yaml"
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def test_a_right_file_is_read_as_it_stands(tmp_path: Path) -> None:
    (conversation,) = read(RIGHT, tmp_path)

    first, second, third = conversation.steps
    assert first.worker is not None
    assert (first.kind, first.worker.name, first.worker.says) == ("worker", None, "3-2-501软管老化")
    assert first.expect.open[0].due == timedelta(days=7)
    assert second.passes == timedelta(hours=25)
    assert third.worker is not None
    assert third.worker.name == "李大姐"


def test_a_due_day_and_a_due_moment_are_told_apart(tmp_path: Path) -> None:
    (on_a_day,) = read(RIGHT.replace("due: 7d", "due: 2026-03-12"), tmp_path)
    (at_a_moment,) = read(RIGHT.replace("due: 7d", "due: 2026-03-12T10:00:00+08:00"), tmp_path)

    assert on_a_day.steps[0].expect.open[0].due == date(2026, 3, 12)
    assert type(on_a_day.steps[0].expect.open[0].due) is date
    assert at_a_moment.steps[0].expect.open[0].due == on_a_day.at + timedelta(days=7)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        pytest.param("says: [3-2-501]", "say: [3-2-501]", 8, ("expect say", "你是不是想写“says”"), id="misspelt field"),
        pytest.param("kind: gas.hose,", "knd: gas.hose,", 9, ("knd", "“kind”"), id="misspelt inside an entry"),
        pytest.param("  at: 2026-03-05T10:00:00+08:00\n", "", 1, ("at", "缺少"), id="no start"),
        pytest.param("10:00:00+08:00", "10:00:00", 2, ("at", "带时区"), id="no zone"),
        pytest.param("wait: 25h", "wait: 25小时", 10, ("wait", "40m、25h 或 7d"), id="a span in words"),
        pytest.param("key: 3-2-501, kind", "key: 三栋501, kind", 9, ("key", "栋-单元-房号"), id="no key"),
        pytest.param("age: 82", "age: 老", 4, ("age", "整数"), id="no number"),
        pytest.param("    - wait: 25h\n", "    - {wait: 25h, worker: 好}\n", 10, ("第2步", "一步只做一件事"), id="two"),
        pytest.param("    - wait: 25h\n", "    - {waits: 25h}\n", 10, ("第2步", "一步只做一件事"), id="none"),
        pytest.param("due: 7d, count: 1", "owner: 燃气", 9, ("owner", "不能是“燃气”"), id="no such responder"),
        pytest.param("lives_alone: true", "lives_alone: 独居", 4, ("lives_alone", "true 或 false"), id="no yes or no"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    right: str, wrong: str, line: int, words: tuple[str, ...], tmp_path: Path
) -> None:
    assert right in RIGHT

    with pytest.raises(FileFault) as told:
        read(RIGHT.replace(right, wrong), tmp_path)

    assert told.value.line == line
    assert all(word in str(told.value) for word in ("chat.yaml", *words)), str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("conversation: 软管\n", id="no list"),
        pytest.param("- 你好\n", id="no mapping"),
        pytest.param("- conversation: a\n\tat: b\n", id="a tab"),
        pytest.param(RIGHT.replace("    - wait: 25h", "    - wait: 25h\n      wait: 3h"), id="a key twice"),
    ],
)
def test_what_is_no_conversation_file_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(FileFault):
        read(text, tmp_path)


def test_a_household_that_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = RIGHT.replace("  steps:", "    - {key: 3-2-501}\n  steps:")

    with pytest.raises(FileFault, match="写了两次"):
        read(twice, tmp_path)
