"""``weiguang rehearse`` as it is called: what it prints, and its exit status."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

HELD = """\
- conversation: 没事的一趟
  at: 2026-03-05T10:00:00+08:00
  steps:
    - worker: 2-1-302燃气检查无异常
      expect: {says: [2-1-302], count: {visits: 1, flags: 0}}
"""
FAILED = HELD.replace("flags: 0", "flags: 3").replace("没事的一趟", "另一趟")


def rehearse(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "rehearse", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def written(text: str, path: Path) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_one_that_fails_is_told_with_its_step_and_the_status_is_1(tmp_path: Path) -> None:
    ran = rehearse(written(HELD, tmp_path / "a.yaml"), written(FAILED, tmp_path / "b.yaml"))

    assert ran.returncode == 1
    assert "另一趟" in ran.stdout
    assert "第1步 worker “2-1-302燃气检查无异常”:count flags 应是 3,实际 0" in ran.stdout
    assert "没事的一趟" not in ran.stdout


def test_a_file_that_does_not_fit_stops_all_before_anything_is_played(tmp_path: Path) -> None:
    ran = rehearse(written(FAILED, tmp_path / "a.yaml"), written(HELD.replace("visits", "vists"), tmp_path / "b.yaml"))

    assert ran.returncode == 1
    assert "b.yaml 第5行" in ran.stderr
    assert "vists" in ran.stderr
    assert "另一趟" not in ran.stdout


@pytest.mark.postgres
def test_on_postgres_nothing_is_left_behind(tmp_path: Path, postgres_url: str) -> None:
    ran = rehearse("--db", postgres_url, written(HELD, tmp_path / "a.yaml"))

    engine = sa.create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'weiguang_reh%%'").all()
    engine.dispose()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not left


def test_a_chat_that_was_typed_comes_out_as_a_file_that_plays(tmp_path: Path) -> None:
    head = written(HELD, tmp_path / "head.yaml")

    recorded = rehearse("--record", head, typed="2-1-302燃气软管老化\n等 7d\n点 已处理\n网格长:早\n等 三天\n")

    again = rehearse(written(recorded.stdout, tmp_path / "typed.yaml"))
    steps = [line.strip() for line in recorded.stdout.splitlines() if line.startswith("    - ")]
    assert steps == [
        "- worker: 2-1-302燃气检查无异常",
        "- worker: 2-1-302燃气软管老化",
        "- wait: 7d",
        "- tap: 已处理",
        "- coordinator: 早",
    ]
    assert "看不懂“等 三天”" in recorded.stderr
    assert again.returncode == 0, again.stdout + again.stderr
