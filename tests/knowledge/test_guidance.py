"""A question finds the card that answers it; one that no card answers finds none."""

from pathlib import Path
from typing import Any

import pytest

from assistant.domain.casework import Responder
from assistant.domain.errors import KnowledgeError
from assistant.understand.segment import words
from knowledge import yamlfile
from knowledge.guidance import Card, Guidance, load_guidance
from knowledge.replies import OWN, load_replies

QUESTIONS: dict[str, list[dict[str, Any]]] = yamlfile.load(Path(__file__).with_name("guidance_questions.yaml"))
CARD = "## 软管\n管：gas.hose\n也说：软管老化\n出处：ours\n1. 关阀。\n2. 换管。\n3. 再看。\n"


def _title(card: Card | None) -> str | None:
    return None if card is None else card.title


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    return load_guidance(words)


def test_every_theme_and_every_kind_has_a_card(guidance: Guidance) -> None:
    kinds = {f"{theme}.{name}" for theme, members in yamlfile.load(OWN / "kinds.yaml").items() for name in members}

    assert {kind for card in guidance.cards for kind in card.kinds} == kinds


def test_every_source_stands_in_the_replies(guidance: Guidance) -> None:
    sources = load_replies().sources

    assert [card.title for card in guidance.cards if card.source not in sources] == []


@pytest.mark.parametrize(("part", "least"), [("tuned", 0.95), ("held", 0.9)])
def test_the_right_card_comes_first(part: str, least: float, guidance: Guidance) -> None:
    asked = [one for one in QUESTIONS[part] if one["card"] is not None]

    right = [one for one in asked if _title(guidance.find(one["ask"])) == one["card"]]

    assert len(asked) >= 60
    assert len(right) / len(asked) >= least


def test_what_no_card_answers_mostly_finds_none(guidance: Guidance) -> None:
    elsewhere = [one["ask"] for part in QUESTIONS.values() for one in part if one["card"] is None]

    found = [ask for ask in elsewhere if guidance.find(ask) is not None]

    assert len(found) / len(elsewhere) <= 0.25


def test_each_card_is_found_by_its_own_phrases(guidance: Guidance) -> None:
    said = [(phrase, card) for card in guidance.cards for phrase in card.says]

    missed = [phrase for phrase, card in said if card not in guidance.rank(phrase)[:2]]

    assert len(missed) / len(said) <= 0.02, missed


def test_a_finding_that_was_read_makes_its_card_likelier(guidance: Guidance) -> None:
    card = guidance.find("这个不肯换咋办", kinds=["gas.hose"])

    assert card is not None
    assert card.title == "燃气软管老化、太长、松动"


def test_the_communitys_own_number_stands_in_the_step_that_needs_it() -> None:
    with_number = load_guidance(words, phones={Responder.GAS: "962777"})

    card = with_number.find("煤气味大怎么处置")

    assert card is not None
    assert "962777" in "".join(card.steps)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("3. 再看。\n", "", "有2步"),
        ("3. 再看", "4. 再看", "看不懂这一行"),
        ("出处：ours\n", "", "少了出处"),
        ("关阀", "关阀{gaz}", "花括号"),
        ("关阀", "关" * 40, "太长"),
    ],
)
def test_a_fault_in_a_card_names_file_line_and_mend(old: str, new: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance" / "gas.md").write_text(CARD.replace(old, new), encoding="utf-8")

    with pytest.raises(KnowledgeError, match=r"gas\.md 第\d行") as refused:
        load_guidance(words, tmp_path)

    assert says in str(refused.value)
