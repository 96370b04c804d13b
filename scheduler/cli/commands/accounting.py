"""The door for the signed accounting: `accounting export KEY`."""

import click
from flask.cli import AppGroup

from scheduler.cli.exit_codes import answering
from scheduler.disclosures import begin_of_accounting, sign_accounting
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import patient_by_key, practice

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
    signed = sign_accounting(patient, since=since, by="command", now=moment)
    db.session.commit()
    click.echo(signed.octets, nl=False)
    click.echo(f"signed by {signed.key}", err=True)
