"""Who may log in to the pages, who tried, and the lists that somebody keeps.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logins",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(length=32), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_logins_area_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_logins_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
        sa.UniqueConstraint("name", name=op.f("uq_logins_name")),
        sa.UniqueConstraint("worker_id", name=op.f("uq_logins_worker_id")),
    )
    op.create_index("ix_logins_area_id", "logins", ["area_id"])

    op.create_table(
        "login_attempts",
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("retention", sa.String(length=32), nullable=False),
        sa.Column("name_digest", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_login_attempts_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    op.create_index("ix_login_attempts_area_id", "login_attempts", ["area_id"])
    op.create_index("ix_login_attempts_name_digest_at", "login_attempts", ["name_digest", "at"])
    op.create_index("ix_login_attempts_origin_at", "login_attempts", ["origin", "at"])

    op.create_table(
        "saved_views",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(length=32), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_saved_views_area_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_saved_views_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("worker_id", "page", "name", name=op.f("uq_saved_views_worker_id_page_name")),
    )
    op.create_index("ix_saved_views_area_id", "saved_views", ["area_id"])


def downgrade() -> None:
    op.drop_table("saved_views")
    op.drop_table("login_attempts")
    op.drop_table("logins")
