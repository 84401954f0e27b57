"""``weiguang serve`` lets nobody in who did not log in; an invitation leads from the command line into the pages."""

import os
import re
import signal
import socket
import sqlite3
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[httpx.Client]:
    """The service over a community of its own, as a process of its own, and a visitor to it."""
    database = Database.open(f"sqlite:///{folder / 'weiguang.db'}")
    with database.writing() as session:
        seed(session, load_community(), NOW)
    database.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", str(port)], env=environment(folder)
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
    return {**os.environ, "WEIGUANG_DATA_DIR": str(folder), "WEIGUANG_PROXIES": '["127.0.0.2"]'}


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_an_invitation_leads_in_and_nothing_else_does(served: httpx.Client, folder: Path) -> None:
    assert served.get("/").headers["location"].startswith("/login")
    assert served.get("/console/today").headers["location"].startswith("/login")
    assert served.get("/live").status_code == 401

    code = subprocess.run(
        [sys.executable, "-m", "assistant", "invite", "何网格长"],
        env=environment(folder), capture_output=True, text=True, timeout=60, check=True,
    ).stdout.strip()  # fmt: skip
    page = served.get(f"/invite/{code}").text
    fields = {"csrf": token_in(page), "name": "he", "password": PASSWORD, "again": PASSWORD}
    answer = served.post(f"/invite/{code}", data=fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/today")
    assert "何网格长" in served.get("/console/today").text


@pytest.mark.parametrize(
    ("comes_from", "counted"),
    [("127.0.0.1", "192.0.2.7"), ("127.0.0.2", "192.0.2.7"), ("127.0.0.3", "127.0.0.3")],
    ids=["a proxy on this machine", "a proxy that is named", "somebody who only says so"],
)
def test_where_somebody_comes_from_is_believed_of_the_proxies_that_are_named(
    comes_from: str, counted: str, served: httpx.Client, folder: Path
) -> None:
    way = httpx.HTTPTransport(local_address=comes_from)
    with httpx.Client(base_url=served.base_url, transport=way, headers={"X-Forwarded-For": "192.0.2.7"}) as visitor:
        fields = {"csrf": token_in(visitor.get("/login").text), "name": "he", "password": "不是这个"}
        visitor.post("/login", data=fields)

    with sqlite3.connect(folder / "weiguang.db") as record:
        [last] = record.execute("SELECT origin FROM login_attempts ORDER BY id DESC LIMIT 1")
    assert last == (counted,)
