"""A rules folder that a test can write: small, right in every part, with the part that the test is about put in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.engine.book import RuleBook, load_rules
from rules.engine.vocabulary import Vocabulary, load_vocabulary

SOURCES = "gb-55009-2021: {title: GB 55009-2021, stands_in: S32}\n"
PARAMETERS = """
p0_deadline: {label: 马上, unit: 分钟, values: {2026-01-01: 0}, source: 本项目建议}
p1_deadline: {label: 当天, unit: 小时, values: {2026-01-01: 24}, source: 本项目建议}
p2_deadline: {label: 限期, unit: 天, values: {2026-01-01: 7, 2026-06-01: 5}, source: 本项目建议}
p3_deadline: {label: 一般, unit: 天, values: {2026-01-01: 30}, source: 本项目建议}
one_day: {label: 一天, unit: 小时, values: {2026-01-01: 24}, source: 本项目建议}
very_old: {label: 高龄, unit: 岁, values: {2026-01-01: 80}, source: 本项目建议}
"""
GROUPS = """
frail: {label: 独居或高龄, any_of: [{person: any, lives_alone: true}, {person: any, age_at_least: very_old}]}
"""
HOSE = """
- id: gas.hose
  label: 软管老化
  why: "“{quote}”:要换"
  source: gb-55009-2021
  since: 2026-01-01
  when:
    - {finding: gas.hose}
  then:
    severity: default
    follow_ups:
      - {owner: gas, what: 换软管}
"""

#: takes the files' texts by name (gas_rules="…"), what is left out is right; gives the folder
WriteFolder = Callable[..., Path]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """The project's own rules."""
    return load_rules()


@pytest.fixture
def folder(tmp_path: Path) -> WriteFolder:
    def write(
        gas_rules: str = HOSE,
        parameters: str = PARAMETERS,
        groups: str = GROUPS,
        sources: str = SOURCES,
        gas_scenarios: str = "",
    ) -> Path:
        rules = tmp_path / "rules"
        rules.mkdir(exist_ok=True)
        texts = {
            "gas.rules.yaml": gas_rules,
            "parameters.yaml": parameters,
            "groups.yaml": groups,
            "sources.yaml": sources,
            "gas.scenarios.yaml": gas_scenarios,
        }
        for name, text in texts.items():
            (rules / name).write_text(text, encoding="utf-8")
        return rules

    return write
