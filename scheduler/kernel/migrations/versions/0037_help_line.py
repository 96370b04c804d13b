"""Whom pages and letters say to ask."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("practice", sa.Column("help", sa.JSON(none_as_null=True), nullable=True))
