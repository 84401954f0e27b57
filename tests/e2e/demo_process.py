"""The real demo or service in a process of its own, as a user starts it, and chromium as users have it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Browser, BrowserType, sync_playwright

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_STARTS_WITHIN = 60


@dataclass
class DemoProcess:
    """``weiguang demo`` with its own data folder. ``start`` may be called again after ``kill``."""

    data_dir: Path
    port: int
    command: str = "demo"
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    #: with what it ended last
    returned: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _log(self) -> Path:
        return self.data_dir / "demo.log"

    def start(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant", self.command, "--port", str(self.port)],
                env={**os.environ, "WEIGUANG_DATA_DIR": str(self.data_dir), **self.settings},
                stdout=log,
                stderr=log,
            )
        give_up_at = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < give_up_at:
            if self.process.poll() is not None:
                raise AssertionError(self._log.read_text())
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError("it did not start")

    def kill(self) -> None:
        """As a power cut would: no step is ended properly."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def log(self) -> str:
        """What it has written so far."""
        return self._log.read_text()

    def _end(self, sign: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(sign)
        # as long as systemd waits before it kills
        self.returned = self.process.wait(timeout=30)
        self.process = None


@contextmanager
def running_demo(data_dir: Path) -> Iterator[DemoProcess]:
    demo = DemoProcess(data_dir, _free_port())
    demo.start()
    try:
        yield demo
    finally:
        demo.stop()


@contextmanager
def running_service(data_dir: Path, settings: Mapping[str, str]) -> Iterator[DemoProcess]:
    """``weiguang serve`` on the database in ``data_dir``, with these settings in its environment."""
    service = DemoProcess(data_dir, _free_port(), "serve", settings)
    service.start()
    try:
        yield service
    finally:
        service.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


@contextmanager
def launched(kind: BrowserType, *flags: str) -> Iterator[Browser]:
    """One more browser of a playwright that runs already: it can't be started twice in a thread."""
    browser = kind.launch(executable_path="/usr/bin/chromium", args=[*_FLAGS, *flags])
    yield browser
    browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
