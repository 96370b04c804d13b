"""Plans that a node without a solver leaves to a worker that has one."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.false()
    op.add_column("plan_jobs", sa.Column("for_worker", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("plan_jobs", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    waiting = sa.text("for_worker AND taken_at IS NULL")
    op.create_index(
        "ix_plan_jobs_waiting",
        "plan_jobs",
        ["asked_at"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.add_column("heartbeats", sa.Column("plans", sa.Boolean(), nullable=False, server_default=no))
