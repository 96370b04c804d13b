"""Indexes by which figures of the past are counted: sessions by kind, words that correct others."""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sessions_kind", "sessions", ["status", "kind", "ends_at"])
    op.create_index("ix_attendance_marks_turn", "attendance_marks", ["turn"])
