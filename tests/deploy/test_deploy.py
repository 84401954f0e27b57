"""What ``deploy/`` names is there: commands, settings, files. Building it needs a machine that can fetch an image."""

import configparser
import json
import re
from pathlib import Path

import pytest

from assistant.cli import COMMANDS
from assistant.settings import Settings

REPO = Path(__file__).resolve().parents[2]
DEPLOY = REPO / "deploy"
UNIT = DEPLOY / "weiguang.service"
SETTINGS = {f"WEIGUANG_{name.upper()}" for name in Settings.model_fields}


def unit() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNIT, encoding="utf-8")
    return parser


def instructions() -> dict[str, str]:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return {line.split()[0]: line.partition(" ")[2] for line in text.splitlines() if line[:1].isupper()}


def test_the_service_starts_a_command_that_exists() -> None:
    program, command = unit()["Service"]["ExecStart"].split()

    assert program == "/opt/weiguang/.venv/bin/weiguang"
    assert command in COMMANDS


def test_the_container_starts_the_same_command_as_nobody_special() -> None:
    found = instructions()

    assert json.loads(found["ENTRYPOINT"]) == ["/opt/weiguang/.venv/bin/weiguang"]
    assert json.loads(found["CMD"])[0] in COMMANDS
    assert found["USER"] == "weiguang"


@pytest.mark.parametrize("file", ["weiguang.service", "Containerfile", "weiguang.env.example"])
def test_every_setting_that_is_named_exists(file: str) -> None:
    named = set(re.findall(r"WEIGUANG_[A-Z_]+", (DEPLOY / file).read_text(encoding="utf-8")))

    assert named
    assert named <= SETTINGS


def test_the_example_can_be_read_as_settings_once_it_is_filled_in(tmp_path: Path) -> None:
    filled = (DEPLOY / "weiguang.env.example").read_text(encoding="utf-8").replace("#WEIGUANG", "WEIGUANG")
    (tmp_path / "env").write_text(filled, encoding="utf-8")

    settings = Settings(_env_file=tmp_path / "env")  # type: ignore[call-arg]

    assert settings.hosts == ["weiguang.example.cn"]
    assert settings.https


def test_the_service_can_write_nothing_but_its_own_data() -> None:
    service = unit()["Service"]

    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "true"
    assert service["CapabilityBoundingSet"] == ""
    assert service["User"] == "weiguang"
    assert "ReadWritePaths" not in service


def test_what_the_guide_names_is_there() -> None:
    guide = (REPO / "docs" / "部署.md").read_text(encoding="utf-8")

    assert not [name for name in re.findall(r"`((?:deploy|assistant)/[\w./-]+)`", guide) if not (REPO / name).exists()]
    assert all(command in COMMANDS for command in re.findall(r"weiguang (invite|serve|import|export)\b", guide))
