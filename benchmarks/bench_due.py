"""How long it takes to find what is due among 1,000,000 open follow-ups, and to have its prompt in the outbox.

``make bench`` (or ``python -m benchmarks.bench_due 1000000``) prints, on SQLite: what finding costs when nothing is due
and when fifty are, as the best and the median of many looks; a floor, the first row of the same index by plain sqlite3;
what a worker's list of the day costs; and how long after its moment a prompt stands in the outbox while the schedule's
loop runs as in the service.
"""

import sqlite3
import statistics
import sys
import tempfile
import time as stopwatch
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.progress import track
from sqlalchemy import insert
from sqlmodel import Session, col, select

from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState
from assistant.domain.pace import Pace
from assistant.domain.reports import Intent, Severity
from assistant.schedule.clock import SystemClock
from assistant.schedule.courtesy import Courtesy
from assistant.schedule.due import due, is_anything_due, later_today
from assistant.schedule.loop import Loop
from assistant.schedule.quiet import QuietHours
from assistant.schedule.watch import Watch
from assistant.storage.database import Database
from assistant.storage.tables import (
    Account,
    Area,
    Estate,
    FollowUp,
    Household,
    OutboxMessage,
    Purpose,
    Report,
    Worker,
)
from knowledge.replies import load_replies

ZONE = ZoneInfo("Asia/Shanghai")
FOLLOW_UPS = 1_000_000
HOUSEHOLDS = 20_000
WORKERS = 200
LOOKS = 200
_AT_ONCE = 20_000


def fill(database: Database, count: int, now: datetime) -> None:
    """``count`` open follow-ups that fall due from tomorrow on, spread over a quarter, behind 20,000 doors."""
    same = {"area_id": 1, "retention": "standing"}
    with database.writing() as session:
        session.execute(insert(Area), [{"id": 1, "level": AreaLevel.GRID, "name": "网格", "path": "/1/"}])
        session.execute(insert(Estate), [{"id": 1, "area_id": 1, "name": "小区"}])
        people = [{**same, "id": each, "name": f"网格员{each}", "role": Role.WORKER} for each in range(1, WORKERS + 1)]
        session.execute(insert(Worker), people)
        session.execute(
            insert(Account),
            [
                {**same, "worker_id": each, "channel": "bench", "address": str(each), "bound_at": now}
                for each in range(1, WORKERS + 1)
            ],
        )
        session.execute(
            insert(Household),
            [
                {**same, "id": each, "estate_id": 1, "key": f"{each % 30}-1-{each}", "building": str(each % 30),
                 "scope": "", "is_place": False, "in_address_book": True}
                for each in range(1, HOUSEHOLDS + 1)
            ],
        )  # fmt: skip
        session.execute(
            insert(Report),
            [{**same, "id": 1, "channel": "bench", "message_id": "1", "estate_id": 1, "worker_id": 1, "text": "",
              "sent_at": now, "received_at": now, "intent": Intent.REPORT, "sensitivity": "ordinary"}],
        )  # fmt: skip
    for start in track(range(0, count, _AT_ONCE), description="follow-ups"):
        with database.writing() as session:
            session.execute(insert(FollowUp), [_row(n, now) for n in range(start, min(start + _AT_ONCE, count))])


def _row(n: int, now: datetime) -> dict[str, object]:
    due_at = now + timedelta(days=1, seconds=n * 7 % (90 * 86_400))
    return {
        "area_id": 1, "retention": "case", "sensitivity": "ordinary", "household_id": n % HOUSEHOLDS + 1,
        "report_id": 1, "worker_id": n % WORKERS + 1, "owner": Responder.WORKER, "what": "复查软管",
        "rule": "gas.hose", "kind": "gas.hose", "severity": Severity.P2, "state": FollowUpState.OPEN,
        "due_at": due_at, "look_at": due_at, "first_found_at": now - timedelta(days=6), "times": 1,
    }  # fmt: skip


def milliseconds(look: Callable[[], object]) -> tuple[float, float]:
    """The best and the median of many looks."""
    spans = []
    for _ in range(LOOKS):
        started = stopwatch.perf_counter()
        look()
        spans.append((stopwatch.perf_counter() - started) * 1000)
    return min(spans), statistics.median(spans)


def measure(count: int = FOLLOW_UPS) -> dict[str, float]:
    """Print the figures, and give the medians in milliseconds and the longest wait of a prompt in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "due.db"
        database = Database.open(f"sqlite:///{file}")
        now = datetime.now(UTC)
        fill(database, count, now)
        found = {}
        with database.reading() as session:
            found["nothing due"] = milliseconds(lambda: is_anything_due(session, now))
            soon = now + timedelta(days=1, seconds=50 * 7)
            found["fifty due"] = milliseconds(lambda: _read(session, soon))
            worker = session.get_one(Worker, 1)

            def day() -> list[FollowUp]:
                return later_today(session, worker, now, now, now + timedelta(days=2))

            found[f"a worker's day, {len(day())} promises"] = milliseconds(day)
        plain = sqlite3.connect(file)
        first = "SELECT look_at FROM follow_ups WHERE look_at IS NOT NULL ORDER BY look_at LIMIT 1"
        floor, _ = milliseconds(lambda: plain.execute(first).fetchone())
        plain.close()
        for name, (best, median) in found.items():
            print(f"{name}: best {best:.2f} ms, median {median:.2f} ms (floor, plain sqlite3: {floor:.3f} ms)")
        waits = _waits(database)
        print(f"prompt in the outbox after its moment: longest of {len(waits)} {max(waits):.2f} s")
        database.close()
    return {**{name: median for name, (_, median) in found.items()}, "prompt": max(waits)}


def _read(session: Session, now: datetime) -> None:
    assert is_anything_due(session, now)
    assert len(due(session, now)) == 51
    session.expire_all()


def _waits(database: Database) -> list[float]:
    """Seconds from the moment of five promises, a second apart, until their prompts are committed to the outbox."""
    clock = SystemClock()
    never_quiet = QuietHours(time(0), time(0), ZONE)
    watch = Watch.over(database, clock, Courtesy(never_quiet, 100), load_replies(), lambda _: Pace(), lambda _: False)
    while watch.look():
        pass
    moments = {1_000 + n: clock.now() + timedelta(seconds=1.0 + 1.3 * n) for n in range(5)}
    with database.writing() as session:
        for id_, moment in moments.items():
            row = session.get_one(FollowUp, id_)
            row.due_at = row.look_at = moment
            # a promise that was made today stands on no list of the morning
            row.first_found_at = clock.now()
    faults: list[tuple[str, Exception]] = []
    loop = Loop("schedule", watch.look, lambda *fault: faults.append(fault))
    loop.start()
    seen: dict[int, float] = {}
    while len(seen) < len(moments) and not faults:
        stopwatch.sleep(0.02)
        with database.reading() as session:
            prompts = session.exec(select(OutboxMessage).where(col(OutboxMessage.purpose) == Purpose.PROMPT)).all()
            for id_ in {id_ for prompt in prompts for id_ in prompt.follow_up_ids} & moments.keys() - seen.keys():
                seen[id_] = (clock.now() - moments[id_]).total_seconds()
    loop.stop()
    assert not faults, faults
    return list(seen.values())


def test_finding_what_is_due_among_a_million() -> None:
    figures = measure()

    assert figures["nothing due"] < 5
    assert figures["prompt"] < 5


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else FOLLOW_UPS)
