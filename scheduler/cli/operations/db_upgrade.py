"""The door for the schema: `db upgrade`."""

import click
from flask.cli import AppGroup

from scheduler.cli.exit_codes import answering
from scheduler.kernel.database import db
from scheduler.kernel.schema.migrate import upgrade

database = AppGroup("db", help="The database's schema.")


@database.command("upgrade")
@answering
def upgrade_command() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    before, after = upgrade(db.engine)
    click.echo(f"schema {after}" if before != after else f"schema {after}, nothing to do")
