"""The door for clinic files: `clinic load FILE [--dry-run]`, `clinic export`, `clinic schema`."""

import json
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

import click
from flask.cli import AppGroup

from scheduler import audit
from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.cli.reports.letters_report import letter_lines, write_letters
from scheduler.clinics import (
    MAX_BYTES,
    Changes,
    ClinicFile,
    Take,
    clinic_schema,
    dump,
    export,
    fixed_addresses,
    load,
    read,
)
from scheduler.consents import DRAIN, drained, handed_over
from scheduler.invitations import outward_findings
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.kernel.errors import InputError, InvalidFile, Problem
from scheduler.programs import kept_versions
from scheduler.provenance import mark_exported, words_to_export

clinic = AppGroup("clinic", help="Load and export the clinic.")


@clinic.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--take",
    default=Take.DESK.value,
    show_default=True,
    type=click.Choice([take.value for take in Take]),
    help="Whose word counts where they disagree about what was said since the last export.",
)
@answering
def load_command(file: Path, dry_run: bool, take: str) -> None:
    """Load or refresh a clinic FILE; all or nothing. A consent, a withdrawal and a do-not-contact
    that were recorded outside a file are never taken back.
    """
    said = read(bytes_of(file), kept_versions())
    moment = now()
    if dry_run:
        _look(said, moment, Take(take))
    else:
        _load(said, moment, Take(take))
    for warning in fixed_addresses(said):
        click.echo(warning, err=True)


def _look(said: ClinicFile, moment: datetime, take: Take) -> None:
    """Say what a file would change and which letters it would let leave, and change nothing."""
    due_anyhow = write_letters(moment)
    changes = load(said, by=actor(), now=moment, take=take)
    _refuse_telling_names()
    write_letters(moment)
    letters = letter_lines(moment, but=due_anyhow)
    db.session.rollback()
    _tell(changes, True)
    for line in letters:
        click.echo(line)


def _load(said: ClinicFile, moment: datetime, take: Take) -> None:
    """Load a file, and answer when nothing of what it withdrew can leave any more."""
    changes = load(said, by=actor(), now=moment, take=take)
    _refuse_telling_names()
    db.session.commit()
    _wait_for_what_is_leaving(changes.revoked)
    _tell(changes, False)
    for letter in handed_over(changes.revoked, moment) if changes.revoked else ():
        click.echo(f"handed over before its consent was withdrawn: letter {letter.letter_id}")


@clinic.command("export")
@answering
def export_command() -> None:
    """Print the whole clinic as a clinic file."""
    reading()
    stamps = words_to_export()  # first: what is said while this reads is newer than the file
    written = dump(export())
    db.session.rollback()
    mark_exported(stamps, now=now())
    audit.append(
        "clinic.exported",
        "clinic",
        {"bytes": len(written.encode())},
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(written, nl=False)


@clinic.command("schema")
@answering
def schema_command() -> None:
    """Print the clinic file as JSON Schema 2020-12; `clinic load` refuses what it refuses."""
    click.echo(json.dumps(clinic_schema(), indent=2))


def _refuse_telling_names() -> None:
    """Refuse names that the outside would read and that give the practice away; BASE_URL is no part
    of the file.
    """
    places = {"outward_name": "practice.outward_name", "outward_email": "practice.outward_email"}
    found = [finding for finding in outward_findings() if finding.place != "BASE_URL"]
    if found:
        said = "gives away what this is"
        raise InvalidFile(
            [
                Problem(
                    places.get(finding.place, "programs.outward_title"), f"“{finding.word}” {said}"
                )
                for finding in found
            ]
        )


def _wait_for_what_is_leaving(grants: list[str]) -> None:
    """Answer only when nothing under a withdrawn consent is being handed over any more, or nobody
    can know.
    """
    until = monotonic() + DRAIN
    while grants and monotonic() < until:
        reading()
        if drained(grants):
            break
        db.session.rollback()
        sleep(0.2)
    db.session.rollback()


def bytes_of(file: Path) -> bytes:
    """Return what a clinic file holds. Raises InputError when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


def _tell(changes: Changes, dry_run: bool) -> None:
    for line in changes.lines():
        click.echo(line)
    many = len(changes)
    tense = "would change" if dry_run else "changed"
    click.echo(
        f"{many} {'record' if many == 1 else 'records'} {tense}" if many else "nothing changed"
    )
