"""What every test shares: hypothesis without chance, and what happens where a browser or a database is missing.

A test marked ``browser`` skips, with its reason, on a machine without Debian's chromium and a Chinese font; in CI it
fails instead, so that a green run never hides one that didn't run. Fixtures that start something of their own follow
the same rule through ``missing``. Fresh databases, on SQLite and on PostgreSQL, are here for all.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from assistant.storage.database import Database
from tests.e2e.demo_process import chromium
from tests.missing import say_missing
from tests.storage.databases import (
    common_folder,
    database,
    database_url,
    empty_postgres_url,
    empty_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
)
from tests.turn.rehearsal import Rehearsal, settle_community

__all__ = [
    "common_folder",
    "database",
    "database_url",
    "empty_postgres_url",
    "empty_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "sqlite_url",
]

CHINESE_FONTS = Path("/usr/share/fonts/opentype/noto")

# the same examples each run: a failure that comes and goes teaches nobody
settings.register_profile("weiguang", derandomize=True, deadline=None, database=None)
settings.load_profile("weiguang")


@pytest.fixture(scope="session")
def missing() -> Callable[[str], NoReturn]:
    """Give the function that ends a test which lacks something outside: a skip with the reason, in CI a failure."""
    return say_missing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: playwright leaves its event loop running in this thread, where no other may be started.

    Those of one file stay together where several processes share the tests (``--dist loadgroup`` gives them out in
    this order), because what they look at takes long to start.
    """
    items.sort(key=_needs_browser)
    for item in items:
        if _needs_browser(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _needs_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not _needs_browser(item):
        return
    if shutil.which("chromium") is None:
        say_missing("no chromium: run make browser")
    if not any(CHINESE_FONTS.glob("NotoSansCJK-*")):
        say_missing("no Chinese font: run make browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process: a second playwright would not start beside the first."""
    with chromium() as started:
        yield started


@pytest.fixture
def rehearsal(database: Database) -> Rehearsal:
    """A small community on a fresh database, with a clock that only the test moves."""
    settle_community(database)
    return Rehearsal(database)
