"""The command line: quick to start, in Chinese, one line for what is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import COMMANDS

HEAVY = ("jieba", "sqlalchemy", "starlette", "prompt_toolkit", "pydantic")


def weiguang(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=given,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


#: files of assistant/commands that commands share
SHARED = {
    "__init__",
    "acting",
    "channels",
    "opening",
    "rules_publishing",
    "rules_trying",
    "serving",
    "site",
    "web_record",
}


def test_every_command_file_is_on_the_list_and_no_other() -> None:
    files = {path.stem for path in (Path(__file__).parents[2] / "assistant" / "commands").glob("*.py")}

    assert COMMANDS.keys() == files - SHARED


def test_the_help_names_every_command() -> None:
    answer = weiguang("--help")

    assert answer.returncode == 0
    assert all(command in answer.stdout for command in COMMANDS)


def test_the_list_of_commands_is_shown_without_loading_what_they_need() -> None:
    code = (
        "import sys\n"
        "sys.argv = ['weiguang', '--help']\n"
        "from assistant.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert answer.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_chinese(command: str) -> None:
    answer = weiguang(command, "--help")

    assert answer.returncode == 0, answer.stderr
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.stdout)


def test_an_unknown_command_is_refused() -> None:
    assert weiguang("demmo").returncode == 2


def test_what_we_refuse_on_purpose_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")

    answer = weiguang("chat", WEIGUANG_DATA_DIR=str(in_the_way))

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "数据目录" in answer.stderr


def test_lines_from_a_pipe_are_answered_in_order(tmp_path: Path) -> None:
    answer = weiguang(
        "chat", given="2-1-302燃气检查无异常\n5栋一单元六楼2号闻到有气味\n", WEIGUANG_DATA_DIR=str(tmp_path)
    )

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.index("2-1-302") < answer.stdout.index("【紧急】5-1-602")


def test_a_worker_whom_nobody_knows_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    answer = weiguang("chat", "--worker", "无名氏", WEIGUANG_DATA_DIR=str(tmp_path))

    assert answer.returncode == 1
    assert "刘大姐" in answer.stderr


def test_the_pages_are_for_this_machine_only(tmp_path: Path) -> None:
    answer = weiguang("demo", "--port", "8199", WEIGUANG_DATA_DIR=str(tmp_path), WEIGUANG_HOST="0.0.0.0")

    assert answer.returncode == 1
    assert "只能在本机" in answer.stderr
