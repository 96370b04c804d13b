"""Addresses at which clinicians' calendars are followed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "busy_feeds",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tag", sa.String(length=200), nullable=True),
        sa.Column("modified", sa.String(length=100), nullable=True),
        sa.Column("wrong", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_busy_feeds_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_busy_feeds")),
    )
    op.create_index(op.f("ix_busy_feeds_next_at"), "busy_feeds", ["next_at"], unique=False)
