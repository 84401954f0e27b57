"""The first tables, and the triggers that make the ledger append-only.

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('areas',
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['areas.id'], name=op.f('fk_areas_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_areas')),
    sa.UniqueConstraint('parent_id', 'name', name=op.f('uq_areas_parent_id_name'))
    )
    with op.batch_alter_table('areas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_areas_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_areas_path'), ['path'], unique=False)

    op.create_table('estates',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_estates_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_estates')),
    sa.UniqueConstraint('area_id', 'name', name=op.f('uq_estates_area_id_name'))
    )
    with op.batch_alter_table('estates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_estates_area_id'), ['area_id'], unique=False)

    op.create_table('households',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('estate_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('is_place', sa.Boolean(), nullable=False),
    sa.Column('in_address_book', sa.Boolean(), nullable=False),
    sa.Column('building', sa.String(), nullable=True),
    sa.Column('unit', sa.String(), nullable=True),
    sa.Column('room', sa.String(), nullable=True),
    sa.Column('floor', sa.String(), nullable=True),
    sa.Column('last_contact_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_households_area_id')),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id'], name=op.f('fk_households_estate_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_households')),
    sa.UniqueConstraint('estate_id', 'key', 'scope', name=op.f('uq_households_estate_id_key_scope'))
    )
    with op.batch_alter_table('households', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_households_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_households_estate_id_building', ['estate_id', 'building', 'unit'], unique=False)

    op.create_table('stations',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('estate_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('hours', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('doctor_days', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('rooms', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_stations_area_id')),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id'], name=op.f('fk_stations_estate_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stations')),
    sa.UniqueConstraint('area_id', 'name', name=op.f('uq_stations_area_id_name'))
    )
    with op.batch_alter_table('stations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stations_area_id'), ['area_id'], unique=False)

    op.create_table('workers',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('acts_as', sa.String(length=32), nullable=True),
    sa.Column('estate_id', sa.Integer(), nullable=True),
    sa.Column('deputy_id', sa.Integer(), nullable=True),
    sa.Column('away_from_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('away_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_workers_area_id')),
    sa.ForeignKeyConstraint(['deputy_id'], ['workers.id'], name=op.f('fk_workers_deputy_id')),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id'], name=op.f('fk_workers_estate_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workers'))
    )
    with op.batch_alter_table('workers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workers_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_workers_estate_id'), ['estate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_workers_role'), ['role'], unique=False)

    op.create_table('accounts',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('bound_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('blocked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_accounts_area_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_accounts_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('channel', 'address', name=op.f('uq_accounts_channel_address'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounts_worker_id'), ['worker_id'], unique=False)

    op.create_table('duty_slots',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('offered_to_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_duty_slots_area_id')),
    sa.ForeignKeyConstraint(['offered_to_id'], ['workers.id'], name=op.f('fk_duty_slots_offered_to_id')),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_duty_slots_station_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_duty_slots_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_slots')),
    sa.UniqueConstraint('station_id', 'starts_at', name=op.f('uq_duty_slots_station_id_starts_at'))
    )
    with op.batch_alter_table('duty_slots', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_slots_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_slots_worker_id'), ['worker_id'], unique=False)

    op.create_table('room_bookings',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('room', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('booked_for', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=True),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_room_bookings_area_id')),
    sa.ForeignKeyConstraint(['station_id'], ['stations.id'], name=op.f('fk_room_bookings_station_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_room_bookings_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_bookings'))
    )
    with op.batch_alter_table('room_bookings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_bookings_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_room_bookings_station_id_room', ['station_id', 'room', 'starts_at'], unique=False)

    op.create_table('reports',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('sensitivity', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('estate_id', sa.Integer(), nullable=True),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('text_bytes', sa.LargeBinary(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('intent', sa.String(length=32), nullable=True),
    sa.Column('unread_because', sa.String(), nullable=True),
    sa.Column('asked', sa.String(), nullable=True),
    sa.Column('amends_id', sa.Integer(), nullable=True),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_reports_account_id')),
    sa.ForeignKeyConstraint(['amends_id'], ['reports.id'], name=op.f('fk_reports_amends_id')),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_reports_area_id')),
    sa.ForeignKeyConstraint(['estate_id'], ['estates.id'], name=op.f('fk_reports_estate_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_reports_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports')),
    sa.UniqueConstraint('channel', 'message_id', name=op.f('uq_reports_channel_message_id'))
    )
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.create_index('ix_reports_account_id_id', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_amends_id'), ['amends_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_reports_worker_id_sent_at', ['worker_id', 'sent_at'], unique=False)

    op.create_table('actions',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('household_id', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('why', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_actions_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_actions_household_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_actions_report_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_actions_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_actions'))
    )
    with op.batch_alter_table('actions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_actions_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_actions_household_id'), ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_actions_report_id'), ['report_id'], unique=False)
        batch_op.create_index('ix_actions_subject_subject_id', ['subject', 'subject_id'], unique=False)

    op.create_table('matters',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('sensitivity', sa.String(length=32), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('first_found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_report_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_matters_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_matters_household_id')),
    sa.ForeignKeyConstraint(['settled_by_report_id'], ['reports.id'], name=op.f('fk_matters_settled_by_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matters'))
    )
    with op.batch_alter_table('matters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_matters_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_matters_household_id_state', ['household_id', 'state'], unique=False)

    op.create_table('outbox',
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('idempotency_key', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('buttons', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('follow_up_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('flag_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_as', sa.String(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('set_aside_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('set_aside_reason', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_outbox_account_id')),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_outbox_area_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_outbox_report_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_outbox_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_outbox_idempotency_key'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_account_id_id', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_outbox_channel_sent_as', ['channel', 'sent_as'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_report_id'), ['report_id'], unique=False)
        batch_op.create_index('ix_outbox_waiting', ['channel', 'id'], unique=False, sqlite_where=sa.text('sent_at IS NULL AND cancelled_at IS NULL AND set_aside_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL AND cancelled_at IS NULL AND set_aside_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_outbox_worker_id'), ['worker_id'], unique=False)

    op.create_table('readings',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('knowledge_version', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_readings_area_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_readings_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readings'))
    )
    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_readings_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_readings_report_id'), ['report_id'], unique=False)

    op.create_table('residents',
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('sensitivity', sa.String(length=32), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('called', sa.String(), nullable=False),
    sa.Column('sex', sa.String(), nullable=True),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('age_said', sa.Integer(), nullable=True),
    sa.Column('age_said_on', sa.Date(), nullable=True),
    sa.Column('lives_alone', sa.Boolean(), nullable=True),
    sa.Column('disabled', sa.Boolean(), nullable=True),
    sa.Column('agrees_to_doctor_list', sa.Boolean(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('moved_away_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_residents_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_residents_household_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_residents_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_residents'))
    )
    with op.batch_alter_table('residents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_residents_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_residents_household_id'), ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_residents_report_id'), ['report_id'], unique=False)

    op.create_table('visits',
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_visits_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_visits_household_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_visits_report_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_visits_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits'))
    )
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_visits_household_id_at', ['household_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_report_id'), ['report_id'], unique=False)
        batch_op.create_index('ix_visits_worker_id_at', ['worker_id', 'at'], unique=False)

    op.create_table('findings',
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('sensitivity', sa.String(length=32), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('reading_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('stage', sa.String(length=32), nullable=True),
    sa.Column('quote', sa.String(), nullable=False),
    sa.Column('quote_start', sa.Integer(), nullable=False),
    sa.Column('quote_end', sa.Integer(), nullable=False),
    sa.Column('circumstances', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('figures', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_findings_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_findings_household_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_findings_matter_id')),
    sa.ForeignKeyConstraint(['reading_id'], ['readings.id'], name=op.f('fk_findings_reading_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_findings_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_findings'))
    )
    with op.batch_alter_table('findings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_findings_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_findings_household_id'), ['household_id'], unique=False)
        batch_op.create_index('ix_findings_kind_found_at', ['kind', 'found_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_findings_matter_id'), ['matter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_findings_report_id'), ['report_id'], unique=False)

    op.create_table('flags',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('sensitivity', sa.String(length=32), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=True),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('theme', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('quote_start', sa.Integer(), nullable=True),
    sa.Column('quote_end', sa.Integer(), nullable=True),
    sa.Column('rule_book_version', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('superseded_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_because', sa.String(), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by_id', sa.Integer(), nullable=True),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('climbed_to', sa.String(length=32), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['acknowledged_by_id'], ['workers.id'], name=op.f('fk_flags_acknowledged_by_id')),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_flags_area_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_flags_household_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_flags_matter_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_flags_report_id')),
    sa.ForeignKeyConstraint(['superseded_by_id'], ['flags.id'], name=op.f('fk_flags_superseded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flags'))
    )
    with op.batch_alter_table('flags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flags_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_flags_household_id_state', ['household_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_flags_matter_id'), ['matter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flags_report_id'), ['report_id'], unique=False)
        batch_op.create_index('ix_flags_rule_raised_at', ['rule', 'raised_at'], unique=False)
        batch_op.create_index('ix_flags_state_urgency_raised_at', ['state', 'urgency', 'raised_at'], unique=False)

    op.create_table('intake',
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('chat', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('is_group', sa.Boolean(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('text_bytes', sa.LargeBinary(), nullable=True),
    sa.Column('attachments', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('answers_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answers_id'], ['outbox.id'], name=op.f('fk_intake_answers_id')),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_intake_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake')),
    sa.UniqueConstraint('channel', 'message_id', name=op.f('uq_intake_channel_message_id'))
    )
    with op.batch_alter_table('intake', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intake_area_id'), ['area_id'], unique=False)
        batch_op.create_index('ix_intake_channel_chat_id', ['channel', 'chat', 'id'], unique=False)
        batch_op.create_index('ix_intake_waiting', ['channel', 'chat', 'id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('follow_ups',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('sensitivity', sa.String(length=32), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=True),
    sa.Column('flag_id', sa.Integer(), nullable=True),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('owner', sa.String(length=32), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('look_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('prompted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_report_id', sa.Integer(), nullable=True),
    sa.Column('ended_because', sa.String(), nullable=True),
    sa.Column('reopens_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_follow_ups_area_id')),
    sa.ForeignKeyConstraint(['ended_by_report_id'], ['reports.id'], name=op.f('fk_follow_ups_ended_by_report_id')),
    sa.ForeignKeyConstraint(['flag_id'], ['flags.id'], name=op.f('fk_follow_ups_flag_id')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_follow_ups_household_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_follow_ups_matter_id')),
    sa.ForeignKeyConstraint(['reopens_id'], ['follow_ups.id'], name=op.f('fk_follow_ups_reopens_id')),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_follow_ups_report_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_follow_ups_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_ups'))
    )
    with op.batch_alter_table('follow_ups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_ups_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_ups_flag_id'), ['flag_id'], unique=False)
        batch_op.create_index('ix_follow_ups_household_id_state', ['household_id', 'state'], unique=False)
        batch_op.create_index('ix_follow_ups_look_at', ['look_at'], unique=False, sqlite_where=sa.text('look_at IS NOT NULL'), postgresql_where=sa.text('look_at IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_follow_ups_matter_id'), ['matter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_ups_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_ups_worker_id'), ['worker_id'], unique=False)

    op.create_table('verdicts',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('retention', sa.String(length=32), nullable=False),
    sa.Column('flag_id', sa.Integer(), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=False),
    sa.Column('is_right', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_verdicts_area_id')),
    sa.ForeignKeyConstraint(['flag_id'], ['flags.id'], name=op.f('fk_verdicts_flag_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['workers.id'], name=op.f('fk_verdicts_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verdicts'))
    )
    with op.batch_alter_table('verdicts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_verdicts_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_verdicts_flag_id'), ['flag_id'], unique=False)

    _refuse_changes_of_the_ledger()


def _refuse_changes_of_the_ledger() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER actions_refuse_{deed.lower()} BEFORE {deed} ON actions "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER actions_refuse_change BEFORE UPDATE OR DELETE ON actions "
        "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
    )
    op.execute(
        "CREATE TRIGGER actions_refuse_truncate BEFORE TRUNCATE ON actions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
    )


def downgrade() -> None:
    raise NotImplementedError("Before the first tables there is nothing to go back to: restore a backup.")
