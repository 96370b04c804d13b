"""Open caregiver evenings, which know nobody who comes."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_evenings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_local", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_open_evenings_ends_after_start")),
        sa.CheckConstraint("taken <= places", name=op.f("ck_open_evenings_places")),
        sa.ForeignKeyConstraint(["room_id"], ["video_rooms.id"], name=op.f("fk_open_evenings_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_evenings")),
        sa.UniqueConstraint("slug", name=op.f("uq_open_evenings_slug")),
    )
    op.create_index("ix_open_evenings_ends", "open_evenings", ["ends_at"])
