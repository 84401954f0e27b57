"""``weiguang rules check`` and ``weiguang rules test``, as a coordinator runs them."""

import pytest
from typer.testing import CliRunner, Result

from assistant.commands.rules import app
from tests.rules.conftest import HOSE, WriteFolder
from tests.rules.test_scenarios import RIGHT


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_check_says_that_our_own_rules_are_right() -> None:
    result = run("check")

    assert result.exit_code == 0
    assert "写法都对" in result.output


def test_check_names_file_line_rule_and_fix(folder: WriteFolder) -> None:
    result = run("check", "--rules", str(folder(gas_rules=HOSE.replace("severity", "severty"))))

    assert result.exit_code == 1
    assert "rules/gas.rules.yaml 第10行:“gas.hose”:不认识的字段“severty”。你是不是想写“severity”" in result.output


def test_check_tells_which_kinds_nobody_would_follow_up(folder: WriteFolder) -> None:
    result = run("check", "--rules", str(folder()))

    assert result.exit_code == 1
    assert "没有一条规则管“gas.leak”" in result.output


def test_check_names_a_rule_that_no_scenario_lets_speak(folder: WriteFolder) -> None:
    result = run("check", "--rules", str(folder()))

    assert "gas.rules.yaml 第2行:“gas.hose”:没有一个例子让它触发。在 gas.scenarios.yaml 里写一个" in result.output


@pytest.mark.parametrize("engine", ["--engine", "--no-engine"])
def test_test_plays_every_scenario(folder: WriteFolder, engine: str) -> None:
    result = run("test", engine, "--rules", str(folder(gas_scenarios=RIGHT)))

    assert result.exit_code == 0, result.output
    assert "1 个例子,0 个不对" in result.output
    assert "gas.hose" in result.output


def test_test_fails_when_a_scenario_does(folder: WriteFolder) -> None:
    result = run("test", "--no-engine", "--rules", str(folder(gas_scenarios=RIGHT.replace("P2", "P0"))))

    assert result.exit_code == 1
    assert "等级应是 P0,得出 P2" in result.output


def test_test_fails_when_a_rule_never_speaks(folder: WriteFolder) -> None:
    result = run("test", "--no-engine", "--rules", str(folder()))

    assert result.exit_code == 1
    assert "没有一个例子让它触发:gas.hose" in result.output
