"""Places that were offered to those who wait for one."""

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0107"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "place_offers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "answer IN ('accepted', 'declined', 'taken_back')", name=op.f("ck_place_offers_answer")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["people.id"], name=op.f("fk_place_offers_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohorts.id"], name=op.f("fk_place_offers_cohort_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_offers")),
    )
    op.create_index(op.f("ix_place_offers_patient_id"), "place_offers", ["patient_id"])
    op.create_index(op.f("ix_place_offers_cohort_id"), "place_offers", ["cohort_id"])
