"""A conversation that does not go as its file says: each expectation that did not hold is told, and nothing else."""

from pathlib import Path

import pytest

from assistant.rehearsing.form import Conversation
from assistant.rehearsing.reading import read_file
from assistant.rehearsing.running import Run


@pytest.fixture(scope="module")
def run() -> Run:
    return Run()


def one(steps: str, folder: Path, head: str = "") -> Conversation:
    path = folder / "chat.yaml"
    path.write_text(f"- conversation: 试\n  at: 2026-03-05T10:00:00+08:00\n{head}  steps:\n{steps}", encoding="utf-8")
    return read_file(path)[0]


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        pytest.param("says: [2-1-302]", None, id="said"),
        pytest.param("says: [9-9-999]", "应当说到“9-9-999”", id="not said"),
        pytest.param("not_says: [软管]", "不应说到“软管”", id="said against"),
        pytest.param("asks: true", "应当追问", id="not asked"),
        pytest.param("open: [{key: 2-1-302, kind: gas.hose, severity: P2, count: 1}]", None, id="one open matter"),
        pytest.param("open: [{key: 2-1-302, owner: gas, due: 7d}]", None, id="a promise by its owner"),
        pytest.param("open: [{key: 2-1-302, due: 2026-03-12}]", None, id="a promise by its day"),
        pytest.param("open: [{key: 2-1-302, due: 2026-03-13}]", "应有未了的", id="another day"),
        pytest.param("open: [{key: 2-1-302, kind: gas.leak}]", "应有未了的", id="another kind"),
        pytest.param("open: [{key: 2-1-302, count: 2}]", "应有 2 件", id="another count"),
        pytest.param("not_open: [{key: 2-1-302}]", "不应还有未了的", id="still open"),
        pytest.param("told: []", None, id="nobody told"),
        pytest.param("told: [{role: coordinator}]", "told 应有", id="not told"),
        pytest.param("prompts: [{role: worker}]", "prompts 应有", id="no prompt"),
        pytest.param("escalated: [{to: coordinator}]", "应当上报", id="not escalated"),
        pytest.param("count: {reports: 1, visits: 1, findings: 1, prompts: 0}", None, id="counted"),
        pytest.param("count: {reports: 2}", "count reports 应是 2,实际 1", id="miscounted"),
    ],
)
def test_an_expectation_holds_or_is_told(expect: str, told: str | None, run: Run, tmp_path: Path) -> None:
    conversation = one(f"    - worker: 2-1-302燃气软管老化\n      expect: {{{expect}}}\n", tmp_path)

    faults = run.play(conversation)

    assert len(faults) == (0 if told is None else 1)
    assert told is None or told in faults[0]


def test_what_falls_due_while_time_passes_happens_then(run: Run, tmp_path: Path) -> None:
    steps = """\
    - worker: 2-1-302燃气软管老化
    - wait: 6d
      expect: {prompts: []}
    - wait: 1d
      expect: {prompts: [{role: worker, who: 刘大姐, says: [2-1-302]}], not_prompts: [{says: [2-1-303]}]}
"""
    assert not run.play(one(steps, tmp_path))


def test_while_the_service_is_down_nothing_happens(run: Run, tmp_path: Path) -> None:
    waits = "    - worker: 5-1-602闻到煤气味\n    - wait: 25m\n      expect: {escalated: [{to: community}]}\n"
    down = waits.replace("wait: 25m", "down: 25m")

    assert not run.play(one(waits, tmp_path))
    assert run.play(one(down, tmp_path))


def test_a_button_that_nobody_was_given_is_told(run: Run, tmp_path: Path) -> None:
    faults = run.play(one("    - tap: 已处理\n", tmp_path))

    assert len(faults) == 1
    assert "没有哪条消息带“已处理”这个按钮" in faults[0]


def test_what_was_open_before_stands_with_its_flags_and_promises(run: Run, tmp_path: Path) -> None:
    head = "  known:\n    - {key: 2-1-302, open: [{kind: gas.hose, since: 2026-03-02, times: 2}]}\n"
    steps = """\
    - worker: 大家早
      expect:
        open: [{key: 2-1-302, kind: gas.hose, owner: gas, due: 2026-03-09}]
        count: {reports: 0, flags: 0, follow_ups: 0}
        prompts: []
"""
    assert not run.play(one(steps, tmp_path, head))


def test_misses_before_make_the_next_one_the_second(run: Run, tmp_path: Path) -> None:
    people = "people: [{name: 李婆婆, age: 86, lives_alone: true}]"
    step = "    - worker: 1-1-101李婆婆家敲门没人应\n      expect: {open: [{key: 1-1-101, kind: elder.no_contact}]}\n"

    first = run.play(one(step, tmp_path, f"  known:\n    - {{key: 1-1-101, {people}}}\n"))
    second = run.play(one(step, tmp_path, f"  known:\n    - {{key: 1-1-101, {people}, misses_in_a_row: 1}}\n"))

    assert first
    assert not second


def test_somebody_new_joins_the_micro_grid_by_speaking(run: Run, tmp_path: Path) -> None:
    steps = """\
    - worker: {name: 李大姐, says: 2-1-302燃气软管老化}
      expect: {says: [2-1-302], told: []}
    - wait: 7d
      expect: {prompts: [{role: worker, who: 李大姐}], not_prompts: [{who: 刘大姐}]}
"""
    assert not run.play(one(steps, tmp_path))


def test_a_body_that_is_called_in_speaks_by_its_name(run: Run, tmp_path: Path) -> None:
    steps = """\
    - worker: 5-1-602闻到煤气味
      expect: {told: [{role: gas, says: [5-1-602]}, {role: coordinator}]}
    - responder: {name: gas, says: 收到}
    - wait: 2h
      expect: {escalated: []}
"""
    assert not run.play(one(steps, tmp_path))


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        pytest.param("group: [编号], not_group: [2-1-302], says: [2-1-302]", None, id="a number in the group"),
        pytest.param("group: [2-1-302]", "群里应当说到“2-1-302”", id="the door is not told there"),
        pytest.param("not_group: [编号]", "群里不应说到“编号”", id="the number is"),
        pytest.param("not_says: [2-1-302]", "不应说到“2-1-302”", id="the answer is the writer's"),
    ],
)
def test_what_a_group_is_shown_is_told_apart_from_the_answer(
    expect: str, told: str | None, run: Run, tmp_path: Path
) -> None:
    steps = f"    - worker: {{says: 2-1-302燃气软管老化, in_group: true}}\n      expect: {{{expect}}}\n"

    faults = run.play(one(steps, tmp_path))

    assert len(faults) == (0 if told is None else 1)
    assert told is None or told in faults[0]
