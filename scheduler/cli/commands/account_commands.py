"""`staff invite`, `list`, `deactivate`, `sign-out`, `reset-second-factor`, `roles`: accounts of
staff.
"""

import getpass
import os

import click
from flask import current_app

from scheduler.cli.acting_as import actor
from scheduler.cli.commands.staff import staff
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.people import (
    Reported,
    change_roles,
    deactivate,
    end_everybody,
    has_second_factor,
    invite,
    person_by_key,
    practice,
    report_factor_lost,
    sign_out_everywhere,
    staff_members,
)
from scheduler.people.models import Role
from scheduler.sessions import leads_ahead

_WORDS = ", ".join(Role)
_ANEW = "{key} sets up a new second factor at the next sign-in"
_REPORTED = {
    Reported.NOTHING: "{key} has no second factor: nothing was to be taken away",
    Reported.ASKED: f"reported: an administrator confirms at the desk within a day, then {_ANEW}",
    Reported.TAKEN: f"taken away at once, as no other administrator could confirm it: {_ANEW}",
}


def _roles(_context: click.Context, _option: click.Parameter, text: str) -> list[Role]:
    try:
        return [Role(word.strip()) for word in text.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"want some of {_WORDS}") from error


@staff.command("invite")
@click.argument("email")
@click.option(
    "--role",
    "roles",
    required=True,
    callback=_roles,
    help=f"What they may do, with commas between: {_WORDS}.",
)
@answering
def invite_command(email: str, roles: list[Role]) -> None:
    """Make an account for EMAIL and print its one-time link, to be handed over; it opens for seven
    days.
    """
    person, secret = invite(email, roles, by=actor(), now=now())
    db.session.commit()
    base = current_app.config["KINFOLD"].base_url
    click.echo(f"{person.key}  {', '.join(roles)}")
    click.echo(f"{base}/password/{secret}")


@staff.command("list")
@answering
def list_command() -> None:
    """Print the accounts of staff: key, roles, second factor, whether open, address."""
    reading()
    for person in staff_members():
        account = person.clinician
        roles = ",".join(account.roles) if account else ""
        state = "open" if account and account.ended_at is None else "shut"
        factor = "second-factor" if has_second_factor(person) else "no-second-factor"
        click.echo(f"{person.key}  {roles}  {factor}  {state}  {person.email}")


@staff.command("roles")
@click.argument("key")
@click.argument("roles", callback=_roles)
@answering
def roles_command(key: str, roles: list[Role]) -> None:
    """Give staff member KEY these ROLES, with commas between; one administrator always stays."""
    change_roles(
        person_by_key(key),
        roles,
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(f"{key}  {', '.join(roles)}")


@staff.command("deactivate")
@click.argument("key")
@answering
def deactivate_command(key: str) -> None:
    """Shut the account of staff member KEY from the next request on, and name the sessions they
    still lead.
    """
    person = person_by_key(key)
    deactivate(person, by=actor(), now=now())
    db.session.commit()
    ahead = leads_ahead(person, after=practice().day_at(now()))
    click.echo(f"the account of {key} is shut; {len(ahead)} sessions to come are still theirs")
    for session in ahead:
        click.echo(f"{session.key}  {session.starts_local}  {session.title}")


@staff.command("sign-out")
@click.argument("key", required=False)
@click.option("--everybody", is_flag=True, help="Patients and relatives, too.")
@answering
def sign_out_command(key: str | None, *, everybody: bool) -> None:
    """Sign KEY out in every browser, staff, patient or relative alike; or everybody at once."""
    if everybody == (key is not None):
        raise click.UsageError("name one KEY, or say --everybody")
    if key is None:
        many = end_everybody(by=actor(), now=now())
        said = f"{many} sign-ins have ended"
    else:
        sign_out_everywhere(
            person_by_key(key),
            by=actor(),
            now=now(),
        )
        said = f"{key} is signed out everywhere"
    db.session.commit()
    click.echo(said)


@staff.command("reset-second-factor")
@click.argument("key")
@answering
def reset_command(key: str) -> None:
    """Report that staff member KEY lost their second factor; an administrator confirms it at the
    desk within a day. Where no other administrator could, it is taken away at once, their passkeys
    too, and they are signed out everywhere.
    """
    done = report_factor_lost(person_by_key(key), operator=_operator(), now=now())
    db.session.commit()
    click.echo(_REPORTED[done].format(key=key))


def _operator() -> str:
    """Return the machine's name for whoever runs this; its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
