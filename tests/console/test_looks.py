"""What every page promises, looked at in a browser at both widths."""

import pytest
from playwright.sync_api import Browser

from assistant.domain.access import Role
from assistant.domain.reports import Severity
from tests.console.conftest import site_of
from tests.console.served import OpenConsole, looks_right, served
from tests.console.world import World
from tests.e2e.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_entrance(world: World, browser: Browser, size: dict[str, int]) -> None:
    with served(site_of(world)) as url:
        desk = Desk.open(browser, url, size, "/console/today")

        desk.page.get_by_label("登录名").fill("nobody")
        desk.page.get_by_label("密码").fill("not the password")
        desk.page.get_by_role("button", name="登录").click()
        desk.page.get_by_role("alert").wait_for()

        # chromium itself writes a line on its console for every 403
        assert len(desk.complaints) == 1
        desk.complaints.clear()
        looks_right(desk, "login")
        desk.close()


def test_today(world: World, open_console: OpenConsole) -> None:
    world.is_flagged(world.has_household("3-2-501", "张大爷"), Severity.P0)

    desk = open_console("/console/today", Role.COORDINATOR)

    desk.card("3-2-501").wait_for()
    looks_right(desk, "today")

    desk.page.goto(desk.page.url.replace("/today", "/households/999999"))
    # chromium itself writes a line on its console for every 404
    desk.complaints.clear()
    looks_right(desk, "not-there")
