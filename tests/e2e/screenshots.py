"""Take the screenshots of docs/images anew: ``.venv/bin/python -m tests.e2e.screenshots``. Look at them afterwards."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, expect

from tests.e2e.demo_process import DemoProcess, chromium, running_demo
from tests.e2e.desk import DESKTOP, PHONE, Desk

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SCAM = "3栋2单元501张大爷在网上跟老师炒股，准备再转5万"
ALL_WELL = "1-1-101李婆婆今天精神好，吃饭吃药都正常"


def take(demo: DemoProcess, browser: Browser) -> None:
    both = Desk.open(browser, demo.url, DESKTOP)
    both.says(ALL_WELL)
    both.says(SCAM)
    expect(both.card("3-2-501")).to_be_visible()
    _still(both, "home-desktop")
    both.close()

    lists = Desk.open(browser, demo.url, DESKTOP, "/console")
    _still(lists, "list-desktop")
    lists.close()

    phone = Desk.open(browser, demo.url, PHONE)
    _still(phone, "chat-phone")
    phone.looks_at_list()
    _still(phone, "list-phone")
    phone.close()


def _still(desk: Desk, name: str) -> None:
    desk.page.wait_for_timeout(3_000)  # until what was lit up as new has faded
    desk.page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, running_demo(Path(folder)) as started, chromium() as browser:
        take(started, browser)
