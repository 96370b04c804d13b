"""Reminders that are due are read from their index in the order they are looked at in, among any number that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.drop_index("ix_reminders_due", "reminders")
    op.create_index("ix_reminders_due", "reminders", ["due_at", "id"], postgresql_where=WAITING, sqlite_where=WAITING)
