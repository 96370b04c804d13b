"""Codes belong to the browser that asked; guesses at them are counted for each person."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0077"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sign_in_codes", sa.Column("sealed", sa.Text(), nullable=True))
    op.create_table(
        "code_askings",
        sa.Column("code_id", sa.String(length=32), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["sign_in_codes.id"], name=op.f("fk_code_askings_code_id")
        ),
        sa.PrimaryKeyConstraint("code_id", "browser_hash", name=op.f("pk_code_askings")),
    )
    op.create_table(
        "guess_runs",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_guess_runs_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_guess_runs")),
    )
