"""Who led a session before a person put a colleague in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("leads_before", sa.Text(), nullable=True))
