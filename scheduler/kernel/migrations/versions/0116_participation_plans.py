"""What patients and families agreed about taking part."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participation_plans",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_with", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["people.id"], name=op.f("fk_participation_plans_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation_plans")),
    )
    op.create_index(
        "uq_participation_plans_turn", "participation_plans", ["patient_id", "turn"], unique=True
    )
