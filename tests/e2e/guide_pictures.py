"""The pictures of the guides (docs/images), taken of the real demo: each page as somebody finds it at their desk.

``.venv/bin/python -m tests.e2e.screenshots`` takes them anew into docs/images; look at them afterwards. The tests take
them too, into ``.screens/guide``, so that no guide shows a page that is not there any more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.demo_process import DemoProcess
from tests.e2e.desk import DESKTOP, PHONE, Desk
from tests.exchange.sheets import ADDRESSES, excel

SCAM = "3栋2单元501张大爷在网上跟老师炒股，准备再转5万"
WISH = "2-1-302娃娃没得地方耍，想要个乒乓室"
ALL_WELL = "1-1-101李婆婆今天精神好，吃饭吃药都正常"


def _as_it_is(page: Page) -> None:
    """Nothing to do before the picture."""


def _open_household(page: Page) -> None:
    page.get_by_role("link", name="3-2-501").first.click()
    page.wait_for_url("**/console/households/*")


def _open_building(page: Page) -> None:
    page.locator("a.tile", has_text="3栋").first.click()
    page.get_by_role("heading", name="3栋", exact=True).wait_for()


def _send_faulty_sheet(page: Page) -> None:
    rows = [("怡丽佳苑", "3", "2", "5O1", "5", "二号微网格"), ("怡丽佳苑", "13", "1", "101", "1", "九号微网格")]
    content = excel([ADDRESSES, *rows])
    page.get_by_label("表格文件").set_input_files(
        {"name": "怡丽佳苑地址簿.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="先看一遍").click()
    page.get_by_role("alert").wait_for()


def _let_the_bars_grow(page: Page) -> None:
    page.wait_for_timeout(2_000)


def _try_a_sentence(page: Page) -> None:
    page.get_by_label("写一句上报").fill("3栋2单元501软管老化，他说不换")
    page.get_by_role("button", name="试试看").click()
    page.get_by_role("heading", name="为什么标").wait_for()


def _open_a_step(page: Page) -> None:
    page.get_by_text("往下走一步").first.click()


def _look_at_somebody(page: Page) -> None:
    page.get_by_role("link", name="罗大姐：改动或离岗").click()
    page.get_by_role("heading", name="离岗").wait_for()


@dataclass(frozen=True)
class Picture:
    """``name`` is the file's; ``before`` is done on the page first."""

    name: str
    path: str
    size: dict[str, int]
    before: Callable[[Page], None] = _as_it_is


PICTURES = (
    Picture("today-desktop", "/console/today", DESKTOP),
    Picture("today-phone", "/console/today", PHONE),
    Picture("households-desktop", "/console/households", DESKTOP),
    Picture("household-desktop", "/console/today", DESKTOP, _open_household),
    Picture("household-phone", "/console/today", PHONE, _open_household),
    Picture("building-desktop", "/console/map", DESKTOP, _open_building),
    Picture("charts-desktop", "/console/charts", DESKTOP, _let_the_bars_grow),
    Picture("rules-desktop", "/console/rules/try", DESKTOP, _try_a_sentence),
    Picture("station-desktop", "/console/station", DESKTOP),
    Picture("requests-desktop", "/console/requests", DESKTOP, _open_a_step),
    Picture("people-desktop", "/console/people", DESKTOP),
    Picture("person-desktop", "/console/people", DESKTOP, _look_at_somebody),
    Picture("exchange-desktop", "/console/exchange", DESKTOP),
    Picture("import-faults-desktop", "/console/exchange", DESKTOP, _send_faulty_sheet),
)


def tell_the_demo(demo: DemoProcess, browser: Browser, folder: Path) -> None:
    """What the pictures show is typed in the chat first; the pictures of both sides are taken on the way."""
    both = Desk.open(browser, demo.url, DESKTOP)
    both.says(WISH)
    both.says(ALL_WELL)
    both.says(SCAM)
    expect(both.card("3-2-501")).to_be_visible()
    still(both, folder / "home-desktop.png")
    both.close()
    phone = Desk.open(browser, demo.url, PHONE)
    still(phone, folder / "chat-phone.png")
    phone.close()


def take(demo: DemoProcess, browser: Browser, picture: Picture, folder: Path) -> Desk:
    """Take one picture; the desk stays open for whoever wants to look closer."""
    desk = Desk.open(browser, demo.url, picture.size, picture.path)
    picture.before(desk.page)
    still(desk, folder / f"{picture.name}.png")
    return desk


def still(desk: Desk, path: Path) -> None:
    """A picture once what was lit up as new has faded."""
    desk.page.wait_for_timeout(300)
    desk.page.evaluate("document.getAnimations().forEach(each => each.finish())")
    desk.page.screenshot(path=path)
