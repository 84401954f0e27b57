"""Indexes that hold all that lists, today's page and the charts read, so that they fetch no row they do not show.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STANDS = "state IN ('open', 'proposed')"
_RUNS = "state IN ('open', 'overdue')"
_UNSURE = "state IN ('hearsay', 'unverified') AND withdrawn_at IS NULL"

_STANDING = ["area_id", "household_id", "urgency", "raised_at", "theme", "state", "kind", "report_id", "matter_id"]

#: name, table, columns before and after, of which rows
_WIDENED = (
    (
        "ix_flags_standing",
        "flags",
        ["area_id", "household_id", "urgency", "raised_at", "theme"],
        [*_STANDING, "acknowledged_at"],
        _STANDS,
    ),
    (
        "ix_follow_ups_running",
        "follow_ups",
        ["area_id", "due_at", "household_id"],
        ["area_id", "due_at", "household_id", "state", "owner", "severity", "flag_id"],
        _RUNS,
    ),
    (
        "ix_households_door_order",
        "households",
        ["estate_id", "door_order", "id"],
        ["estate_id", "door_order", "id", "area_id", "is_place", "key"],
        None,
    ),
    ("ix_flags_rule_raised_at", "flags", ["rule", "raised_at"], ["rule", "raised_at", "area_id", "state"], None),
)
#: name, table, columns, of which rows
_NEW = (
    ("ix_follow_ups_next", "follow_ups", ["household_id", "due_at", "area_id", "state", "owner"], _RUNS),
    ("ix_findings_unsure", "findings", ["report_id", "household_id", "kind", "state", "withdrawn_at"], _UNSURE),
    ("ix_residents_living", "residents", ["household_id", "called", "withdrawn_at", "moved_away_on"], None),
    (
        "ix_matters_charts",
        "matters",
        ["area_id", "state", "first_found_at", "settled_at", "kind", "severity"],
        None,
    ),
    ("ix_flags_severity_first_raised_at", "flags", ["severity", "first_raised_at"], None),
    ("ix_reports_area_id_sent_at", "reports", ["area_id", "sent_at"], None),
)


_NAMED = {"sqlite": "key GLOB '*[^ -~]*'", "postgresql": "key ~ '[^ -~]'"}


def upgrade() -> None:
    op.create_index(
        "ix_households_named",
        "households",
        ["key"],
        sqlite_where=sa.text(_NAMED["sqlite"]),
        postgresql_where=sa.text(_NAMED["postgresql"]),
    )
    for name, table, before, after, of in _WIDENED:
        op.drop_index(name, table_name=table)
        _create(name, table, after, of)
    for name, table, columns, of in _NEW:
        _create(name, table, columns, of)
    op.drop_index("ix_residents_household_id", table_name="residents")
    # without statistics SQLite takes it for the best way to what stands, and fetches every row
    op.drop_index("ix_flags_state_urgency_raised_at", table_name="flags")
    if op.get_bind().dialect.name == "sqlite":
        # a reason may be longer than PostgreSQL lets an entry of an index be
        _create("ix_flags_told", "flags", [*_STANDING, "acknowledged_at", "why"], _STANDS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_flags_told", table_name="flags")
    op.drop_index("ix_households_named", table_name="households")
    _create("ix_flags_state_urgency_raised_at", "flags", ["state", "urgency", "raised_at"], None)
    _create("ix_residents_household_id", "residents", ["household_id"], None)
    for name, table, _, _ in _NEW:
        op.drop_index(name, table_name=table)
    for name, table, before, _, of in _WIDENED:
        op.drop_index(name, table_name=table)
        _create(name, table, before, of)


def _create(name: str, table: str, columns: list[str], of: str | None) -> None:
    where = sa.text(of) if of is not None else None
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
