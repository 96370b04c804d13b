"""Whose word a field is: the file's, the desk's, or the person's own."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_words",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=96), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "source IN ('file', 'desk', 'person')", name=op.f("ck_field_words_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_words")),
        sa.UniqueConstraint("record", "field", name=op.f("uq_field_words_record_field")),
    )
    new = sa.text("exported_at IS NULL")
    op.create_index(
        "ix_field_words_new",
        "field_words",
        ["stamp"],
        postgresql_where=new,
        sqlite_where=new,
    )
