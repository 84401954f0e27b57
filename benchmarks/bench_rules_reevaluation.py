"""How long it takes to decide 100,000 households with history again, as a ratio to only reading the same rows.

``make bench`` (or ``python -m benchmarks.bench_rules_reevaluation 100000``) prints, with progress shown: households a
second of a backtest by two rule books over SQLite on one core; what publishing one moved threshold touches, and how
long that takes; and the floor, the same reports and readings fetched by plain sqlite3 and parsed by json.
"""

import json
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.progress import Progress
from sqlalchemy import insert, update
from sqlmodel import Session, col

from assistant.domain.access import AreaLevel, Role
from assistant.domain.errors import StorageError
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState, Intent, Severity, VisitOutcome
from assistant.publishing.publishing import publish
from assistant.publishing.replaying import backtest
from assistant.storage.database import Database
from assistant.storage.tables import (
    Area,
    Estate,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    Matter,
    ReadingMade,
    Report,
    Resident,
    Visit,
    Worker,
)
from rules.engine.book import OWN, RuleBook, load_rules
from rules.engine.edition import read_texts
from rules.engine.reference import ReferenceMatcher

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)
#: an estate of Chengdu has some hundred to some thousand households
IN_AN_ESTATE = 2_000
HOUSEHOLDS = 100_000


def fill(database: Database, count: int) -> None:
    """A community of ``count`` households, each with a resident, two visits, an open matter, its flag and promise."""
    with database.writing() as session:
        session.execute(insert(Area), [{"id": 1, "level": AreaLevel.COMMUNITY, "name": "社区", "path": "/1/"}])
        session.execute(
            insert(Worker),
            [{"id": 1, "area_id": 1, "retention": "standing", "name": "王主任", "role": Role.COORDINATOR}],
        )
        estates = range(1, (count - 1) // IN_AN_ESTATE + 2)
        session.execute(insert(Estate), [{"id": each, "area_id": 1, "name": f"小区{each}"} for each in estates])
        for start in range(0, count, 5_000):
            _fill_some(session, range(start + 1, min(start + 5_000, count) + 1))


def _fill_some(session: Session, ids: Iterable[int]) -> None:
    area = {"area_id": 1}
    rows: dict[type, list[dict[str, object]]] = {
        table: [] for table in (Household, Resident, Report, ReadingMade, Visit, Matter, FindingRow, Flag, FollowUp)
    }
    for n in ids:
        pressure = n % 3 == 0
        kind, rule = ("health.bp_high", "health.bp-urgent") if pressure else ("gas.hose", "gas.hose")
        severity = Severity.P1 if pressure else Severity.P2
        at = NOON - timedelta(days=n % 60, minutes=n % 600)
        key = f"{n % 30 + 1}-{n % 4 + 1}-{n}"
        quote = "血压182/108" if pressure else "软管老化"
        same = {**area, "household_id": n, "report_id": n}
        rows[Household].append(
            {**area, "id": n, "retention": "standing", "estate_id": (n - 1) // IN_AN_ESTATE + 1, "key": key,
             "scope": "", "is_place": False, "in_address_book": True}
        )  # fmt: skip
        rows[Resident].append(
            {**area, "household_id": n, "retention": "standing", "called": "李婆婆", "birth_year": 1930 + n % 70,
             "lives_alone": n % 2 == 0, "sensitivity": "ordinary"}
        )  # fmt: skip
        rows[Report].append(
            {**area, "id": n, "retention": "case", "sensitivity": "ordinary", "channel": "bench", "message_id": f"m{n}",
             "worker_id": 1, "text": quote, "sent_at": at, "received_at": at, "intent": Intent.REPORT}
        )  # fmt: skip
        finding = {"kind": "gas.hose", "state": "seen", "quote": {"text": quote, "start": 0, "end": len(quote)}}
        measured = {"what": "blood_pressure", "values": {"systolic": 180 + n % 10, "diastolic": 100},
                    "quote": {"text": quote, "start": 0, "end": len(quote)}}  # fmt: skip
        case = {"key": key, "visit": "met", "findings": [] if pressure else [finding]}
        case |= {"measurements": [measured] if pressure else []}
        rows[ReadingMade].append(
            {**area, "report_id": n, "retention": "case", "knowledge_version": "bench", "made_at": at,
             "content": {"intent": "report", "cases": [case]}}
        )  # fmt: skip
        for days, outcome in ((40, VisitOutcome.MISSED), (0, VisitOutcome.MET)):
            rows[Visit].append(
                {**same, "retention": "routine", "worker_id": 1, "outcome": outcome, "at": at - timedelta(days=days)}
            )
        rows[Matter].append(
            {**area, "id": n, "household_id": n, "retention": "case", "sensitivity": "ordinary", "kind": kind,
             "severity": severity, "state": MatterState.OPEN, "first_found_at": at, "last_found_at": at, "times": 1}
        )  # fmt: skip
        rows[FindingRow].append(
            {**same, "reading_id": n, "matter_id": n, "retention": "case", "sensitivity": "ordinary", "kind": kind,
             "state": EvidenceState.SEEN, "quote": quote, "quote_start": 0, "quote_end": len(quote),
             "circumstances": [], "figures": {}, "found_at": at}
        )  # fmt: skip
        rows[Flag].append(
            {**same, "id": n, "matter_id": n, "retention": "case", "sensitivity": "ordinary", "rule": rule,
             "theme": kind.split(".")[0], "kind": kind, "severity": severity, "urgency": severity.urgency,
             "why": "", "rule_book_version": "bench", "state": MatterState.OPEN, "raised_at": at,
             "first_raised_at": at, "times": 1}
        )  # fmt: skip
        rows[FollowUp].append(
            {**same, "matter_id": n, "flag_id": n, "retention": "case", "sensitivity": "ordinary", "owner": "doctor",
             "what": "当天复测血压、看用药", "rule": rule, "kind": kind, "severity": severity,
             "state": FollowUpState.OPEN, "due_at": at, "first_found_at": at, "times": 1, "worker_id": 1}
        )  # fmt: skip
    for table, values in rows.items():
        session.execute(insert(table), values)


def floor(path: Path) -> float:
    """Only reading: every report with its reading and its household's visits and findings, and parsing the reading."""
    started = time.perf_counter()
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT r.id, r.sent_at, m.content, h.key FROM reports r JOIN readings m ON m.report_id = r.id "
        "JOIN findings f ON f.report_id = r.id JOIN households h ON h.id = f.household_id"
    )
    for row in rows:
        json.loads(row[2])
    for table in ("visits", "findings", "matters", "flags", "residents"):
        connection.execute(f"SELECT * FROM {table}").fetchall()
    connection.close()
    return time.perf_counter() - started


def stricter(book: RuleBook) -> RuleBook:
    """The same rules with one threshold moved: pressure is urgent from 185."""
    moved = replace(book.parameters["urgent_systolic"], values=((date(2025, 1, 1), 185.0),))
    return replace(book, parameters={**book.parameters, "urgent_systolic": moved}, _editions={})


def measure(count: int) -> None:
    """Print all figures for ``count`` households."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        database = Database.open(f"sqlite:///{path}")
        fill(database, count)
        bottom = floor(path)
        book = load_rules()
        old, new = ReferenceMatcher(book), ReferenceMatcher(stricter(book))
        with Progress() as progress:
            bar = progress.add_task("重算", total=None)

            def show(done: int, of: int) -> None:
                progress.update(bar, completed=done, total=of)

            started = time.perf_counter()
            with database.reading() as session:
                result = backtest(session, old, new, NOON - timedelta(days=200), ZONE, show)
            spent = time.perf_counter() - started
        print(f"\nbacktest of {result.looked_at:,} household reports by two books: {spent:.1f} s, "
              f"{result.looked_at / spent:,.0f}/s; floor {bottom:.1f} s; ratio {spent / bottom:.1f}")  # fmt: skip
        print(f"newly {len(result.newly):,}, no longer {len(result.no_longer):,}, set aside {result.set_aside.total()}")
        texts = read_texts(OWN)
        with Writer(database) as writer:
            started = time.perf_counter()
            outcome = publish(database, texts | {"note.yaml": "{}"}, old=old, new=new, now=NOON, zone=ZONE, worker_id=1)
            spent = time.perf_counter() - started
        print(f"publishing one moved threshold: {outcome.affected:,} households reached, {outcome.touched:,} touched "
              f"of {outcome.with_something_open:,}: {spent:.1f} s")  # fmt: skip
        median = statistics.median(writer.waits) * 1000
        print(f"another writer meanwhile: {max(writer.waits):.1f} s at most, {median:.0f} ms in the median")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
        database.close()


class Writer:
    """Somebody else who writes all the time, as the intake does; ``waits`` are the seconds of each transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.waits: list[float] = []

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._stopped.is_set():
            started = time.perf_counter()
            try:
                with self._database.writing() as session:
                    session.execute(update(Area).where(col(Area.id) == 1).values(name="社区"))
            except StorageError:
                pass  # it waited as long as a writer waits: that counts too
            self.waits.append(time.perf_counter() - started)
            time.sleep(0.02)


def test_reevaluation_of_many_households() -> None:
    measure(HOUSEHOLDS)


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS)
