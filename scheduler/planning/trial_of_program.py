"""A program of this house made ready to be tried: with its closed days, its staff and who leads."""

from datetime import date

from scheduler.kernel.errors import InputError
from scheduler.people import all_clinicians, practice
from scheduler.planning.problem.problem import Clinician
from scheduler.planning.program_check import Trial
from scheduler.programs import all_closures, cohorts_of, patients_of
from scheduler.programs.models import Program


def trial_of(program: Program) -> Trial:
    """Return a program with the house it runs in; its first cohort says who leads, and those treat
    who treat its patients. Raises InputError when nobody has hours.
    """
    house = practice()
    cohorts = cohorts_of(program)
    leads: dict[str, tuple[str, ...]] = {}
    zone = house.zone
    for cohort in cohorts[:1]:
        leads = dict(cohort.leads)
        zone = cohort.zone or zone
    clinicians = _clinicians(house.zone)
    if not clinicians:
        raise InputError("nobody has hours, so nothing can be planned")
    return Trial(
        program=program.key,
        template=program.template,
        zone=zone,
        state=house.state,
        holidays=house.holidays,
        closures=tuple(all_closures()),
        clinicians=clinicians,
        leads=leads,
        treating=_treating(program, clinicians),
    )


def first_start(program: Program, today: date) -> date:
    """Return the day the next cohort of a program starts, `today` where none is to come."""
    coming = [cohort.starts for cohort in cohorts_of(program) if cohort.starts >= today]
    return min(coming, default=today)


def _clinicians(zone: str) -> tuple[Clinician, ...]:
    found = []
    for person in all_clinicians():
        if person.clinician is None or not person.free:
            continue
        clinician = Clinician(
            person.key,
            person.zone or zone,
            person.free,
            buffer=person.clinician.buffer,
        )
        found.append(clinician)
    return tuple(found)


def _treating(program: Program, clinicians: tuple[Clinician, ...]) -> tuple[str, ...]:
    """Return who treats patients of the program; anybody with hours, where nobody does yet."""
    treating = set()
    for cohort in cohorts_of(program):
        for patient in patients_of(cohort):
            if patient.patient is not None:
                treating.add(patient.patient.treating.key)
    working = [clinician.key for clinician in clinicians]
    chosen = [key for key in working if key in treating]
    return tuple(chosen or working)
