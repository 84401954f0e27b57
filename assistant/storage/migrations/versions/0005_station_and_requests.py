"""Who asked for a change of duty; what residents ask for, and who asked.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite rebuilds duty_slots for the reference; the ledger's triggers hang on another table
    with op.batch_alter_table("duty_slots") as batch_op:
        batch_op.add_column(sa.Column("offer_report_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_duty_slots_offer_report_id"), "reports", ["offer_report_id"], ["id"]
        )

    op.create_table(
        "resident_requests",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(length=32), nullable=False),
        sa.Column("estate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_resident_requests_area_id")),
        sa.ForeignKeyConstraint(["estate_id"], ["estates.id"], name=op.f("fk_resident_requests_estate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_requests")),
    )
    op.create_index("ix_resident_requests_area_id", "resident_requests", ["area_id"])
    op.create_index("ix_resident_requests_estate_id_stage", "resident_requests", ["estate_id", "stage"])

    op.create_table(
        "request_voices",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_request_voices_area_id")),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_request_voices_household_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_request_voices_report_id")),
        sa.ForeignKeyConstraint(["request_id"], ["resident_requests.id"], name=op.f("fk_request_voices_request_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_request_voices_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_voices")),
        sa.UniqueConstraint(
            "request_id", "report_id", "household_id", name=op.f("uq_request_voices_request_id_report_id_household_id")
        ),
    )
    for column in ("area_id", "report_id", "request_id"):
        op.create_index(f"ix_request_voices_{column}", "request_voices", [column])


def downgrade() -> None:
    op.drop_table("request_voices")
    op.drop_table("resident_requests")
    with op.batch_alter_table("duty_slots") as batch_op:
        batch_op.drop_constraint("fk_duty_slots_offer_report_id", type_="foreignkey")
        batch_op.drop_column("offer_report_id")
