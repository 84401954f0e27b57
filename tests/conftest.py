"""What every test shares: hypothesis without chance, and what happens where a browser or a database is missing.

A test marked ``browser`` skips, with its reason, on a machine without Debian's chromium and a Chinese font; in CI it
fails instead, so that a green run never hides one that didn't run. Fixtures that start something of their own follow
the same rule through ``missing``.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

CHINESE_FONTS = Path("/usr/share/fonts/opentype/noto")

# the same examples each run: a failure that comes and goes teaches nobody
settings.register_profile("weiguang", derandomize=True, deadline=None, database=None)
settings.load_profile("weiguang")


@pytest.fixture(scope="session")
def missing() -> Callable[[str], NoReturn]:
    """Give the function that ends a test which lacks something outside: a skip with the reason, in CI a failure."""
    return say_missing


def say_missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (in CI it must be there)", pytrace=False)
    pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None:
        return
    if shutil.which("chromium") is None:
        say_missing("no chromium: run make browser")
    if not any(CHINESE_FONTS.glob("NotoSansCJK-*")):
        say_missing("no Chinese font: run make browser")
