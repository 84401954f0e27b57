"""The codes of other people's forms: every kind has one, and a broken file is refused with its line."""

from pathlib import Path

import pytest

from assistant.domain.errors import KnowledgeError
from assistant.domain.reports import EvidenceState
from knowledge.forms import OWN, load_forms
from knowledge.replies import load_replies

ITEMS = {"燃气", "消防", "租户", "独居", "门卫", "其他"}
RESULTS = {"合格", "存在隐患", "已整改"}
NATURES = {"求决", "投诉", "咨询", "建议", "感谢", "其他"}


def test_every_kind_and_state_has_a_code_of_the_other_systems() -> None:
    forms = load_forms()
    kinds = list(load_replies().kinds)

    assert {forms.inspection_item(kind) for kind in kinds} <= ITEMS
    assert {forms.nature(kind) for kind in kinds} <= NATURES
    assert {forms.inspection_result(state) for state in EvidenceState} == RESULTS
    assert set(forms.hazard_levels.values()) == {"一般", "较大", "重大"}


def test_themes_of_the_file_are_themes_that_exist() -> None:
    forms = load_forms()
    replies = load_replies()

    named = [*forms.hazard_themes, *(kind for kinds in forms.visit_log.values() for kind in kinds)]

    assert not [name for name in named if name not in replies.themes and name not in replies.kinds]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  P0: 重大\n", "", "缺 P0"),
        ("  default: 其他\n\n# 隐患巡查：结果", "\n# 隐患巡查：结果", "缺 default"),
        ("hazard_themes: [gas, electric, fire, tenancy, place]", "hazard_themes: gas", "hazard_themes"),
    ],
    ids=["a level is missing", "no default", "a list that is none"],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    text = (OWN / "forms.yaml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "forms.yaml").write_text(text.replace(before, after), encoding="utf-8")

    with pytest.raises(KnowledgeError, match=said) as fault:
        load_forms(tmp_path)

    assert fault.value.line is not None


@pytest.mark.parametrize(
    ("clause", "is_one"),
    [
        ("当场关了阀门", True),
        ("开窗通风", True),
        ("已通知燃气公司", True),
        ("网格员立即拨打120", True),
        ("劝他把电瓶搬走", True),
        ("说明天关掉", False),
        ("阀门还没关上", False),
        ("拒绝换上新管", False),
        ("怎么劝他？", False),
        ("软管老化", False),
        ("电话打不通", False),
    ],
)
def test_what_was_done_is_told_from_what_was_not(clause: str, is_one: bool) -> None:
    assert load_forms().tells_of_a_measure(clause) is is_one
