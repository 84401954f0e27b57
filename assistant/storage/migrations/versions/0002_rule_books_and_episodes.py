"""Rule books with their pointers and troubles; episodes and clusters.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clusters',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('estate_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('households', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_clusters_area_id')),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id'], name=op.f('fk_clusters_estate_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clusters')),
    sa.UniqueConstraint('estate_id', 'kind', 'opened_at', name=op.f('uq_clusters_estate_id_kind_opened_at'))
    )
    with op.batch_alter_table('clusters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clusters_area_id'), ['area_id'], unique=False)

    op.create_table('episodes',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('sensitivity', sa.String(length=32), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_episodes_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_episodes_household_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_episodes_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_episodes'))
    )
    with op.batch_alter_table('episodes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_episodes_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_episodes_household_id_state', ['household_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_episodes_worker_id'), ['worker_id'], unique=False)

    op.create_table('rule_books',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('content', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_rule_books_area_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_rule_books_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_books')),
    sa.UniqueConstraint('version', name=op.f('uq_rule_books_version'))
    )
    with op.batch_alter_table('rule_books', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_books_area_id'), ['area_id'], unique=False)

    op.create_table('rule_troubles',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('rule_book_version', sa.String(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('switched_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_rule_troubles_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_rule_troubles_household_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_troubles')),
    sa.UniqueConstraint('rule', 'rule_book_version', 'household_id', name=op.f('uq_rule_troubles_rule_rule_book_version_household_id'))
    )
    with op.batch_alter_table('rule_troubles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_troubles_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rule_troubles_household_id'), ['household_id'], unique=False)

    op.create_table('rule_pointers',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('rule_book_id', sa.Integer(), nullable=False),
    sa.Column('before_id', sa.Integer(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_rule_pointers_area_id')),
    sa.ForeignKeyConstraint(['before_id'], ['rule_books.id'], name=op.f('fk_rule_pointers_before_id')),
    sa.ForeignKeyConstraint(['rule_book_id'], ['rule_books.id'], name=op.f('fk_rule_pointers_rule_book_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_pointers')),
    sa.UniqueConstraint('name', name=op.f('uq_rule_pointers_name'))
    )
    with op.batch_alter_table('rule_pointers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_pointers_area_id'), ['area_id'], unique=False)

    op.create_table('episode_parts',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_episode_parts_area_id')),
    sa.ForeignKeyConstraint(['episode_id'], ['episodes.id'], name=op.f('fk_episode_parts_episode_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_episode_parts_matter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_episode_parts')),
    sa.UniqueConstraint('matter_id', name=op.f('uq_episode_parts_matter_id'))
    )
    with op.batch_alter_table('episode_parts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_episode_parts_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_episode_parts_episode_id'), ['episode_id'], unique=False)


def downgrade() -> None:
    for table in ('episode_parts', 'rule_pointers', 'rule_troubles', 'rule_books', 'episodes', 'clusters'):
        op.drop_table(table)
