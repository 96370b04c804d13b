"""What was done about days on which somebody, or the house, held nothing: to be put back as one."""

import sqlalchemy as sa
from alembic import op

revision = "0127"
down_revision = "0122"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "disruptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinician_id", sa.String(length=32), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("is_noted", sa.Boolean(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("met_at", MOMENT, nullable=False),
        sa.Column("met_by", sa.String(length=64), nullable=False),
        sa.Column("put_back_at", MOMENT, nullable=True),
        sa.Column("put_back_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["people.id"], name=op.f("fk_disruptions_clinician_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disruptions")),
    )
    op.create_index(op.f("ix_disruptions_met_at"), "disruptions", ["met_at"])
