"""Earlier versions of programs, for the cohorts that stay with them."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("programs", sa.Column("of_id", sa.String(length=32), nullable=True))
    moment = sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("programs", moment)
    op.add_column("programs", sa.Column("replaced_by", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_programs_of_id"), "programs", ["of_id"])
