"""``/ready`` and ``/metrics`` as what watches the machine asks them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from assistant.monitoring import monitoring_routes
from assistant.outbox import enqueue
from assistant.storage.database import Database
from assistant.storage.tables import Purpose
from tests.turn.rehearsal import Rehearsal


class Watcher:
    """What asks, from the machine of that address."""

    def __init__(self, app: Starlette, address: str = "127.0.0.1") -> None:
        self._line = httpx.ASGITransport(app, client=(address, 50000))

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._line, base_url="http://testserver") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(asked())


@pytest.fixture
def watching(rehearsal: Rehearsal) -> Callable[..., Watcher]:
    def site(stopped: tuple[str, ...] = (), client: str = "127.0.0.1") -> Watcher:
        routes = monitoring_routes(rehearsal.database, rehearsal.clock.now, {"turn": 2}, lambda: list(stopped))
        return Watcher(Starlette(routes=routes), client)

    return site


def values(client: Watcher) -> dict[str, float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        "".join([sample.name, *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_count_what_came_and_what_was_handled(watching: Callable[..., Watcher], rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    found = values(watching())

    assert sum(value for name, value in found.items() if name.startswith("weiguang_received_total")) == 1
    assert found["weiguang_p0_unacknowledged"] == 1
    assert found["weiguang_faults_totalturn"] == 2


def test_metrics_name_nobody(watching: Callable[..., Watcher], rehearsal: Rehearsal) -> None:
    rehearsal.worker_says("3-2-501 gas.leak")

    text = watching().get("/metrics").text

    assert "刘大姐" not in text
    assert "3-2-501" not in text


@pytest.mark.parametrize(("client", "headers"), [("192.0.2.7", {}), ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"})])
def test_another_machine_gets_no_metrics(
    watching: Callable[..., Watcher], client: str, headers: dict[str, str]
) -> None:
    assert watching(client=client).get("/metrics", headers=headers).status_code == 404


def test_all_is_ready(watching: Callable[..., Watcher]) -> None:
    assert watching().get("/ready").json() == {"ready": True, "troubles": []}


def test_a_thread_that_has_ended_is_named(watching: Callable[..., Watcher]) -> None:
    answer = watching(stopped=("send web",)).get("/ready")

    assert answer.status_code == 503
    assert answer.json()["troubles"] == ["thread send web has ended"]


def test_what_waits_too_long_to_be_sent_is_told(watching: Callable[..., Watcher], rehearsal: Rehearsal) -> None:
    with rehearsal.database.writing() as session:
        enqueue(
            session,
            key="late",
            purpose=Purpose.NOTICE,
            area_id=1,
            channel="nobody sends here",
            address="liu",
            text="…",
            now=rehearsal.clock.now(),
        )
    rehearsal.clock.move_to(rehearsal.clock.now() + timedelta(minutes=6))

    assert watching().get("/ready").json()["troubles"] == ["a message has waited 360 s to be sent"]


def test_a_database_that_went_away_is_told(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'weiguang.db'}")
    routes = monitoring_routes(database, lambda: datetime.now(UTC), {}, list)
    database.close()
    (tmp_path / "weiguang.db").write_bytes(b"no database")
    for beside in tmp_path.glob("weiguang.db-*"):
        beside.unlink()

    answer = Watcher(Starlette(routes=routes)).get("/ready")

    assert answer.status_code == 503
    assert "database" in answer.json()["troubles"][0]
