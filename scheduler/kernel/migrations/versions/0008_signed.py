"""What was signed, who may sign it, and whom nobody may invite; the gate asks for all of it.

Grants recorded so far get the statement that can honestly be told of them: on paper, recorded by staff.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HONEST = """
INSERT INTO statements (id, patient_id, patient_name, discloser, information, person_id, person_name, wording, language,
  signer_name, capacity, method, signed, recorded_at, recorded_by)
SELECT g.statement, min(g.patient_id), min(p.name), min(h.name),
  'aftercare,attendance,clinician,goals,participation,times,topic', min(g.person_id), min(r.name), 'paper', 'en',
  CASE min(g.signed_by) WHEN 'patient' THEN min(p.name) ELSE 'as named on the paper' END, min(g.signed_by), 'paper',
  min(g.signed), min(g.given_at), min(g.given_by)
FROM grants g JOIN people p ON p.id = g.patient_id JOIN people r ON r.id = g.person_id JOIN practice h ON h.id = 1
GROUP BY g.statement
"""


def upgrade() -> None:
    _tables()
    op.execute(HONEST)
    connection = op.get_bind()
    path = Path(__file__).with_name(f"0008_signed.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)


def _tables() -> None:
    op.create_table('signing_rules',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('licence', sa.String(length=32), nullable=False),
    sa.Column('youngest', sa.Integer(), nullable=False),
    sa.Column('oldest', sa.Integer(), nullable=True),
    sa.Column('circumstance', sa.String(length=32), nullable=True),
    sa.Column('signers', sa.String(length=64), nullable=False),
    sa.CheckConstraint("signers <> ''", name=op.f('ck_signing_rules_filled')),
    sa.CheckConstraint('youngest >= 0 AND (oldest IS NULL OR oldest > youngest)', name=op.f('ck_signing_rules_ages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_rules'))
    )
    op.create_index(op.f('ix_signing_rules_licence'), 'signing_rules', ['licence'], unique=False)
    op.create_table('authorities',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('capacity', sa.String(length=32), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=True),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=64), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("capacity IN ('guardian', 'proxy')", name=op.f('ck_authorities_capacity')),
    sa.CheckConstraint("trim(name) <> '' AND trim(evidence) <> ''", name=op.f('ck_authorities_filled')),
    sa.CheckConstraint('last IS NULL OR last >= first', name=op.f('ck_authorities_ends_after_begin')),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_authorities_patient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authorities'))
    )
    op.create_index(op.f('ix_authorities_patient_id'), 'authorities', ['patient_id'], unique=False)
    op.create_table('barriers',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.String(length=64), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by', sa.String(length=64), nullable=True),
    sa.CheckConstraint("kind <> 'do_not_contact' OR reason IS NULL", name=op.f('ck_barriers_nobody_asks_why')),
    sa.CheckConstraint("kind IN ('never_invite', 'do_not_contact', 'deceased')", name=op.f('ck_barriers_kind')),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_barriers_patient_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_barriers_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_barriers'))
    )
    op.create_index(op.f('ix_barriers_patient_id'), 'barriers', ['patient_id'], unique=False)
    op.create_table('findings',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('circumstance', sa.String(length=32), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=True),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("trim(evidence) <> ''", name=op.f('ck_findings_filled')),
    sa.CheckConstraint('last IS NULL OR last >= first', name=op.f('ck_findings_ends_after_begin')),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_findings_patient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_findings'))
    )
    op.create_index(op.f('ix_findings_patient_id'), 'findings', ['patient_id'], unique=False)
    op.create_table('program_licences',
    sa.Column('program_id', sa.String(length=32), nullable=False),
    sa.Column('licence', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['program_id'], ['programs.id'], name=op.f('fk_program_licences_program_id')),
    sa.PrimaryKeyConstraint('program_id', name=op.f('pk_program_licences'))
    )
    op.create_table('statements',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('patient_id', sa.String(length=32), nullable=False),
    sa.Column('patient_name', sa.String(), nullable=False),
    sa.Column('discloser', sa.String(), nullable=False),
    sa.Column('information', sa.String(length=255), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('person_name', sa.String(), nullable=False),
    sa.Column('wording', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('signer_name', sa.String(), nullable=False),
    sa.Column('capacity', sa.String(length=32), nullable=False),
    sa.Column('authority_id', sa.String(length=32), nullable=True),
    sa.Column('method', sa.String(length=32), nullable=False),
    sa.Column('proof', sa.String(), nullable=True),
    sa.Column('signed', sa.Date(), nullable=False),
    sa.Column('copy_given_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("capacity <> 'patient' OR authority_id IS NULL", name=op.f('ck_statements_own_authority')),
    sa.CheckConstraint("capacity IN ('patient', 'guardian', 'proxy', 'both')", name=op.f('ck_statements_capacity')),
    sa.CheckConstraint("method = 'paper' OR method = 'typed' AND trim(proof) <> '' AND proof IS NOT NULL", name=op.f('ck_statements_method')),
    sa.CheckConstraint("trim(information) <> '' AND trim(wording) <> '' AND trim(language) <> '' AND trim(recorded_by) <> ''", name=op.f('ck_statements_filled')),
    sa.CheckConstraint("trim(patient_name) <> '' AND trim(person_name) <> '' AND trim(discloser) <> '' AND trim(signer_name) <> ''", name=op.f('ck_statements_named')),
    sa.CheckConstraint('person_id <> patient_id', name=op.f('ck_statements_somebody_else')),
    sa.ForeignKeyConstraint(['authority_id'], ['authorities.id'], name=op.f('fk_statements_authority_id')),
    sa.ForeignKeyConstraint(['patient_id'], ['people.id'], name=op.f('fk_statements_patient_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_statements_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statements'))
    )
    op.create_index(op.f('ix_statements_patient_id'), 'statements', ['patient_id'], unique=False)
    op.create_index(op.f('ix_statements_person_id'), 'statements', ['person_id'], unique=False)
