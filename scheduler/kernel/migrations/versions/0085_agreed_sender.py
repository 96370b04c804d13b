"""Under which words a relative gets letters, as the patient agreed with them."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("relatives", sa.Column("letters_from", sa.String(length=40), nullable=True))
