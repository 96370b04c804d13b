"""Letters that count as sent without a server's word are found among any number: the index holds them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UNANSWERED = sa.text("state = 'sent' AND reply IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_letters_unanswered", "letters", ["id"], postgresql_where=UNANSWERED, sqlite_where=UNANSWERED
    )
