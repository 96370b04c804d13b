"""The door for the record: `audit verify` reads it whole, `audit export` prints it, `audit anchor`
writes its head down outside the database.
"""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from scheduler.audit import anchor, entries, examine
from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.cli.near_days import near_day
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.untrusted.day_bounds import A_LIFE
from scheduler.people import practice

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


@audit.command("export")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on, practice time.")
@answering
def export_command(since: datetime | None) -> None:
    """Print the record, one JSON object a line, oldest first."""
    reading()
    begin = None
    if since is not None:
        near_day("--since", since, now=now(), years_back=A_LIFE)
        begin = since.replace(tzinfo=ZoneInfo(practice().zone))
    for entry in entries(since=begin):
        fields = {
            "number": entry.number,
            "at": entry.at.isoformat(),
            "by": entry.by,
            "deed": entry.deed,
            "about": entry.about,
            "details": entry.details,
            "chain": entry.chain,
        }
        click.echo(json.dumps(fields, ensure_ascii=False, sort_keys=True))


@audit.command("anchor")
@answering
def anchor_command() -> None:
    """Write the newest entry's number and link to the anchor now, and print them for keeping
    elsewhere.
    """
    line = anchor(by=actor(), now=now(), at_once=True)
    db.session.commit()
    click.echo(f"entry {line.number} {line.chain}" if line else "nothing new since the last line")
