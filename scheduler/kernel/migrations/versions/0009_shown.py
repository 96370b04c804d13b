"""What a calendar shows while the newest letter about it waits."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitations", sa.Column("shown", sa.JSON(none_as_null=True), nullable=True))
