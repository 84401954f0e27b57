"""Flags that stand and promises that run, with what lists filter and sort by.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STANDS = "state IN ('open', 'proposed')"
_RUNS = "state IN ('open', 'overdue')"


def upgrade() -> None:
    op.create_index(
        "ix_flags_standing",
        "flags",
        ["area_id", "household_id", "urgency", "raised_at", "theme"],
        sqlite_where=sa.text(_STANDS),
        postgresql_where=sa.text(_STANDS),
    )
    op.create_index(
        "ix_follow_ups_running",
        "follow_ups",
        ["area_id", "due_at", "household_id"],
        sqlite_where=sa.text(_RUNS),
        postgresql_where=sa.text(_RUNS),
    )


def downgrade() -> None:
    op.drop_index("ix_follow_ups_running", table_name="follow_ups")
    op.drop_index("ix_flags_standing", table_name="flags")
