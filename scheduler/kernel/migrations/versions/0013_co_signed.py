"""Two parents who share legal custody sign one statement, and a rule says where it takes both."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signing_rules", sa.Column("parents", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "co_signatures",
        sa.Column("statement_id", sa.String(length=32), nullable=False),
        sa.Column("authority_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_co_signatures_statement_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name=op.f("fk_co_signatures_authority_id")),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_co_signatures")),
    )
    op.create_index(op.f("ix_co_signatures_authority_id"), "co_signatures", ["authority_id"])
    connection = op.get_bind()
    path = Path(__file__).with_name(f"0013_co_signed.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)
