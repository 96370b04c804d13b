"""Which calendar entries stay as they came when somebody changes how their sessions come."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "calendar_choices", sa.Column("kept", sa.Text(), nullable=False, server_default="")
    )
