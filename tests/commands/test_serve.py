"""``weiguang serve`` lets nobody in who did not log in; an invitation leads from the command line into the pages."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from assistant.demo.community import load_community
from assistant.demo.seed import seed
from assistant.storage.database import Database

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "一句好记的密码呀 42"
pytestmark = pytest.mark.slow


@pytest.fixture
def served(tmp_path: Path) -> Iterator[httpx.Client]:
    """The service over a community of its own, as a process of its own, and a visitor to it."""
    database = Database.open(f"sqlite:///{tmp_path / 'weiguang.db'}")
    with database.writing() as session:
        seed(session, load_community(), NOW)
    database.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", str(port)], env=environment(tmp_path)
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as visitor:
        while process.poll() is None:
            try:
                visitor.get("/health")
                break
            except httpx.ConnectError:
                time.sleep(0.2)
        yield visitor
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "WEIGUANG_DATA_DIR": str(folder)}


def test_an_invitation_leads_in_and_nothing_else_does(served: httpx.Client, tmp_path: Path) -> None:
    assert served.get("/").headers["location"].startswith("/login")
    assert served.get("/console/today").headers["location"].startswith("/login")
    assert served.get("/live").status_code == 401

    code = subprocess.run(
        [sys.executable, "-m", "assistant", "invite", "何网格长"],
        env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=True,
    ).stdout.strip()  # fmt: skip
    page = served.get(f"/invite/{code}").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrf": token[1], "name": "he", "password": PASSWORD, "again": PASSWORD}
    answer = served.post(f"/invite/{code}", data=fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/today")
    assert "何网格长" in served.get("/console/today").text
