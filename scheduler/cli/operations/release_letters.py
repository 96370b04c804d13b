"""The door for a held outbox: `letters release`."""

import click
from flask.cli import AppGroup

from scheduler import audit, outbox
from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db

letters = AppGroup("letters", help="Letters on their way.")


@letters.command("release")
@click.option(
    "--none",
    "nothing",
    is_flag=True,
    help="Send none of the letters that wait now; they are set aside.",
)
@answering
def release_command(nothing: bool) -> None:
    """Let letters leave again after a restore."""
    if outbox.suspended() is None:
        click.echo("nothing is held")
        return
    moment = now()
    many = outbox.resume(send=not nothing, by=actor(), now=moment)
    audit.append(
        "release",
        about="outbox",
        details={"sent": not nothing, "waiting": many},
        by=actor(),
        now=moment,
    )
    db.session.commit()
    click.echo(f"{many} letters {'set aside' if nothing else 'go out'}; new ones leave as usual")
