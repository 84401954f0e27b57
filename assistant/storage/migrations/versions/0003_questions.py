"""Questions that wait for an answer.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('questions',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('asks', sa.String(length=32), nullable=False),
    sa.Column('follow_up_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('report_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('words_report_id', sa.Integer(), nullable=True),
    sa.Column('refer_to_id', sa.Integer(), nullable=True),
    sa.Column('refer_as', sa.String(length=32), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_questions_account_id')),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_questions_area_id')),
    sa.ForeignKeyConstraint(['refer_to_id'], ['workers.id'], name=op.f('fk_questions_refer_to_id')),
    sa.ForeignKeyConstraint(['words_report_id'], ['reports.id'], name=op.f('fk_questions_words_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions'))
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questions_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_questions_waiting', ['account_id'], unique=False,
            sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))


def downgrade() -> None:
    op.drop_table('questions')
