"""A neighbourhood on a fresh database; the folders of knowledge and rules are read once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import Files
from assistant.settings import Settings
from tests.asides.neighbourhood import Neighbourhood, settle


@pytest.fixture(scope="session")
def files() -> Files:
    return Files.read(Settings(_env_file=None))


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path, files: Files) -> Iterator[Neighbourhood]:
    """With a station."""
    settled = settle(sqlite_url, tmp_path, files)
    yield settled
    settled.app.close()


@pytest.fixture
def bare_place(sqlite_url: str, tmp_path: Path, files: Files) -> Iterator[Neighbourhood]:
    """Without a station."""
    settled = settle(sqlite_url, tmp_path, files, with_station=False)
    yield settled
    settled.app.close()


@pytest.fixture
def place_without_hours(sqlite_url: str, tmp_path: Path, files: Files) -> Iterator[Neighbourhood]:
    """With a station of which nothing is known but its name and room."""
    settled = settle(sqlite_url, tmp_path, files, hours=None)
    yield settled
    settled.app.close()
