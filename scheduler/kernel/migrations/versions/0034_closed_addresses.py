"""Addresses that nothing is sent to until somebody mends them; what a held mail quotes and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

STANDS = sa.text("opened_at IS NULL")
KEPT = sa.text("state = 'set_aside'")


def upgrade() -> None:
    op.add_column("replies_held", sa.Column("quoted", sa.String(), nullable=True))
    op.add_column("replies_held", sa.Column("letter_id", sa.String(length=32), nullable=True))
    op.create_table(
        "closed_addresses",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_addresses")),
    )
    op.create_index(
        "ix_letters_kept",
        "letters",
        ["address"],
        postgresql_where=KEPT,
        sqlite_where=KEPT,
    )
    op.create_index(
        "ix_closed_addresses_standing",
        "closed_addresses",
        ["address"],
        postgresql_where=STANDS,
        sqlite_where=STANDS,
    )
