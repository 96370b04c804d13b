"""The door for trying programs: `program check FILE [--years N] [--families N] [--seed N]`."""

import sys
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from scheduler.cli.commands.clinic_file import bytes_of
from scheduler.cli.exit_codes import HOLDS_NOT, answering
from scheduler.cli.plan_by_worker import say_what_lacks
from scheduler.cli.reports.check_report import check_lines
from scheduler.clinics import ClinicFile, Cohort, Program, read
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.planning import Clinician, Trial, check_program

program = AppGroup("program", help="Try the programs of a clinic file.")


@program.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--years",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Years of Mondays to start on.",
)
@click.option(
    "--families",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="Families to make up.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed, the same families.",
)
@answering
def check_command(file: Path, years: int, families: int, seed: int) -> None:
    """Say in how many cohort starts each program of a clinic FILE keeps its hours, days and gaps
    beside holidays and closures, with the worst week and why. Exits 3 when one does not always.
    """
    said = read(bytes_of(file))
    is_kept = True
    say_what_lacks()
    for each in said.programs:
        verdict = check_program(
            _trial(said, each),
            first=_first_start(said, each),
            years=years,
            families=families,
            seed=seed,
            progress=_progress if sys.stderr.isatty() else None,
        )
        for line in check_lines(verdict, families):
            click.echo(line)
        is_kept = is_kept and verdict.is_kept
    if not is_kept:
        raise SystemExit(HOLDS_NOT)


def _progress(monday: date) -> None:
    click.echo(f"\rtrying {monday.isoformat()}", nl=False, err=True)


def _cohorts(said: ClinicFile, program_: Program) -> list[Cohort]:
    found = [cohort for cohort in said.cohorts if cohort.program == program_.key]
    return sorted(found, key=lambda cohort: cohort.starts)


def _first_start(said: ClinicFile, program_: Program) -> date:
    """Return the day its first cohort starts, today where it has none."""
    for cohort in _cohorts(said, program_):
        return cohort.starts
    return now().date()


def _trial(said: ClinicFile, program_: Program) -> Trial:
    """Return a program with the house it would run in; its first cohort says who leads."""
    house = said.practice
    leads: dict[str, tuple[str, ...]] = {}
    zone = house.zone
    for cohort in _cohorts(said, program_)[:1]:
        leads = dict(cohort.leads)
        zone = cohort.zone or zone
    return Trial(
        program=program_.key,
        template=program_.template,
        zone=zone,
        state=house.state,
        holidays="closed" if house.closed_on_holidays else "open",
        closures=house.closures,
        clinicians=_clinicians(said),
        leads=leads,
        treating=_treating(said, program_),
    )


def _clinicians(said: ClinicFile) -> tuple[Clinician, ...]:
    found = []
    for person in said.clinicians:
        clinician = Clinician(
            person.key,
            said.practice.zone,
            person.hours,
            buffer=person.buffer,
        )
        found.append(clinician)
    return tuple(found)


def _treating(said: ClinicFile, program_: Program) -> tuple[str, ...]:
    """Return who treats patients of the program; anybody with hours, where nobody does yet.

    Raises InputError when nobody has hours.
    """
    working = []
    for person in said.clinicians:
        if person.hours:
            working.append(person.key)
    if not working:
        raise InputError("clinicians: nobody has hours, so nothing can be planned")
    cohorts = {cohort.key for cohort in _cohorts(said, program_)}
    treating = set()
    for patient in said.patients:
        if patient.cohort in cohorts:
            treating.add(patient.clinician)
    chosen = [key for key in working if key in treating]
    return tuple(chosen or working)
