"""How often the community wants a resident looked after.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("residents", sa.Column("care_grade", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("residents", "care_grade")
