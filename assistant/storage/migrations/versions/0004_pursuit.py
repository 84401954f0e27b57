"""What pursues a promise or an alarm: how far it has climbed, who was told, when to look again.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WAITING = sa.text("look_at IS NOT NULL")
_CALLING = sa.text("call_at IS NOT NULL")


def upgrade() -> None:
    # plain additions: SQLite rebuilds no table for them, so that the ledger's triggers stay
    op.add_column("follow_ups", sa.Column("escalated_to", sa.String(length=32), nullable=True))
    op.add_column("follow_ups", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("follow_ups", sa.Column("owner_told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("flags", sa.Column("call_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_follow_ups_worker_id_look_at",
        "follow_ups",
        ["worker_id", "look_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index("ix_flags_call_at", "flags", ["call_at"], sqlite_where=_CALLING, postgresql_where=_CALLING)


def downgrade() -> None:
    op.drop_index("ix_flags_call_at", "flags")
    op.drop_index("ix_follow_ups_worker_id_look_at", "follow_ups")
    op.drop_column("flags", "call_at")
    for name in ("owner_told_at", "escalated_at", "escalated_to"):
        op.drop_column("follow_ups", name)
