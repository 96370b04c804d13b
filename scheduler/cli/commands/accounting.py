"""The door for the signed accounting: `accounting export KEY`."""

from datetime import datetime

import click
from flask.cli import AppGroup

from scheduler import feeds
from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.disclosures import ReadAddress, begin_of_accounting, sign_accounting
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import patient_by_key, practice, relatives_of
from scheduler.people.models import Person

accounting = AppGroup("accounting", help="Who was told what of a patient.")


@accounting.command("export")
@click.argument("key")
@answering
def export_command(key: str) -> None:
    """Print who was told what of the patient KEY in three years, signed; docs/verify_accounting.py
    checks it.
    """
    patient = patient_by_key(key)
    moment = now()
    since = begin_of_accounting(moment, practice().zone)
    signed = sign_accounting(
        patient,
        since=since,
        addresses=_read_addresses(patient, since),
        by=actor(),
        now=moment,
    )
    db.session.commit()
    click.echo(signed.octets, nl=False)
    click.echo(f"signed by {signed.key}", err=True)


def _read_addresses(patient: Person, since: datetime) -> list[ReadAddress]:
    """Return the calendar addresses of a patient's relatives that were asked for since then."""
    family = [relative.id for relative in relatives_of(patient)]
    found = []
    for row in feeds.fetched_since(family, since):
        if row.seen_at is not None:
            found.append(ReadAddress(row.person_id, row.made_at, row.ended_at, row.seen_at))
    return found
