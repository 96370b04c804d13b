"""Links of before a change of the key that links are made with."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["invitations.uid"], name=op.f("fk_former_links_uid")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_former_links")),
    )
    op.create_index(op.f("ix_former_links_uid"), "former_links", ["uid"])
