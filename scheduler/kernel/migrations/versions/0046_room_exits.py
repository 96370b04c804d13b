"""When somebody's way into a room was ended while the session went on."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ended = sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("room_entries", ended)
