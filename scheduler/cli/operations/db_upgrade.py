"""The door for the schema: `db upgrade`, `db grant`."""

import click
from flask.cli import AppGroup

from scheduler.cli.exit_codes import answering
from scheduler.kernel.database import db
from scheduler.kernel.schema.migrate import upgrade
from scheduler.kernel.schema.rows_only import grant_rows

database = AppGroup("db", help="The database's schema.")


@database.command("upgrade")
@answering
def upgrade_command() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    before, after = upgrade(db.engine)
    click.echo(f"schema {after}" if before != after else f"schema {after}, nothing to do")


@database.command("grant")
@click.argument("role")
@answering
def grant_command(role: str) -> None:
    """Let the PostgreSQL role ROLE read and write rows, and neither drop what guards them nor alter
    a table; name it in DATABASE_URL for web and worker. Safe to repeat.
    """
    grant_rows(db.session.connection(), role)
    db.session.commit()
    click.echo(f"{role} reads and writes rows and nothing else")
