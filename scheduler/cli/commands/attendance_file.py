"""The doors for attendance as a table: `attendance import FILE` and `attendance export COHORT`."""

from typing import BinaryIO

import click
from flask.cli import AppGroup

from scheduler.attendance import attendance_rows, read_rows, take_in, written_rows
from scheduler.cli.acting_as import actor, may_do_to_all
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.people import Deed
from scheduler.planning import cohort_by_key

attendance = AppGroup("attendance", help="Who came to the sessions.")


@attendance.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would follow and change nothing.")
@answering
def import_command(file: BinaryIO, dry_run: bool) -> None:
    """Take in who came: a table of session,person,state,minutes,note in UTF-8, header first.

    All lines or none; a later table corrects an earlier one, and both words are kept.
    """
    rows = read_rows(file.read())
    may_note = may_do_to_all(Deed.WRITE_NOTES)
    new = take_in(rows, by=actor(), now=now(), may_note=may_note)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    would = "would be new" if dry_run else "new"
    click.echo(f"{len(rows)} lines read, {new} {would}")


@attendance.command("export")
@click.argument("cohort")
@answering
def export_command(cohort: str) -> None:
    """Print who came to the sessions of COHORT, as a table that `attendance import` reads."""
    reading()
    key = cohort_by_key(cohort).key
    rows = attendance_rows(key, with_notes=may_do_to_all(Deed.READ_NOTES))
    click.echo(written_rows(rows), nl=False)
