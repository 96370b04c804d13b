"""The gate holds a letter's address to be its person's."""

from pathlib import Path

from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    path = Path(__file__).with_name(f"0075_letter_addresses.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement)
