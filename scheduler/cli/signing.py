"""`consent licence`, `authority`, `finding`, `rules`: who may sign for a patient, with dates and evidence."""

from datetime import datetime

import click
from sqlalchemy import select

from scheduler import consents
from scheduler.cli.answers import answering
from scheduler.cli.consent import consent
from scheduler.consents.models import Authority, Circumstance, Licence, Signer
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people import person_by_key
from scheduler.programs.models import Program

_DAY = click.DateTime(["%Y-%m-%d"])
_DATES = (
    click.option("--first", required=True, type=_DAY, help="The first day it counts."),
    click.option("--last", type=_DAY, help="The last day; left out: until it is ended."),
    click.option("--evidence", required=True, help="The paper it stands on, so that it can be found again."),
)


@consent.command("licence")
@click.argument("program")
@click.argument("licence", type=click.Choice([each.value for each in Licence]))
@answering
def licence_command(program: str, licence: str) -> None:
    """Say under what PROGRAM works, which decides who signs for a minor."""
    row = db.session.scalar(select(Program).where(Program.key == program))
    if row is None:
        raise NotFound(f"there is no program with the key {program}")
    consents.set_licence(row, Licence(licence), by="command", now=now())
    db.session.commit()
    click.echo(f"{program}: {licence}")


@consent.command("rules")
@answering
def rules_command() -> None:
    """Show who may sign, by licence, age and circumstance."""
    for licence in Licence:
        for one in consents.rules_for(licence):
            ages = f"{one.youngest}+" if one.oldest is None else f"{one.youngest}-{one.oldest - 1}"
            found = one.circumstance or "-"
            click.echo(f"{licence:<14} {ages:<6} {found:<17} {' or '.join(sorted(one.signers))}")


@consent.command("authority")
@click.argument("patient")
@click.option("--name", required=True)
@click.option("--capacity", required=True, type=click.Choice([Signer.GUARDIAN.value, Signer.PROXY.value]))
@_DATES[0]
@_DATES[1]
@_DATES[2]
@answering
def authority_command(
    patient: str, name: str, capacity: str, first: datetime, last: datetime | None, evidence: str
) -> None:
    """Record that somebody may sign for PATIENT; a proxy from the day it was invoked. Prints its id."""
    row = consents.record_authority(
        patient=person_by_key(patient), name=name, capacity=Signer(capacity), first=first.date(),
        last=last.date() if last else None, evidence=evidence, by="command", now=now(),
    )  # fmt: skip
    db.session.commit()
    click.echo(row.id)


@consent.command("end-authority")
@click.argument("authority")
@answering
def end_authority_command(authority: str) -> None:
    """End an authority for good, and every consent that rests on it."""
    row = db.session.get(Authority, authority)
    if row is None:
        raise NotFound("there is no such authority")
    ended = consents.end_authority(row, by="command", now=now())
    announce(by="command", now=now())
    db.session.commit()
    click.echo(f"{ended} grants ended")


@consent.command("finding")
@click.argument("patient")
@click.argument("circumstance", type=click.Choice([each.value for each in Circumstance]))
@_DATES[0]
@_DATES[1]
@_DATES[2]
@answering
def finding_command(patient: str, circumstance: str, first: datetime, last: datetime | None, evidence: str) -> None:
    """Record what changes who may sign for PATIENT."""
    consents.record_finding(
        patient=person_by_key(patient), circumstance=Circumstance(circumstance), first=first.date(),
        last=last.date() if last else None, evidence=evidence, by="command", now=now(),
    )  # fmt: skip
    db.session.commit()
    click.echo(f"{patient}: {circumstance} from {first:%Y-%m-%d}")
