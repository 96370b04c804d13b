"""Which letter told somebody of a change last, so that it can be taken back while it waits."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change_notices", sa.Column("letter_id", sa.String(length=32), nullable=True))
    was_until = sa.Column("was_until", sa.DateTime(timezone=True), nullable=True)
    op.add_column("change_notices", was_until)
    op.create_index("ix_change_notices_letter", "change_notices", ["letter_id"])
