"""Tasks that are about nobody, and how far a mailbox has been read."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tasks") as tasks:
        tasks.alter_column("about_id", existing_type=sa.String(length=32), nullable=True)
    op.create_table(
        "mailbox_watches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("validity", sa.String(length=32), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_watches")),
    )
