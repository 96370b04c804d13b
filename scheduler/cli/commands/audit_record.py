"""The door for the record: `audit verify` reads it whole, `audit anchor` writes its head down
outside the database.
"""

import click
from flask.cli import AppGroup

from scheduler.audit import anchor, examine
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.kernel.errors import KinfoldError

audit = AppGroup("audit", help="The record of who did what.")


@audit.command("verify")
@answering
def verify_command() -> None:
    """Check that no entry was changed, taken out, put in or moved, and that the end was not cut
    off; exit 1 if so.
    """
    reading()
    found = examine()
    if found.faults:
        raise KinfoldError("\n".join(found.faults))
    unanchored = "not anchored: a cut end would not show until `audit anchor` has run"
    reach = f"anchored through entry {found.anchored}" if found.anchored else unanchored
    click.echo(f"{found.entries} entries, whole; {reach}")


@audit.command("anchor")
@answering
def anchor_command() -> None:
    """Write the newest entry's number and link to the anchor now, and print them for keeping
    elsewhere.
    """
    line = anchor(by="command", now=now(), at_once=True)
    db.session.commit()
    click.echo(f"entry {line.number} {line.chain}" if line else "nothing new since the last line")
