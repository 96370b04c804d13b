"""Several stays of one patient, what one patient alone has or has not, capacity and its line."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("programs", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column(
        "programs",
        sa.Column("waitlist", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("enrolments", sa.Column("waits", sa.Integer(), nullable=True))
    for name in ("appointments", "without", "authorisations"):
        op.add_column("enrolments", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "further_stays",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("waits", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_further_stays_cohort_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["people.id"], name=op.f("fk_further_stays_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_stays")),
    )
    op.create_index("ix_further_stays_patient_id", "further_stays", ["patient_id"])
    op.create_index("ix_further_stays_cohort_id", "further_stays", ["cohort_id"])
