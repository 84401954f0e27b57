"""How long the console's lists take at 100,000 households with 6,000 open flags (``make bench``).

``python -m benchmarks.bench_console`` prints for each question the median and the 95th of forty asks, in
milliseconds of this process' own time (SQLite works in it; what else runs on the machine does not count), and the
floor: the first fifty household rows by plain sqlite3. The street's coordinator sees all of it, the grid's a hundredth.
"""

import sqlite3
import statistics
import tempfile
import time as stopwatch
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func
from sqlmodel import col, select

from assistant.domain.casework import Responder
from assistant.domain.reports import Severity
from assistant.domain.rights import Viewer
from assistant.storage.database import Database
from assistant.storage.read.households import households
from assistant.storage.read.mark import Mark
from assistant.storage.read.today import todays
from assistant.storage.read.wanted import Order, Stands, Wanted
from assistant.storage.tables import Household
from assistant.storage.viewing import households_seen_by, viewer_of
from benchmarks.console_world import GRID_COORDINATOR, STREET_COORDINATOR, WORKER, fill

ASKS = 40
#: what issue 7 asks of lists and searches, in milliseconds at the 95th
LONGEST = 50.0

LISTS = {
    "flagged, most urgent": Wanted(),
    "flagged, newest": Wanted(order=Order.NEWEST),
    "flagged, by deadline": Wanted(order=Order.DUE),
    "flagged, by door": Wanted(order=Order.DOOR),
    "theme and severity": Wanted(theme="gas", severity=Severity.P1),
    "owner": Wanted(owner=Responder.GAS),
    "due or late": Wanted(stands=Stands.DUE),
    "hearsay": Wanted(stands=Stands.UNSURE),
    "one worker": Wanted(worker_id=500),
    "one building": Wanted(estate_id=5, building="3"),
    "search words of reports": Wanted(text="卫生间"),
    "search a name": Wanted(text="张大爷"),
    "search a door": Wanted(text="3栋2单元"),
    "search two words": Wanted(text="软管 婆婆"),
    "search what is nowhere": Wanted(text="鸵鸟"),
    "everyone": Wanted(everyone=True),
    "everyone, a name": Wanted(everyone=True, text="欧阳"),
    "everyone, a common name": Wanted(everyone=True, text="张"),
    "everyone, a door": Wanted(everyone=True, text="3-2-1101"),
}


def milliseconds(ask: Callable[[], object], asks: int = ASKS) -> tuple[float, float]:
    """The median and the 95th."""
    spans = []
    for _ in range(asks):
        started = stopwatch.process_time()
        ask()
        spans.append((stopwatch.process_time() - started) * 1000)
    return statistics.median(spans), sorted(spans)[int(asks * 0.95) - 1]


def measure() -> dict[str, tuple[float, float]]:
    """Print and give the figures."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "console.db"
        database = Database.open(f"sqlite:///{file}")
        fill(database, now)
        figures: dict[str, tuple[float, float]] = {}
        for who, id_ in (("street", STREET_COORDINATOR), ("grid", GRID_COORDINATOR), ("worker", WORKER)):
            figures |= {f"{who}: {name}": span for name, span in _as_seen_by(database, id_, now).items()}
        plain = sqlite3.connect(file)
        floor, _ = milliseconds(lambda: plain.execute("SELECT * FROM households LIMIT 50").fetchall())
        plain.close()
        database.close()
    print(f"floor, plain sqlite3: {floor:.2f} ms")
    for name, (median, late) in figures.items():
        print(f"{late:7.1f} ms p95 {median:7.1f} ms median  {name}")
    return figures


def _as_seen_by(database: Database, worker_id: int, now: datetime) -> dict[str, tuple[float, float]]:
    with database.reading() as session:
        viewer = viewer_of(session, worker_id)
    assert viewer is not None
    figures = {name: milliseconds(partial(_list, database, viewer, wanted, now)) for name, wanted in LISTS.items()}
    deep = _far_into(database, viewer)
    figures["everyone, deep inside"] = milliseconds(partial(_list, database, viewer, Wanted(everyone=True), now, deep))
    figures["today"] = milliseconds(partial(_today, database, viewer, now))
    return figures


def _list(database: Database, viewer: Viewer, wanted: Wanted, now: datetime, after: Mark | None = None) -> None:
    with database.reading() as session:
        households(session, viewer, wanted, now, after)


def _far_into(database: Database, viewer: Viewer) -> Mark:
    """A mark nine tenths into the list of everyone."""
    with database.reading() as session:
        seen = (
            select(Household)
            .where(households_seen_by(viewer))
            .order_by(col(Household.estate_id), col(Household.door_order), col(Household.id))
        )
        count = session.exec(select(func.count()).select_from(Household).where(households_seen_by(viewer))).one()
        row = session.exec(seen.offset(count * 9 // 10).limit(1)).one()
    return Mark.of(Order.URGENT, [row.estate_id, row.door_order, row.id])


def _today(database: Database, viewer: Viewer, now: datetime) -> None:
    with database.reading() as session:
        todays(session, viewer, now, now - timedelta(hours=12))


def test_lists_and_searches_are_there_at_once() -> None:
    figures = measure()

    slow = {name: late for name, (_, late) in figures.items() if late > LONGEST and not name.endswith("today")}
    assert not slow


if __name__ == "__main__":
    measure()
