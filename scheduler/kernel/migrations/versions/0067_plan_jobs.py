"""Plans that a program asks for and comes back to, and why something was done."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "plan_jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("placed", sa.Integer(), nullable=True),
        sa.Column("unplaced", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.String(length=32), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_plan_jobs_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_jobs")),
    )
    op.create_index(op.f("ix_plan_jobs_cohort_id"), "plan_jobs", ["cohort_id"])
    op.create_table(
        "stated_reasons",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("stated_at", MOMENT, nullable=False),
        sa.Column("stated_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_reasons")),
    )
    op.create_index(op.f("ix_stated_reasons_about"), "stated_reasons", ["about"])
