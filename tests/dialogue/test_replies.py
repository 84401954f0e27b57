"""replies.yaml is complete, and a fault in it is named with its line."""

import shutil
from pathlib import Path

import pytest

from assistant.domain.casework import Responder
from assistant.domain.errors import KnowledgeError
from assistant.domain.reports import FraudStage, Severity
from knowledge import yamlfile
from knowledge.replies import OWN, Buttons, Replies, Sayings, load_replies

KINDS = [f"{theme}.{name}" for theme, members in yamlfile.load(OWN / "kinds.yaml").items() for name in members]


def changed(tmp_path: Path, old: str, new: str) -> Path:
    shutil.copy(OWN / "replies.yaml", tmp_path)
    file = tmp_path / "replies.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def test_every_kind_has_a_name_and_no_other_has(replies: Replies) -> None:
    assert set(replies.kinds) == set(KINDS)


#: service matters: nothing to be done at the door
HARMLESS = {"elder.care_need", "dispute.noise", "tenancy.vacant", "place.facility_fault", "place.sanitation"}
HARMLESS |= {kind for kind in KINDS if kind.startswith("request.")}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in HARMLESS])
@pytest.mark.parametrize("severity", [Severity.P0, Severity.P1])
def test_every_life_or_money_matter_has_advice(kind: str, severity: Severity, replies: Replies) -> None:
    stages = list(FraudStage) if kind.startswith("fraud.") else [None]

    assert all(replies.advice_for(kind, severity, stage, frozenset()) for stage in stages)


def test_advice_fits_on_one_line_of_a_phone_twice(replies: Replies) -> None:
    said = [advice.say for entry in replies.kinds.values() for advice in entry.advice]
    said += [advice.say for advice in replies.fraud_advice]

    assert max(len(text) for text in said) <= 48


def test_every_sentence_and_button_is_said_somewhere() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (OWN.parent / "assistant").rglob("*.py"))

    unsaid = [name for name in Sayings.model_fields if f"sayings.{name}" not in code]
    unsaid += [name for name in Buttons.model_fields if f"buttons.{name}" not in code]

    assert unsaid == []


def test_the_communitys_own_number_stands_in_the_advice_that_needs_it() -> None:
    with_number = load_replies(phones={Responder.GAS: "962777"})
    without = load_replies()

    said = [book.advice_for("gas.leak", Severity.P0, None, frozenset()) or "" for book in (with_number, without)]

    assert said[0].endswith("再打燃气抢修电话962777。")
    assert said[1].endswith("再打燃气抢修电话。")


def test_every_circumstance_that_advice_names_exists(replies: Replies) -> None:
    circumstances = yamlfile.load(OWN / "circumstances.yaml")
    named = {code for entry in replies.kinds.values() for advice in entry.advice for code in advice.circumstance}
    named |= {code for advice in replies.fraud_advice for code in advice.circumstance}

    assert named <= circumstances.keys()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("source: gas-leak-steps}", "source: gas-leak-stepz}", "没有这个出处：gas-leak-stepz"),
        ('urgent: "【紧急】{line}"', 'urgent: "【紧急】{lien}"', "urgent 不能填 lien"),
        ('urgent: "【紧急】{line}"', 'urgent: "【紧急】{line"', "urgent 的花括号不成对"),
        ("抢修电话{gas}", "抢修电话{gaz}", "这条建议 不能填 gaz"),
        ("  greeting: ", "  greting: ", "sayings.greeting 不对"),
        ("  police: 社区民警\n", "", "responders 少了 police"),
        ("severity: [P0, P1], say", "severity: [P9], say", "kinds.gas.hose.advice.0.severity.0 不对"),
        ("sayings:\n", "sayings:\n\tx: 1\n", "制表符"),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_line(old: str, new: str, says: str, tmp_path: Path) -> None:
    folder = changed(tmp_path, old, new)

    with pytest.raises(KnowledgeError) as fault:
        load_replies(folder)

    assert says in str(fault.value)
    assert fault.value.line is not None
