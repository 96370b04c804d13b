"""From which browser a form was sent: one person at two of them is two who do not see each other."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    browser = sa.Column("browser_hash", sa.String(length=64), nullable=False, server_default="")
    op.add_column("form_turns", browser)
