"""The real assistant for tests, on a fresh database, with a clock that only the test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import App, build
from assistant.schedule.clock import SetClock
from assistant.settings import Settings
from tests.turn.rehearsal import START, settle_community


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    """The real assistant, all of it, with a clock that only the test moves."""
    yield from _assistant(sqlite_url, tmp_path)


@pytest.fixture
def app_on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[App]:
    """The same on PostgreSQL."""
    yield from _assistant(postgres_url, tmp_path)


def _assistant(url: str, tmp_path: Path) -> Iterator[App]:
    app = build(Settings(database=url, data_dir=tmp_path, _env_file=None), SetClock(START))
    settle_community(app.database)
    yield app
    app.close()
