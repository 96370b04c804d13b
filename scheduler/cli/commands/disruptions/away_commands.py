"""`sessions away`, `closed` and `all-back`: somebody is ill or the house is closed, each session
led by another, moved or cancelled; and put back as one.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import click

from scheduler.cli.acting_as import actor
from scheduler.cli.commands.session_commands import DAY, sessions
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.planning import (
    Choice,
    Disruption,
    Instead,
    Met,
    disruption_met,
    meet_disruption,
    read_choice,
    undo_disruption,
)

CHOOSE = click.option(
    "--choose",
    "chosen",
    multiple=True,
    metavar="SESSION=WHAT",
    help="Instead of what is proposed: lead:CLINICIAN, move:2027-03-09T18:00, cancel or keep.",
)
DRY = click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
SAID = {Instead.CANCEL: "cancelled", Instead.KEEP: "stays as it is"}


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    return CHOOSE(DRY(command))


@sessions.command("away")
@click.argument("clinician")
@click.argument("first", type=DAY)
@click.argument("last", type=DAY)
@_with_options
@answering
def away_command(
    clinician: str, first: datetime, last: datetime, chosen: Sequence[str], dry_run: bool
) -> None:
    """Note that CLINICIAN (key) is away from the day FIRST through the day LAST, and do with each
    of their sessions what disturbs least; the worker tells everybody it concerns.
    """
    disruption = Disruption(first.date(), last.date(), clinician)
    _meet(disruption, chosen, dry_run=dry_run)


@sessions.command("closed")
@click.argument("first", type=DAY)
@click.argument("last", type=DAY)
@click.option("--why", default="", help="For the team alone.")
@_with_options
@answering
def closed_command(
    first: datetime, last: datetime, why: str, chosen: Sequence[str], dry_run: bool
) -> None:
    """Note that the house is closed from the day FIRST through the day LAST, and move or cancel
    each session; the worker tells everybody it concerns.
    """
    disruption = Disruption(first.date(), last.date(), why=why)
    _meet(disruption, chosen, dry_run=dry_run)


@sessions.command("all-back")
@click.argument("name")
@answering
def all_back_command(name: str) -> None:
    """Put back as one what `sessions away` or `sessions closed` did, by the NAME it printed."""
    rows = undo_disruption(
        disruption_met(name),
        by=actor(),
        now=now(),
    )
    db.session.commit()
    many = len(rows)
    click.echo(f"put back: {many} sessions")


def _meet(disruption: Disruption, chosen: Sequence[str], *, dry_run: bool) -> None:
    choices = dict(_read(chosen))
    met = meet_disruption(
        disruption,
        choices,
        by=actor(),
        now=now(),
    )
    lines = list(_lines(met))
    if dry_run:
        db.session.rollback()
        lines.append("nothing was changed")
    else:
        lines.append(f"to put all of it back: sessions all-back {met.row.id}")
        db.session.commit()
    for line in lines:
        click.echo(line)


def _read(chosen: Sequence[str]) -> Iterator[tuple[str, Choice]]:
    for said in chosen:
        key, equals, word = said.rpartition("=")
        if not equals:
            raise InputError(f"--choose {said}: say SESSION=WHAT")
        yield key, read_choice(word)


def _lines(met: Met) -> Iterator[str]:
    """Return what becomes of each session, then what is to be known."""
    for key, choice in sorted(met.chosen.items()):
        yield f"{key}: {_said(choice)}"
    for lost in met.lost:
        yield f"too few hours: {lost.words}"
    for finding in met.news.to_know:
        yield f"to know: {finding.sentence}"


def _said(choice: Choice) -> str:
    if choice.clinician is not None:
        return f"led by {choice.clinician}"
    if choice.to is not None:
        return f"moved to {choice.to:%Y-%m-%d %H:%M}"
    return SAID[choice.instead]
