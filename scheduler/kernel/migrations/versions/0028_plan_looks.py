"""When each published cohort was looked at last, and what did not hold then."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_looks",
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("broken", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_plan_looks_cohort_id_cohorts")
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_plan_looks")),
    )
