"""What was changed and not looked at yet, noted by the database itself."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "tracked_changes",
        sa.Column("id", whole, autoincrement=True, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("untold", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("unfed", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracked_changes")),
    )
    connection = op.get_bind()
    path = Path(__file__).with_name(f"0095_tracked_changes.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement)
