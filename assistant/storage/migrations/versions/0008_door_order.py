"""Doors in their order, names from their beginning, reports by when they came: what the console's lists ask for.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("households", sa.Column("door_order", sa.String(), nullable=True))
    # each part behind its length in two digits, as tables.areas.door_order says
    parts = " || '-' || ".join(
        f"CASE WHEN length(coalesce({part}, '')) < 10 THEN '0' ELSE '' END"
        f" || CAST(length(coalesce({part}, '')) AS VARCHAR) || coalesce({part}, '')"
        for part in ("building", "unit", "room")
    )
    op.execute(f"UPDATE households SET door_order = {parts}")
    op.create_index("ix_households_door_order", "households", ["estate_id", "door_order", "id"])
    op.create_index("ix_residents_called", "residents", ["called"])
    op.create_index("ix_reports_received_at", "reports", ["received_at"])


def downgrade() -> None:
    op.drop_index("ix_reports_received_at", table_name="reports")
    op.drop_index("ix_residents_called", table_name="residents")
    op.drop_index("ix_households_door_order", table_name="households")
    op.drop_column("households", "door_order")
