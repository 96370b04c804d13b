"""Who asks for a code is one row, known or not; the worker makes the code and its letter."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_asks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("asked_language", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_asks")),
    )
    op.create_index("ix_code_asks_asked_at", "code_asks", ["asked_at"])
    pair = ["account_hash", "address_hash", "at"]
    op.create_index("ix_sign_in_attempts_pair", "sign_in_attempts", pair)
    op.create_index("ix_sign_in_attempts_at", "sign_in_attempts", ["at"])
