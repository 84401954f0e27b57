"""The word lists are checked when they are read: an editor is told the file, the line and the fix."""

import shutil
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from assistant.domain.errors import KnowledgeError
from knowledge.language import OWN, load_language


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A copy of the project's own word lists that a test may spoil."""
    return Path(shutil.copytree(OWN, tmp_path / "language"))


def spoil(file: Path, before: str, after: str) -> int:
    """Replace a stretch of the file; the number of the line it began on."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def test_our_own_words_are_in_order_and_can_not_be_changed() -> None:
    language = load_language()

    assert "栋" in language.places.building
    with pytest.raises(FrozenInstanceError):
        language.places = None  # type: ignore[assignment, misc]
    with pytest.raises(TypeError):
        language.people.titles["新"] = ("男", 0)  # type: ignore[index]


def test_a_list_nobody_knows_is_named_with_its_line(words: Path) -> None:
    line = spoil(words / "places.yaml", "phones: [", "phoness: [")

    with pytest.raises(KnowledgeError, match="phoness") as caught:
        load_language(words)

    assert (caught.value.file, caught.value.line) == ("places.yaml", line)
    assert "phones" in caught.value.mend


def test_a_missing_list_is_named(words: Path) -> None:
    spoil(words / "places.yaml", 'phones: ["110", "119", "120", "122", "114", "116", "315", "911"]\n', "")

    with pytest.raises(KnowledgeError, match="phones"):
        load_language(words)


def test_a_number_among_the_words_is_found_on_its_line(words: Path) -> None:
    line = spoil(words / "places.yaml", '["110",', "[110,")

    with pytest.raises(KnowledgeError, match="phones") as caught:
        load_language(words)

    assert caught.value.line == line


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("people.yaml", "  大爷: [男, 60]", "  大爷: [公, 60]", "大爷"),
        ("numbers.yaml", "  初二: [13, 14]", "  初二: 14", "初二"),
        ("numbers.yaml", "{天: 1,", "{天: 一,", "天"),
        ("times.yaml", "元旦: [1, 1, 1]", "元旦: [1, 1]", "元旦"),
        ("times.yaml", "{今天: 0,", "{今天: 现在,", "今天"),
        ("times.yaml", "2026: [02-17, 0,", "2026: [02-17, 6,", "2026"),
    ],
)
def test_an_entry_of_the_wrong_shape_is_named(words: Path, file: str, before: str, after: str, told: str) -> None:
    spoil(words / file, before, after)

    with pytest.raises(KnowledgeError, match=told) as caught:
        load_language(words)

    assert caught.value.file == file
    assert caught.value.line is not None
