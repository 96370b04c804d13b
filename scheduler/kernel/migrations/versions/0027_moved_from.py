"""Where a session lay before it was moved, until its day is over; what takes a publication back."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("moved_from", sa.String(length=16), nullable=True))
    op.add_column("sessions", sa.Column("minutes_before", sa.Integer(), nullable=True))
    op.add_column(
        "sessions",
        sa.Column("taken_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    moment = sa.DateTime(timezone=True)
    op.add_column("proposals", sa.Column("cools_until", moment, nullable=True))
    op.add_column("proposals", sa.Column("before", sa.JSON(none_as_null=True), nullable=True))
