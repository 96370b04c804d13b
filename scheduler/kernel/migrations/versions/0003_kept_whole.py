"""Rows that are written once cannot be replaced (SQLite) nor emptied away (PostgreSQL): both pass row triggers by."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    path = Path(__file__).with_name(f"0003_kept_whole.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)
