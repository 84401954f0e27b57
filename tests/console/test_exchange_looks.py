"""The pages of import and export in a browser, at both widths: one whole way in, one whole way out."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.domain.access import Role
from assistant.domain.reports import Severity
from tests.console.served import OpenConsole, looks_right
from tests.console.world import World
from tests.exchange.sheets import ADDRESSES, excel

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOORS = [("怡丽佳苑", 5, 1, 100 * floor + 1, floor, "一号微网格") for floor in range(1, 7)]


def test_a_sheet_is_mended_and_brought_in(world: World, open_console: OpenConsole, tmp_path: Path) -> None:
    faulty, right = tmp_path / "怡丽佳苑地址簿.xlsx", tmp_path / "怡丽佳苑地址簿(改好).xlsx"
    faulty.write_bytes(
        excel(
            [ADDRESSES, *DOORS, ("怡丽佳苑", "东边那栋", 1, "5O1", 5, "九号微网格"), ("别的小区", 5, 1, 201, 2, None)]
        )
    )
    right.write_bytes(excel([ADDRESSES, *DOORS, ("怡丽佳苑", "６栋", 1, "0101", 1, "一号微网格")]))

    desk = open_console("/console/exchange", Role.COORDINATOR)
    looks_right(desk, "exchange")
    desk.page.get_by_label("表格文件").set_input_files(faulty)
    desk.page.get_by_role("button", name="先看一遍").click()
    desk.page.get_by_role("alert").wait_for()
    looks_right(desk, "import-faulty")
    desk.page.get_by_label("表格文件").set_input_files(right)
    desk.page.get_by_role("button", name="先看一遍").click()
    desk.page.get_by_role("button", name="导入", exact=True).wait_for()
    looks_right(desk, "import-ready")
    desk.page.get_by_role("button", name="导入", exact=True).press("Enter")

    expect(desk.page.locator(".done")).to_contain_text("新增 7")
    looks_right(desk, "import-done")


def test_the_hazard_ledger_is_taken_out_for_a_purpose(world: World, open_console: OpenConsole) -> None:
    world.is_flagged(world.has_household("3-2-501", "张大爷"), Severity.P2)

    desk = open_console("/console/exchange", Role.COORDINATOR)
    desk.page.get_by_label("隐患排查台账").check()
    desk.page.get_by_label("做什么用").select_option("上级检查、报送")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="导出", exact=True).click()
    desk.page.reload()

    assert download.value.suggested_filename == "隐患排查台账_20260301-20260302.xlsx"
    expect(desk.page.get_by_role("region", name="最近导出的")).to_contain_text("上级检查、报送")
    looks_right(desk, "exchange-after")
