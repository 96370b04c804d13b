"""Lists of new patients that were brought in at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("brought_at", MOMENT, nullable=False),
        sa.Column("brought_by", sa.String(length=64), nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
    )
    op.create_index(op.f("ix_roster_imports_brought_at"), "roster_imports", ["brought_at"])
