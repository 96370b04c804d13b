"""Text messages, who agreed to them, tasks for staff, and reminder policies as data."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = sa.text("done_at IS NULL")
TEXT = sa.text("channel = 'text'")


def upgrade() -> None:
    op.add_column("letters", sa.Column("channel", sa.String(length=32), nullable=False, server_default="mail"))
    op.create_index("ix_letters_texts", "letters", ["address"], postgresql_where=TEXT, sqlite_where=TEXT)
    _tables()
    connection = op.get_bind()
    path = Path(__file__).with_name(f"0006_texts.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)


def _tables() -> None:
    op.create_table(
        "text_consents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_consents")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_text_consents_person_id")),
    )
    op.create_index("ix_text_consents_person_id", "text_consents", ["person_id"])
    op.create_index("ix_text_consents_phone", "text_consents", ["phone"])
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about_id", sa.String(length=32), nullable=False),
        sa.Column("for_id", sa.String(length=32), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
        sa.ForeignKeyConstraint(["about_id"], ["people.id"], name=op.f("fk_tasks_about_id")),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_tasks_for_id")),
    )
    op.create_index("ix_tasks_open", "tasks", ["made_at"], postgresql_where=OPEN, sqlite_where=OPEN)
    op.create_table(
        "reminder_policies",
        sa.Column("program_id", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("policy", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "audience", name=op.f("pk_reminder_policies")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_reminder_policies_program_id")),
    )
