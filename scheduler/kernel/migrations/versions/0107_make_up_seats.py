"""Seats that patients took in other groups to make up for one."""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "make_up_seats",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("instead_of", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_make_up_seats_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_make_up_seats_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["instead_of"], ["sessions.id"], name=op.f("fk_make_up_seats_instead_of")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_make_up_seats")),
    )
    op.create_index(op.f("ix_make_up_seats_person_id"), "make_up_seats", ["person_id"])
    op.create_index(op.f("ix_make_up_seats_instead_of"), "make_up_seats", ["instead_of"])
