"""Entries of a clinician's calendar that could not be read are named, and a server's wish not to be asked is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("busy_calendars", sa.Column("unread", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("busy_feeds", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
