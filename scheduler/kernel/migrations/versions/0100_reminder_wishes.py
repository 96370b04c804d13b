"""What patients and relatives chose for their own reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_wishes",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("week_ahead", sa.Boolean(), nullable=False),
        sa.Column("day_before", sa.Boolean(), nullable=False),
        sa.Column("hour_before", sa.Boolean(), nullable=False),
        sa.Column("evening", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way IN ('mail', 'text', 'both', 'none')", name=op.f("ck_reminder_wishes_way")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reminder_wishes_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reminder_wishes")),
    )
