"""When an excuse was said, and that a word about attendance was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendance_marks", sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "attendance_marks",
        sa.Column("taken_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
