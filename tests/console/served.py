"""The pages on a real port, looked at with chromium, logged in as one of the small community.

def test_it_looks_right(open_console: OpenConsole) -> None:        # runs at 1280 and at 390 px
    desk = open_console("/console/today", Role.COORDINATOR)
    ...
    looks_right(desk, "today")
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import uvicorn
from playwright.sync_api import Browser

from assistant.commands.site import Site
from assistant.domain.access import Role
from tests.e2e.desk import Desk

#: pictures to be looked at; not in the repo
SCREENS = Path(__file__).parents[2] / ".screens"
LARGEST_PAGE = 250_000
PASSWORD = "一句好记的密码呀 42"


class OpenConsole(Protocol):
    """Opens a page in a new window, logged in as the person of that role."""

    def __call__(self, path: str, role: Role = Role.COORDINATOR) -> Desk: ...


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The site on a free port of this machine, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(site.pages, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    site.pulse.end()
    server.should_exit = True
    thread.join(10)


def logged_in(browser: Browser, url: str, size: dict[str, int], path: str, name: str) -> Desk:
    """A window at ``path`` after logging in under ``name`` with PASSWORD."""
    desk = Desk.open(browser, url, size, "/login")
    desk.page.get_by_label("登录名").fill(name)
    desk.page.get_by_label("密码").fill(PASSWORD)
    desk.page.get_by_role("button", name="登录").click()
    desk.page.wait_for_url(lambda reached: "/login" not in reached)
    desk.page.goto(url + path)
    return desk


def looks_right(desk: Desk, name: str) -> None:
    """Hold the page to what every page promises, and leave its picture in ``.screens/``."""
    SCREENS.mkdir(exist_ok=True)
    width = desk.page.viewport_size["width"]
    desk.page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
    violations = desk.axe_violations()
    assert not violations, violations
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
    assert desk.hosts_asked() <= {"127.0.0.1"}
    assert desk.complaints == []
    sent = desk.page.evaluate(
        "performance.getEntries().filter(e => e.encodedBodySize).reduce((sum, e) => sum + e.encodedBodySize, 0)"
    )
    assert sent < LARGEST_PAGE
