"""A letter may follow another: it is not claimed before that one is done with."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letters", sa.Column("follows", sa.String(length=32), nullable=True))
