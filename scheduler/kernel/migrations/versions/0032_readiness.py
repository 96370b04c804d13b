"""Readiness with its reason, its day, who decided it, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("relatives", sa.Column("ready_until", sa.Date(), nullable=True))
    op.create_table(
        "readiness_decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_readiness_decisions_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_decisions")),
    )
    op.create_index(
        op.f("ix_readiness_decisions_person_id"), "readiness_decisions", ["person_id"]
    )
