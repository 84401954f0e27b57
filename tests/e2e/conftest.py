"""The real demo and a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.demo_process import DemoProcess, running_demo


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoProcess]:
    with running_demo(tmp_path / "data") as started:
        yield started


@pytest.fixture(scope="session")
def shared_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """One demo for the tests that don't mind what others typed."""
    with running_demo(tmp_path_factory.mktemp("demo")) as started:
        yield started
