"""How long whole pages take at 100,000 households: lists and searches, a household, 楼栋图, charts (``make bench``).

``python -m benchmarks.bench_console_pages`` prints for each page the median and the 95th of some asks, in milliseconds
from the request to the last byte within our process: the gate, the records, the line that logs the look (committed to
disk), the template; and the processor's time of one, which other work on the machine does not lengthen. The floor is
the page that says that nothing is there. Sizes are before packing.
"""

import asyncio
import statistics
import tempfile
import time as stopwatch
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlmodel import col, select
from starlette.applications import Starlette

from assistant.commands.site import build_site
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.tables import Flag
from benchmarks.console_world import GRID_COORDINATOR, STREET_COORDINATOR, fill
from knowledge.replies import load_replies

ASKS, ASKS_OF_CHARTS = 100, 10
#: what issue 7 asks, in milliseconds at the 95th
LONGEST = {"list": 50.0, "search": 50.0, "household": 50.0, "map": 100.0}
#: an estate of the benchmark's world, within the grid of GRID_COORDINATOR
_ESTATE = 2


def measure() -> dict[str, tuple[float, float]]:
    """Print and give the figures: (median, 95th) by page."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'pages.db'}")
        fill(database, now)
        with database.reading() as session:
            busy = session.exec(select(Flag.household_id).where(Flag.area_id < 112).order_by(col(Flag.urgency))).first()
        paths = {
            "floor: not there": "/console/households/999999999",
            "household with an open flag": f"/console/households/{busy}",
            "household with nothing": "/console/households/1",
            "list: most urgent": "/console/households",
            "list: next deadline": "/console/households?sort=due",
            "list: gas, P1": "/console/households?theme=gas&severity=P1",
            "list: everyone": "/console/households?all=1",
            "search: words of reports": "/console/households?q=软管",
            "search: a name": "/console/households?q=张大爷",
            "search: a door": "/console/households?q=3栋2单元",
            "search: everyone, a name": "/console/households?all=1&q=张",
            "today": "/console/today",
            "map: a building": f"/console/map/{_ESTATE}/3",
            "map: an estate": f"/console/map/{_ESTATE}",
            "charts, 8 weeks": "/console/charts",
            "charts, half a year": "/console/charts?weeks=26",
        }
        figures = {}
        for who, always in (("grid", GRID_COORDINATOR), ("street", STREET_COORDINATOR)):
            site = build_site(
                database,
                load_replies(),
                lambda _: 0,
                lambda: now,
                evidence=EvidenceFolder(Path(folder) / "evidence"),
                worker=None,
                where="街道",
                secret="for the benchmark only",
                hosts=["bench"],
                always=always,
            )
            more = {"map: all estates": "/console/map"} if who == "street" else {}
            for name, path in (paths | more).items():
                figures[f"{who}: {name}"] = asyncio.run(_asked(site.pages, path))
        database.close()
    return figures


async def _asked(pages: Starlette, path: str) -> tuple[float, float]:
    spans, size = [], 0
    asks = ASKS_OF_CHARTS if "charts" in path else ASKS
    transport = httpx.ASGITransport(pages)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        await client.get(path)
        worked = stopwatch.process_time()
        for _ in range(asks):
            started = stopwatch.perf_counter()
            answer = await client.get(path)
            spans.append((stopwatch.perf_counter() - started) * 1000)
            assert answer.status_code in (200, 404), (path, answer.status_code)
            size = len(answer.content)
    worked = (stopwatch.process_time() - worked) * 1000 / asks
    middle, late = statistics.median(spans), sorted(spans)[int(asks * 0.95) - 1]
    print(f"{late:7.1f} ms p95 {middle:7.1f} ms median {worked:7.1f} ms of processor {size / 1000:6.1f} kB  {path}")
    return middle, late


def test_pages_are_there_at_once() -> None:
    figures = measure()

    slow = {
        name: late
        for name, (_, late) in figures.items()
        for page, longest in LONGEST.items()
        if page in name and late > longest
    }
    assert not slow


if __name__ == "__main__":
    measure()
