"""The door to the first page: `setup-link` prints its one-time address."""

import click
from flask import current_app
from flask.cli import with_appcontext

from scheduler.cli.exit_codes import answering
from scheduler.clinics import has_practice
from scheduler.kernel.clock import now
from scheduler.kernel.errors import Conflict
from scheduler.kernel.signed_term import SET_UP_LASTS, set_up_key, sign_term


@click.command("setup-link")
@with_appcontext
@answering
def setup_link() -> None:
    """Print the address of the page that makes the practice and its first administrator; it opens
    for 30 minutes, and nothing once there is a practice.
    """
    if has_practice():
        raise Conflict("there is a practice already: sign in, or load a clinic file")
    settings = current_app.config["KINFOLD"]
    token = sign_term(set_up_key(settings.secret_key), until=now() + SET_UP_LASTS)
    click.echo(f"{settings.base_url}/set-up/{token}")
