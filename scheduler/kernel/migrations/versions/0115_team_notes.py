"""Notes of the team about sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team_notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_team_notes_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_notes")),
    )
    op.create_index(op.f("ix_team_notes_session_id"), "team_notes", ["session_id"])
