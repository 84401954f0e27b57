"""When a flag was opened again.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("flags", sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE flags SET reopened_at = (SELECT max(actions.at) FROM actions WHERE actions.subject = 'flags'"
        " AND actions.subject_id = flags.id AND actions.verb = 'reopened')"
    )


def downgrade() -> None:
    op.drop_column("flags", "reopened_at")
