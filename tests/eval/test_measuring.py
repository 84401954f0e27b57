"""The project's own measure: it says the same as the scorer beside the project, and counts what it says."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.commands.read import LineReader
from assistant.lines import message_of
from assistant.measuring import Tally, tallies

SHARED = Path(__file__).resolve().parents[3] / "shared" / "eval"


def message(**gold: Any) -> dict[str, Any]:
    return {"id": "1", "text": "…", "gold": {"intent": "report", "ask": False, "cases": [], **gold}}


def case(key: str, severity: str, *kinds: str) -> dict[str, Any]:
    return {"key": key, "severity": severity, "findings": [{"kind": kind, "state": "seen"} for kind in kinds]}


def test_an_urgent_case_read_as_routine_is_under() -> None:
    tally = Tally()

    tally.add(message(cases=[case("3-2-501", "P0", "gas.leak")]), {"intent": "report", "cases": []})

    assert tally.figures()["under"] == 1.0
    assert tally.figures()["P0 recall"] == 0.0


def test_gold_without_a_severity_counts_for_the_rest() -> None:
    tally = Tally()
    gold = {"key": "3-2-501", "findings": [{"kind": "gas.hose", "state": "seen"}]}

    wrong = tally.add(message(cases=[gold]), {"intent": "report", "ask": False, "cases": [gold]})

    assert not wrong
    assert "severity" not in tally.figures()


def test_an_invented_alarm_is_over_and_no_hit() -> None:
    tally = Tally()

    tally.add(message(), {"intent": "report", "cases": [case("3-2-501", "P1", "gas.leak")]})

    assert tally.figures()["over"] == 1.0
    assert tally.figures()["precision"] == 0.0


@pytest.mark.skipif(not SHARED.exists(), reason="the scorer is not beside this checkout")
def test_the_figures_are_those_of_the_scorer(tmp_path: Path) -> None:
    gold = SHARED / "messages.dev.jsonl"
    reader = LineReader()
    lines = gold.read_text(encoding="utf-8").splitlines()
    readings = [reader.read(message_of(line, reader.now())) for line in lines]
    written = tmp_path / "readings.jsonl"
    written.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in readings), encoding="utf-8")

    whole, *_ = tallies(zip(map(json.loads, lines), readings, strict=True))
    scored = subprocess.run(
        [sys.executable, SHARED / "score.py", gold, written, "--json"], capture_output=True, text=True, check=True
    )

    theirs = json.loads(scored.stdout)
    assert whole.figures() == {name: value for name, value in theirs.items() if value is not None}
