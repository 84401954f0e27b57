"""Try, compare, publish and go back from the command line, as a coordinator does it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from assistant.app import build
from assistant.channels.base import Incoming
from assistant.commands.rules import app
from assistant.settings import Settings
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Flag
from assistant.storage.verdicts import judge
from rules.engine.book import OWN
from tests.turn.rehearsal import Telegraph, settle_community


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community in which 刘大姐 has reported a hose at an old man's and one at a stranger's."""
    folder = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=folder)
    database = Database.open(settings.database_url)
    settle_community(database, datetime.now(UTC))
    database.close()
    assistant = build(settings)
    for number, text in enumerate(("3-2-501张大爷家软管老化,血压182/108", "3-2-502软管老化,他答应明天换")):
        assistant.receive(Incoming("test", f"m{number}", "liu", text, assistant.now()))
    assistant.settle_down({"test": Telegraph()})
    assistant.close()
    return folder


@pytest.fixture
def own_data(data: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    return folder


@pytest.fixture
def run(own_data: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("WEIGUANG_DATA_DIR", str(own_data))
    return Run()


class Run:
    """Runs ``weiguang rules …`` on the community's data."""

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words))


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """Our own rules, with another limit from tomorrow's rules on: pressure is urgent from 185."""
    folder = tmp_path / "rules"
    shutil.copytree(OWN, folder, ignore=shutil.ignore_patterns("engine", "__pycache__", "*.py"))
    today = datetime.now(Settings().tz).date().isoformat()
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "urgent_systolic:  {label: 高压到多少当天要看, unit: mmHg, values: {2025-01-01: 180}",
        f"urgent_systolic:  {{label: 高压到多少当天要看, unit: mmHg, values: {{2025-01-01: 180, {today}: 185}}",
    )
    path.write_text(text, encoding="utf-8")
    return folder


def test_explain_says_of_each_flag_the_words_the_rule_and_the_numbers(run: Run) -> None:
    result = run("explain", "3-2-501张大爷血压182/108")

    assert result.exit_code == 0, result.output
    assert "health.bp-urgent" in result.output
    assert "182/108" in result.output
    assert "urgent_systolic=180mmHg" in result.output


def test_explain_says_of_a_silent_rule_the_first_thing_it_lacked(run: Run) -> None:
    result = run("explain", "3-2-501软管老化", "--rule", "gas.hose-refused")

    assert "没有按“软管有隐患,住户不愿更换”:没有发现“软管老化/过长/松动”,住户不愿整改" in result.output


def test_explain_takes_the_number_of_a_report(run: Run) -> None:
    result = run("explain", "2")

    assert result.exit_code == 0, result.output
    assert "3-2-502" in result.output
    assert "gas.hose" in result.output


@pytest.mark.parametrize(
    ("words", "told"), [(("999",), "没有编号是 999"), (("软管老化", "--rule", "gas.hoes"), "gas.hose")]
)
def test_explain_says_what_it_does_not_know(run: Run, words: tuple[str, ...], told: str) -> None:
    result = run("explain", *words)

    assert result.exit_code == 1
    assert told in result.output


def test_show_reads_without_yaml(run: Run) -> None:
    result = run("show", "--theme", "gas")

    assert "软管有隐患,住户不愿更换" in result.output
    assert "当 发现“软管老化/过长/松动”,住户不愿整改/不配合" in result.output
    assert "finding:" not in result.output


def test_show_writes_one_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "规则.html"

    run("show", "--html", str(page))

    text = page.read_text(encoding="utf-8")
    assert text.count("<article>") > 100
    assert "<script" not in text


def test_diff_tells_the_number_and_how_many_it_can_touch(run: Run, stricter: Path) -> None:
    result = run("diff", "--rules", str(stricter))

    assert "urgent_systolic" in result.output
    assert "可能碰到 1 户" in result.output


def test_diff_of_what_is_in_use_is_empty(run: Run) -> None:
    assert "没有不同" in run("diff").output


def test_publish_and_rollback_touch_one_household_and_say_so(run: Run, stricter: Path) -> None:
    published = run("publish", "--by", "王主任", "--rules", str(stricter), "--note", "试行")
    assert published.exit_code == 0, published.output
    back = run("rollback", "--by", "王主任", "--to", published.output.split("已发布 ")[1][:12])
    listed = run("versions")

    assert "看了 1 户,改了 1 户(共 2 户有标记)" in published.output, published.output
    assert "没有不同" in back.output
    assert "在用" in listed.output
    assert "试行" in listed.output


def test_rollback_leads_to_the_book_before(run: Run, stricter: Path) -> None:
    run("publish", "--by", "王主任")
    run("publish", "--by", "王主任", "--rules", str(stricter))

    back = run("rollback", "--by", "王主任")

    assert "看了 1 户,改了 1 户" in back.output, back.output


@pytest.mark.parametrize("names_it", [False, True], ids=["by default", "by its version"])
def test_the_first_book_that_was_published_can_be_undone(run: Run, stricter: Path, names_it: bool) -> None:
    own = run("versions").output.split("自带的 ")[1].split()[0]
    run("publish", "--by", "王主任", "--rules", str(stricter))

    back = run("rollback", "--by", "王主任", *(("--to", own) if names_it else ()))

    assert f"已发布 {own}" in back.output, back.output
    assert "没有不同" in run("diff").output


def test_a_draft_is_kept_and_nothing_else(run: Run, stricter: Path) -> None:
    result = run("publish", "--draft", "--by", "王主任", "--rules", str(stricter))

    assert "草稿" in result.output
    assert "还没有发布过" in run("versions").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("publish", "--by", "刘大姐"), "没有叫“刘大姐”的网格长或管理员。现有:王主任"),
        (("rollback", "--by", "王主任"), "以前没有发布过别的规则书"),
        (("rollback", "--by", "王主任", "--to", "abc"), "没有版本“abc”"),
    ],
)
def test_what_can_not_be_done_is_told(run: Run, words: tuple[str, ...], told: str) -> None:
    result = run(*words)

    assert result.exit_code == 1
    assert told in result.output


def test_a_number_set_back_in_time_is_not_published(run: Run, stricter: Path) -> None:
    path = stricter / "parameters.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{2025-01-01: 16.7}", "{2025-01-01: 15}"), encoding="utf-8"
    )

    result = run("publish", "--by", "王主任", "--rules", str(stricter))

    assert result.exit_code == 1
    assert "high_glucose" in result.output
    assert "已经过去" in result.output


def test_backtest_tells_what_would_be_otherwise_and_changes_nothing(run: Run, stricter: Path) -> None:
    result = run("backtest", "--since", "2026-01-01", "--rules", str(stricter))

    assert "以来 2 户次" in result.output, result.output
    assert "会新标 1 个" in result.output
    assert "health.bp-high" in result.output
    assert "家庭医生" in result.output


def test_precision_tells_how_each_rule_fares(run: Run, own_data: Path) -> None:
    database = Database.open(Settings(data_dir=own_data).database_url)
    with database.writing() as session:
        for flag in session.exec(select(Flag).where(Flag.rule == "gas.hose")).all():
            judge(Ledger(session, datetime.now(UTC), worker_id=3), flag, is_right=False, reason="不是燃气管")
    database.close()

    result = run("precision")

    assert result.exit_code == 0, result.output
    assert "gas.hose" in result.output
    assert "还没人判断" in result.output
