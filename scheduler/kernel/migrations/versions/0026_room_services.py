"""Rooms of a video service, whose addresses are made for one session and one person."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    service = sa.Column("service", sa.String(length=16), nullable=False, server_default="fixed")
    op.add_column("video_rooms", service)
    op.add_column("video_rooms", sa.Column("app_id", sa.String(), nullable=True))
    op.add_column("video_rooms", sa.Column("secret_file", sa.String(), nullable=True))
    op.add_column(
        "video_rooms",
        sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
