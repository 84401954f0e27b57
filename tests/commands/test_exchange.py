"""``weiguang import`` and ``weiguang export``: look first, then bring in; every file that leaves has a purpose."""

import csv
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import func, select

from assistant.domain.access import Role
from assistant.domain.reports import Severity
from assistant.storage.database import Database
from assistant.storage.tables import Export, Household
from tests.commands.test_cli import weiguang
from tests.console.world import World, build_world
from tests.exchange.sheets import ADDRESSES, excel

GOOD = ("怡丽佳苑", 5, 1, 101, 1, "一号微网格")


@pytest.fixture
def world(sqlite_url: str) -> World:
    return build_world(Database.open(sqlite_url))


def run(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    return weiguang(*arguments, WEIGUANG_DATABASE=str(world.database.engine.url))


def doors(world: World) -> int:
    with world.database.reading() as session:
        return session.exec(select(func.count()).select_from(Household)).one()


def test_an_import_is_looked_at_first_and_brought_in_with_yes(world: World, tmp_path: Path) -> None:
    sheet = tmp_path / "地址簿.xlsx"
    sheet.write_bytes(excel([ADDRESSES, GOOD]))

    looked = run(world, "import", "addresses", str(sheet), "--by", "何网格长")
    after_looking = doors(world)
    brought = run(world, "import", "addresses", str(sheet), "--by", "何网格长", "--yes")

    assert (looked.returncode, after_looking) == (0, 0)
    assert "地址簿 1 行：要新增 1" in looked.stdout
    assert "再加上 --yes" in looked.stdout
    assert "✓ 已导入：新增 1" in brought.stdout
    assert doors(world) == 1


def test_a_faulty_sheet_is_told_line_by_line_and_kept_out(world: World, tmp_path: Path) -> None:
    sheet, faults = tmp_path / "地址簿.xlsx", tmp_path / "问题.csv"
    sheet.write_bytes(excel([ADDRESSES, GOOD, (*GOOD[:5], "九号微网格")]))

    answer = run(world, "import", "addresses", str(sheet), "--by", "何网格长", "--yes", "--faults", str(faults))

    assert answer.returncode == 1
    assert "✗ 第3行“微网格”：没有“九号微网格”这个微网格" in answer.stderr
    assert doors(world) == 0
    with faults.open(encoding="utf-8-sig", newline="") as file:
        assert [row["行"] for row in csv.DictReader(file)] == ["3"]


def test_a_file_that_is_no_spreadsheet_is_one_line(world: World, tmp_path: Path) -> None:
    sheet = tmp_path / "地址簿.xlsx"
    sheet.write_bytes(b"%PDF-1.7")

    answer = run(world, "import", "residents", str(sheet), "--by", "何网格长")

    assert answer.returncode == 1
    assert answer.stderr.strip() == "这不是表格文件（PDF）。请给 .xlsx 或 .csv"


def test_a_template_is_kept_for_filling_in(world: World, tmp_path: Path) -> None:
    out = tmp_path / "模板.xlsx"

    answer = run(world, "import", "template", "residents", str(out))

    sheet = load_workbook(out)["居民"]
    assert answer.returncode == 0
    assert [cell.value for cell in sheet[1]][:5] == ["小区", "楼栋", "单元", "房号", "称呼"]


def test_an_export_is_written_and_logged(world: World, tmp_path: Path) -> None:
    world.is_flagged(world.has_household("3-2-501"), Severity.P2)
    period = ("--since", "2026-03-01", "--until", "2026-03-31", "--purpose", "monthly")

    answer = run(world, "export", "inspections", str(tmp_path), "--by", "何网格长", *period)

    assert answer.returncode == 0, answer.stderr
    assert "✓ 1 行" in answer.stdout
    assert load_workbook(tmp_path / "隐患巡查记录_20260301-20260331.xlsx")["隐患巡查记录"]["C2"].value == "3-2-501"
    with world.database.reading() as session:
        assert session.exec(select(Export.worker_id)).one() == world.people[Role.COORDINATOR]


def test_who_may_not_export_is_told_who_may(world: World, tmp_path: Path) -> None:
    period = ("--since", "2026-03-01", "--until", "2026-03-31", "--purpose", "monthly")

    answer = run(world, "export", "visits", str(tmp_path), "--by", "刘大姐", *period)

    assert answer.returncode == 1
    assert "现有：何网格长" in answer.stderr
    assert list(tmp_path.glob("*.xlsx")) == []
