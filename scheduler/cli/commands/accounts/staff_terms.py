"""`staff lend`, `cover`, `end` and `terms`: roles for a time, and who stands in for whom."""

from collections.abc import Iterable
from datetime import datetime

import click

from scheduler.cli.acting_as import actor
from scheduler.cli.commands.staff import staff
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.people import (
    cover,
    covers_of,
    end_early,
    give_role_for,
    person_by_key,
    staff_members,
    terms_of,
)
from scheduler.people.accounts.models import Cover, RoleTerm
from scheduler.people.models import Person, Role

ROLES = click.Choice([role.value for role in Role])
_DAY = click.DateTime(["%Y-%m-%d"])
FIRST = click.option("--from", "first", required=True, type=_DAY, help="The first day.")
LAST = click.option("--until", "last", required=True, type=_DAY, help="The last day.")


@staff.command("lend")
@click.argument("key")
@click.argument("role", type=ROLES)
@FIRST
@LAST
@answering
def lend_command(key: str, role: str, first: datetime, last: datetime) -> None:
    """Give staff member KEY a ROLE for a time, beside their own; days are the practice's, both
    included.
    """
    give_role_for(
        person_by_key(key),
        Role(role),
        first=first.date(),
        last=last.date(),
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(f"{key} is {role}, too, {_days(first, last)}")


@staff.command("cover")
@click.argument("key")
@click.option("--by", "covering", required=True, help="Who stands in, by key.")
@FIRST
@LAST
@answering
def cover_command(key: str, covering: str, first: datetime, last: datetime) -> None:
    """Let a colleague stand in for staff member KEY: their patients are the colleague's, too; days
    are the practice's, both included.
    """
    cover(
        person_by_key(key),
        person_by_key(covering),
        first=first.date(),
        last=last.date(),
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(f"{covering} stands in for {key} {_days(first, last)}")


@staff.command("terms")
@answering
def terms_command() -> None:
    """Print roles for a time and covers, over or not: their name, whose, what, first and last
    day.
    """
    reading()
    people = staff_members()
    keys = {person.id: person.key for person in people}
    for row in _rows(people):
        if isinstance(row, RoleTerm):
            said = f"{keys[row.person_id]}  role {row.role.value}"
        else:
            said = f"{keys[row.away_id]}  covered by {keys[row.covering_id]}"
        click.echo(f"{row.id}  {said}  {row.first}  {row.last}")


@staff.command("end")
@click.argument("key")
@click.argument("term")
@answering
def end_command(key: str, term: str) -> None:
    """End a role for a time or a cover of staff member KEY at once; TERM is its name, as `staff
    terms` prints it.
    """
    end_early(
        person_by_key(key),
        term,
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(f"ended: {term} of {key}")


def _rows(people: Iterable[Person]) -> list[Cover | RoleTerm]:
    """Return all that anybody has for a time, what begins first before the rest."""
    everybody = list(people)
    rows: list[Cover | RoleTerm] = [*terms_of(everybody), *covers_of(everybody)]
    return sorted(rows, key=lambda row: (row.first, row.last, row.id))


def _days(first: datetime, last: datetime) -> str:
    return f"from {first:%Y-%m-%d} until {last:%Y-%m-%d}"
