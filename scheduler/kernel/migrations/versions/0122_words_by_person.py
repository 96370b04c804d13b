"""Who came, by person, from an index alone: figures ask for all words there are."""

from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ["person_id", "turn", "taken_back", "state", "session_id"]
    op.create_index("ix_attendance_marks_words", "attendance_marks", columns)
