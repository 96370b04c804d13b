"""`feed url`: a person's secret calendar address, made and shown once."""

import click
from flask import current_app
from flask.cli import AppGroup

from scheduler import feeds
from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import person_by_key

feed = AppGroup("feed", help="Calendar addresses.")


@feed.command("url")
@click.argument("person")
@click.option("--rotate", is_flag=True, help="Make a new address; the old one ends.")
@answering
def url_command(person: str, rotate: bool) -> None:
    """Make PERSON's feed address and print it; it cannot be shown a second time.

    A relative's shows all they may see now, until they choose on their page between invitations,
    this address and both.
    """
    who = person_by_key(person)
    if feeds.standing_feed(who) is not None and not rotate:
        raise InputError(
            f"{person} has a feed address; it cannot be shown again, --rotate makes a new one"
        )
    token = feeds.make(who, by=actor(), now=now())
    db.session.commit()
    click.echo(f"{current_app.config['KINFOLD'].base_url}/feeds/{token}.ics")
