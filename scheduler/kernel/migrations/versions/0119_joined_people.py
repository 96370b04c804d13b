"""People who were entered twice: the record of before leads to the row that counts."""

import sqlalchemy as sa
from alembic import op

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("joined_into_id", sa.String(length=32), nullable=True))
    op.create_index("ix_people_joined_into_id", "people", ["joined_into_id"])
