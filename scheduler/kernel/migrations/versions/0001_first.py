"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('deed', sa.String(length=64), nullable=False),
    sa.Column('about', sa.String(length=255), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_entries'))
    )
    op.create_table('closures',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closures'))
    )
    op.create_table('heartbeats',
    sa.Column('node', sa.String(length=64), nullable=False),
    sa.Column('boot', sa.String(length=32), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ticked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('node', name=op.f('pk_heartbeats'))
    )
    op.create_table('people',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('zone', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('free', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('key', name=op.f('uq_people_key'))
    )
    op.create_table('practice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('outward_name', sa.String(), nullable=False),
    sa.Column('outward_email', sa.String(), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=2), nullable=False),
    sa.Column('part2', sa.Boolean(), nullable=False),
    sa.Column('holidays', sa.String(), nullable=False),
    sa.CheckConstraint("holidays IN ('open', 'closed')", name=op.f('ck_practice_holidays')),
    sa.CheckConstraint('id = 1', name=op.f('ck_practice_one_practice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice'))
    )
    op.create_table('programs',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('outward_title', sa.String(), nullable=False),
    sa.Column('template', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programs')),
    sa.UniqueConstraint('key', name=op.f('uq_programs_key'))
    )
    op.create_table('sign_in_attempts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_hash', sa.String(length=64), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempts'))
    )
    op.create_index('ix_sign_in_attempts_account', 'sign_in_attempts', ['account_hash', 'at'], unique=False)
    op.create_index('ix_sign_in_attempts_address', 'sign_in_attempts', ['address_hash', 'at'], unique=False)
    op.create_table('video_rooms',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('dial_in', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_video_rooms')),
    sa.UniqueConstraint('key', name=op.f('uq_video_rooms_key'))
    )
    op.create_table('clinicians',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('roles', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('licences', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('buffer', sa.Integer(), nullable=False),
    sa.Column('away', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_clinicians_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_clinicians'))
    )
    op.create_table('cohorts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('program_id', sa.String(length=32), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('zone', sa.String(), nullable=True),
    sa.Column('leads', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_cohorts_program_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohorts')),
    sa.UniqueConstraint('key', name=op.f('uq_cohorts_key'))
    )
    op.create_table('feeds',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('etag', sa.String(length=64), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stale_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_feeds_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feeds')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_feeds_token_hash'))
    )
    op.create_index('uq_feeds_live', 'feeds', ['person_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
    op.create_table('grants',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('statement', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('others', sa.Boolean(), nullable=False),
    sa.Column('signed', sa.Date(), nullable=False),
    sa.Column('expires', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.String(length=32), nullable=True),
    sa.Column('signed_by', sa.String(length=32), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by', sa.String(length=64), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=64), nullable=True),
    sa.Column('silent', sa.Boolean(), nullable=False),
    sa.CheckConstraint('(expires IS NULL) <> (expires_on IS NULL)', name=op.f('ck_grants_one_ending')),
    sa.CheckConstraint('valid_until > valid_from', name=op.f('ck_grants_ends_after_begin')),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_grants_patient_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_grants_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grants')),
    sa.UniqueConstraint('id', 'patient_id', 'person_id', 'purpose', name=op.f('uq_grants_id_patient_id_person_id_purpose'))
    )
    op.create_index('ix_grants_of', 'grants', ['patient_id', 'person_id', 'purpose'], unique=False)
    op.create_index(op.f('ix_grants_patient_id'), 'grants', ['patient_id'], unique=False)
    op.create_index(op.f('ix_grants_person_id'), 'grants', ['person_id'], unique=False)
    op.create_index(op.f('ix_grants_statement'), 'grants', ['statement'], unique=False)
    op.create_table('patients',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=2), nullable=True),
    sa.Column('born', sa.Date(), nullable=True),
    sa.Column('clinician_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['clinician_id'], ['people.id'], name=op.f('fk_patients_clinician_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_patients_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_patients'))
    )
    op.create_table('relatives',
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('relationship', sa.String(), nullable=False),
    sa.Column('ready', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_relatives_patient_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_relatives_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_relatives'))
    )
    op.create_index(op.f('ix_relatives_patient_id'), 'relatives', ['patient_id'], unique=False)
    op.create_table('sign_in_codes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sign_in_codes_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_codes'))
    )
    op.create_index(op.f('ix_sign_in_codes_person_id'), 'sign_in_codes', ['person_id'], unique=False)
    op.create_table('sign_ins',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sign_ins_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ins')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_ins_token_hash'))
    )
    op.create_index(op.f('ix_sign_ins_person_id'), 'sign_ins', ['person_id'], unique=False)
    op.create_table('enrolments',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('cohort_id', sa.String(length=32), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_enrolments_cohort_id')),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_enrolments_patient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolments')),
    sa.UniqueConstraint('patient_id', name=op.f('uq_enrolments_patient_id'))
    )
    op.create_index(op.f('ix_enrolments_cohort_id'), 'enrolments', ['cohort_id'], unique=False)
    op.create_table('letters',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('dedupe_key', sa.String(length=400), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('recipient_id', sa.String(length=32), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('basis', sa.String(length=32), nullable=False),
    sa.Column('grant_id', sa.String(length=32), nullable=True),
    sa.Column('subject_id', sa.String(length=32), nullable=True),
    sa.Column('purpose', sa.String(length=32), nullable=True),
    sa.Column('covers_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('uid', sa.String(length=255), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_after', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mime', sa.LargeBinary(), nullable=False),
    sa.Column('message_id', sa.String(length=255), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('fence', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('ambiguous', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name=op.f('ck_letters_lease')),
    sa.CheckConstraint("(state = 'sending') = (phase IS NOT NULL)", name=op.f('ck_letters_phase')),
    sa.CheckConstraint("basis = 'self' OR (grant_id IS NOT NULL AND subject_id IS NOT NULL AND purpose IS NOT NULL)", name=op.f('ck_letters_basis_named')),
    sa.CheckConstraint("basis IN ('self', 'grant', 'retraction')", name=op.f('ck_letters_basis')),
    sa.CheckConstraint("state IN ('waiting','retry','sending','sent','set_aside','expired','suppressed')", name=op.f('ck_letters_state')),
    sa.ForeignKeyConstraint(['grant_id', 'subject_id', 'recipient_id', 'purpose'], ['grants.id', 'grants.patient_id', 'grants.person_id', 'grants.purpose'], name='fk_letters_grant'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_letters_dedupe_key'))
    )
    op.create_index('ix_letters_due', 'letters', ['due_at'], unique=False, postgresql_where=sa.text("state IN ('waiting','retry')"), sqlite_where=sa.text("state IN ('waiting','retry')"))
    op.create_index(op.f('ix_letters_grant_id'), 'letters', ['grant_id'], unique=False)
    op.create_index('ix_letters_leased', 'letters', ['lease_until'], unique=False, postgresql_where=sa.text("state = 'sending'"), sqlite_where=sa.text("state = 'sending'"))
    op.create_index(op.f('ix_letters_recipient_id'), 'letters', ['recipient_id'], unique=False)
    op.create_index('uq_letters_in_flight', 'letters', ['recipient_id', 'uid'], unique=True, postgresql_where=sa.text("state = 'sending' AND uid IS NOT NULL"), sqlite_where=sa.text("state = 'sending' AND uid IS NOT NULL"))
    op.create_table('proposals',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('cohort_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("state IN ('open', 'published', 'superseded')", name=op.f('ck_proposals_state')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_proposals_cohort_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals'))
    )
    op.create_index('uq_proposals_open', 'proposals', ['cohort_id'], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
    op.create_table('sessions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('series', sa.String(length=255), nullable=False),
    sa.Column('cohort_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('seats', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=True),
    sa.Column('week', sa.Integer(), nullable=False),
    sa.Column('starts_local', sa.String(length=16), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone_rules', sa.String(length=16), nullable=False),
    sa.Column('room_id', sa.String(length=32), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('scheduled', 'cancelled', 'held')", name=op.f('ck_sessions_status')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_sessions_ends_after_start')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_sessions_cohort_id')),
    sa.ForeignKeyConstraint(['room_id'], ['video_rooms.id'], name=op.f('fk_sessions_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('key', name=op.f('uq_sessions_key'))
    )
    op.create_index(op.f('ix_sessions_cohort_id'), 'sessions', ['cohort_id'], unique=False)
    op.create_index(op.f('ix_sessions_series'), 'sessions', ['series'], unique=False)
    op.create_index('ix_sessions_starts', 'sessions', ['starts_at', 'status'], unique=False)
    op.create_table('calendar_names',
    sa.Column('uid', sa.String(length=255), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('series', sa.String(length=255), nullable=False),
    sa.Column('form', sa.String(length=32), nullable=False),
    sa.Column('session_id', sa.String(length=32), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_calendar_names_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_calendar_names_session_id')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_calendar_names'))
    )
    op.create_index('uq_calendar_names_live', 'calendar_names', ['person_id', 'session_id'], unique=True, postgresql_where=sa.text("retired_on IS NULL"), sqlite_where=sa.text("retired_on IS NULL"))
    op.create_index('ix_calendar_names_person', 'calendar_names', ['person_id', 'series'], unique=False)
    op.create_table('reminders',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('session_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('lead', sa.String(length=32), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('letter_id', sa.String(length=32), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'queued', 'expired', 'dropped')", name=op.f('ck_reminders_state')),
    sa.ForeignKeyConstraint(['letter_id'], ['letters.id'], name=op.f('fk_reminders_letter_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_reminders_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_reminders_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminders')),
    sa.UniqueConstraint('session_id', 'person_id', 'lead', 'starts_at', name=op.f('uq_reminders_session_id_person_id_lead_starts_at'))
    )
    op.create_index('ix_reminders_due', 'reminders', ['due_at'], unique=False, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.create_table('session_leads',
    sa.Column('session_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_session_leads_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_session_leads_session_id')),
    sa.PrimaryKeyConstraint('session_id', 'person_id', name=op.f('pk_session_leads'))
    )
    op.create_index(op.f('ix_session_leads_person_id'), 'session_leads', ['person_id'], unique=False)
    op.create_table('session_patients',
    sa.Column('session_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_session_patients_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_session_patients_session_id')),
    sa.PrimaryKeyConstraint('session_id', 'person_id', name=op.f('pk_session_patients'))
    )
    op.create_index(op.f('ix_session_patients_person_id'), 'session_patients', ['person_id'], unique=False)
    op.create_table('invitations',
    sa.Column('uid', sa.String(length=255), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('series', sa.String(length=255), nullable=False),
    sa.Column('grant_id', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('told', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['grant_id'], ['grants.id'], name=op.f('fk_invitations_grant_id')),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_invitations_patient_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_invitations_person_id')),
    sa.ForeignKeyConstraint(['uid'], ['calendar_names.uid'], name=op.f('fk_invitations_uid')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    op.create_index(op.f('ix_invitations_person_id'), 'invitations', ['person_id'], unique=False)
    op.create_index(op.f('ix_invitations_series'), 'invitations', ['series'], unique=False)
    op.create_table('answers',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('uid', sa.String(length=255), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('recurrence', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=True),
    sa.Column('stamp', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('way', sa.String(length=8), nullable=False),
    sa.Column('comment', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_answers_person_id')),
    sa.ForeignKeyConstraint(['uid'], ['invitations.uid'], name=op.f('fk_answers_uid')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers'))
    )
    op.create_index('ix_answers_uid', 'answers', ['uid', 'recurrence', 'given_at'], unique=False)
