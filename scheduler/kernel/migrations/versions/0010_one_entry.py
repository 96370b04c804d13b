"""All letters about one calendar entry of one person are found at once, however many letters that person has."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_letters_entry", "letters", ["recipient_id", "uid", "sequence"], unique=False)
