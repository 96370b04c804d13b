"""Reminders ahead are kept as rolls, one row for all who are reminded alike; each gets a row of its own when due.

Rows that wait already go on as they are: a roll that names the same people makes none of them twice.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

AHEAD = sa.text("called_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "reminder_rolls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("lead", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_reminder_rolls_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rolls")),
    )
    op.create_index(
        "ix_reminder_rolls_due", "reminder_rolls", ["due_at", "id"], postgresql_where=AHEAD, sqlite_where=AHEAD
    )
