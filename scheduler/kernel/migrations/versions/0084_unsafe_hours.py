"""Hours in which nothing may arrive; until when a letter may leave, and by when it is needed."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "unsafe_hours",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("means", sa.String(length=32), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("begin", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("marked_at", moment, nullable=False),
        sa.Column("marked_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("means IN ('mail', 'text', 'both')", name="ck_unsafe_hours_means"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_unsafe_hours_person_id_people"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unsafe_hours"),
    )
    op.create_index(
        "ix_unsafe_hours_standing",
        "unsafe_hours",
        ["person_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("letters", sa.Column("needed_by", moment, nullable=True))
    op.add_column("letters", sa.Column("safe_until", moment, nullable=True))
