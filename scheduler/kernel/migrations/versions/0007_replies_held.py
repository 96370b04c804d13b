"""Answers that a person has to decide on."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replies_held",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recurrence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=32), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["uid"], ["invitations.uid"], name=op.f("fk_replies_held_uid")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_replies_held_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies_held")),
        sa.UniqueConstraint("key", name=op.f("uq_replies_held_key")),
    )
    op.create_index("ix_replies_held_state", "replies_held", ["state", "came_at"], unique=False)
