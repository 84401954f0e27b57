"""The periods: all classes, nothing shorter than a law allows, and faults named with their line."""

from datetime import timedelta
from pathlib import Path

import pytest

from assistant.domain.access import Retention
from assistant.domain.errors import KnowledgeError
from assistant.domain.retention import GONE, HIDDEN, blanked, without_door, without_words
from knowledge.retention import OWN, load_retention
from tests.console.world import NOW


def test_every_class_has_a_period_with_its_source() -> None:
    periods = load_retention()

    assert set(periods.of) == set(Retention)
    assert all(period.source for period in periods.of.values())
    assert periods.cut(Retention.LEDGER, NOW) is None
    assert periods.cut(Retention.CASE, NOW) == NOW - timedelta(days=365)


@pytest.mark.parametrize(
    ("old", "put", "said"),
    [
        ("days: 180\n    at_least: 180", "days: 30\n    at_least: 180", "至少 180 天"),
        ("  standing:", "  somebody:", "periods"),
        ("days: 365", "days: soon", "days"),
        ("  backup:", "  copies:", "backup"),
        ("days: 365", "days: 0", "至少 1 天"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, put: str, said: str, tmp_path: Path) -> None:
    text = (OWN / "retention.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "retention.yaml").write_text(text.replace(old, put), encoding="utf-8")

    with pytest.raises(KnowledgeError, match=said):
        load_retention(tmp_path)


def test_words_are_blanked_and_every_other_character_keeps_its_place() -> None:
    text = "3-2-501张大爷血压180，张大爷说头昏"

    made = blanked(text, ["张大爷", ""], [(10, 15)])

    assert made == f"3-2-501{HIDDEN * 8}，{HIDDEN * 3}说头昏"
    assert len(made) == len(text)


def test_words_are_blanked_wherever_they_stand_in_a_reading() -> None:
    value = {"cases": [{"quote": "张大爷头昏", "figures": {"age": 80}, "door": None}]}

    assert without_words(value, ["张大爷"]) == {
        "cases": [{"quote": f"{HIDDEN * 3}头昏", "figures": {"age": 80}, "door": None}]
    }


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("3-2-501 张大爷：血压高。\n跟进：家属打电话", GONE),
        ("今天：\n3-2-501 张大爷血压高\n13-2-501 软管老化", f"今天：\n{GONE}\n13-2-501 软管老化"),
        ("3-2-501张大爷、3-2-502李婆婆都没见到", f"3-2-501{HIDDEN * 3}、3-2-502李婆婆都没见到"),
    ],
    ids=["its own message", "a line of a list", "a line of several doors"],
)
def test_a_message_loses_what_it_says_of_the_door_and_nothing_of_others(text: str, left: str) -> None:
    assert without_door(text, "3-2-501", ["张大爷"]) == left
