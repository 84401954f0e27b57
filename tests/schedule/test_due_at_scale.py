"""Finding what is due reads one index, however many follow-ups there are."""

from typing import Any

from sqlalchemy import event

from assistant.schedule.due import due, next_due_estate
from assistant.storage.database import Database
from tests.turn.rehearsal import START, settle_community


def test_finding_what_is_due_walks_the_index_of_look_at_and_keys_only(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    settle_community(database)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *seen: asked.append((seen[2], seen[3])))

    with database.reading() as session:
        next_due_estate(session, START)
        due(session, 1, START)
        statements = [(sql, values) for sql, values in asked if sql.startswith("SELECT")]
        plan = [
            str(step[-1])
            for sql, values in statements
            for step in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]

    database.close()
    steps = [step for step in plan if "follow_ups" in step]
    assert len(statements) == 4
    assert steps
    assert all("ix_follow_ups_look_at" in step or "PRIMARY KEY" in step for step in steps), plan
