"""When a report's words went, who asked for it, what the retention job took away; who looked is found quickly.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_LOOKS = (
    "verb IN ('viewed', 'searched', 'looked_up', 'took_out', "
    "'handed_over', 'erasure_asked', 'person_erased', 'cleared_out')"
)


def upgrade() -> None:
    # plain additions: SQLite rebuilds no table for them, so that the ledger's triggers stay
    op.add_column("reports", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_actions_looks", "actions", ["id"], sqlite_where=sa.text(_LOOKS), postgresql_where=sa.text(_LOOKS)
    )
    op.create_table(
        "erasures",
        *_personal("erasures"),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_erasures_household_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_erasures_worker_id")),
    )
    op.create_index(op.f("ix_erasures_area_id"), "erasures", ["area_id"])
    op.create_index(op.f("ix_erasures_household_id"), "erasures", ["household_id"])
    op.create_table(
        "retention_runs",
        *_personal("retention_runs"),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("counts", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_retention_runs_worker_id")),
    )
    op.create_index(op.f("ix_retention_runs_area_id"), "retention_runs", ["area_id"])


def downgrade() -> None:
    op.drop_table("retention_runs")
    op.drop_table("erasures")
    op.drop_index("ix_actions_looks", table_name="actions")
    op.drop_column("reports", "erased_at")


def _personal(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f(f"fk_{table}_area_id")),
    ]
