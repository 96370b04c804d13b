"""A room that the clinic no longer has stays with its past sessions and is planned no more."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("video_rooms", sa.Column("in_use", sa.Boolean(), nullable=False, server_default=sa.true()))
