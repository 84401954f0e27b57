"""The pages of privacy in a browser, at both widths: a person asks, is found, gets their data, and it is erased."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from assistant.domain.access import Role
from assistant.domain.reports import EvidenceState
from assistant.storage.tables import Report
from tests.console.casework import has_matter
from tests.console.served import OpenConsole, looks_right
from tests.console.world import NOW, World
from tests.privacy.test_erasing import settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_person_asks_gets_their_data_and_it_is_erased(world: World, open_console: OpenConsole) -> None:
    home = world.has_household("3-2-501", "张大爷")
    settle(
        world, has_matter(world, home, "3-2-501张大爷血压180/110", ("health.bp_high", "180/110", EvidenceState.SEEN))
    )
    has_matter(world, home, "3-2-501张大爷软管老化", ("gas.hose", "软管老化", EvidenceState.SEEN))
    other = world.has_household("4-1-101")
    settle(
        world,
        has_matter(
            world, other, "4-1-101张大爷来串门，楼道堆了纸箱", ("fire.stairs_blocked", "堆了纸箱", EvidenceState.SEEN)
        ),
    )
    desk = open_console("/console/privacy/people", Role.COORDINATOR)
    looks_right(desk, "privacy-people")

    desk.page.get_by_label("称呼、门牌或手机号").fill("张大爷")
    desk.page.get_by_label("为什么查").select_option("本人要求")
    desk.page.get_by_role("button", name="找", exact=True).press("Enter")
    expect(desk.page.get_by_role("heading", name="可能是这几位")).to_be_visible()
    looks_right(desk, "privacy-found")
    desk.page.get_by_role("button", name="看看记了张大爷（3-2-501）什么").click()
    expect(desk.page.get_by_role("heading", name="等办结以后删")).to_be_visible()
    looks_right(desk, "privacy-person")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="导出").click()
    assert download.value.suggested_filename == "个人信息.xlsx"
    desk.page.get_by_label("我看过了，删了就找不回来").check()
    desk.page.get_by_role("button", name="删掉", exact=True).click()
    expect(desk.page.get_by_role("status").first).to_contain_text("办结以后自动删")

    with world.database.reading() as session:
        words = [each.text for each in session.exec(select(Report).order_by(Report.id))]  # type: ignore[arg-type]
    assert words == ["（原话已按规定删除）", "3-2-501张大爷软管老化", "4-1-101张大爷来串门，楼道堆了纸箱"]
    expect(desk.page.get_by_role("region", name="等办结再删的")).to_contain_text("3-2-501")
    looks_right(desk, "privacy-waiting")
    desk.page.get_by_role("link", name="查看记录").click()
    expect(desk.page.get_by_role("list", name="查看记录，新的在前")).to_contain_text("登记删除")
    looks_right(desk, "privacy-log")


def test_an_administrator_sees_what_has_expired_and_takes_it_away(world: World, open_console: OpenConsole) -> None:
    with world.database.writing() as session:
        at = NOW.replace(year=NOW.year - 2)
        row = {"area_id": world.micro_grid_id, "retention": "routine", "channel": "web", "message_id": "old"}
        session.add(Report(**row, text="3-2-501一切正常", sent_at=at, received_at=at))
    desk = open_console("/console/privacy/periods", Role.ADMINISTRATOR)
    looks_right(desk, "privacy-periods")

    desk.page.get_by_label("我看过了，删了就找不回来").check()
    desk.page.get_by_role("button", name="现在删掉这 1 项").click()

    expect(desk.page.get_by_role("status").first).to_contain_text("删了 1 项")
    expect(desk.page.get_by_role("region", name="最近删过的")).to_contain_text("平常的上报 1")
    looks_right(desk, "privacy-periods-after")
