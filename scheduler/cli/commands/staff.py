"""`staff password`: a password for a member of staff, typed twice or read from standard input."""

import sys

import click
from flask.cli import AppGroup

from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import person_by_key, set_password

staff = AppGroup("staff", help="Members of staff.")


@staff.command("password")
@click.argument("key")
@answering
def password_command(key: str) -> None:
    """Set the password of staff member KEY; it is asked for, or read from standard input. Signs
    them out everywhere.
    """
    person = person_by_key(key)
    db.session.rollback()
    if sys.stdin.isatty():
        said = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        said = sys.stdin.readline().rstrip("\r\n")
    person = person_by_key(key)
    set_password(person, said, by=actor(), now=now())
    db.session.commit()
    click.echo(f"the password of {key} is set")
