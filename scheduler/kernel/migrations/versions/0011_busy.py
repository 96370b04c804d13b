"""When clinicians are busy by their own calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "busy_calendars",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_busy_calendars_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_busy_calendars")),
    )
    op.create_table(
        "busy_times",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_times_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["busy_calendars.person_id"], name=op.f("fk_busy_times_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_times")),
    )
    op.create_index("ix_busy_times_person", "busy_times", ["person_id", "starts_at"], unique=False)
