"""Finding what is due reads one index, however many follow-ups there are."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from assistant.schedule.due import due, is_anything_due, later_today
from assistant.storage.database import Database
from assistant.storage.tables import Worker
from tests.turn.rehearsal import START, settle_community

LOOKS: dict[str, tuple[Callable[[Session], object], str]] = {
    "is anything due": (lambda session: is_anything_due(session, START), "ix_follow_ups_look_at"),
    "what is due": (lambda session: due(session, START), "ix_follow_ups_look_at"),
    "what a worker has today": (
        lambda session: later_today(session, session.get_one(Worker, 1), START, START, START),
        "ix_follow_ups_worker_id_look_at",
    ),
}


@pytest.mark.parametrize("name", LOOKS)
def test_finding_what_is_due_walks_an_index_of_look_at(sqlite_url: str, name: str) -> None:
    look, index = LOOKS[name]
    database = Database.open(sqlite_url)
    settle_community(database)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *seen: asked.append((seen[2], seen[3])))

    with database.reading() as session:
        look(session)
        statements = [(sql, values) for sql, values in asked if "FROM follow_ups" in sql]
        plan = [
            str(step[-1])
            for sql, values in statements
            for step in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]

    database.close()
    steps = [step for step in plan if "follow_ups" in step]
    assert len(statements) == 1
    assert steps
    assert all(f"INDEX {index} " in step for step in steps), plan
