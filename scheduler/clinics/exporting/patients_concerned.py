"""The patients whose data lean on one record of the house, in the shape of a clinic file."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from scheduler.clinics.exporting.program_fields import Fields, given
from scheduler.clinics.exporting.stay_fields import stay_fields
from scheduler.kernel.database import db
from scheduler.people.models import Patient, Person
from scheduler.programs import newest_id
from scheduler.programs.models import Cohort, Enrolment, FurtherStay, Program


def patients_concerned(section: str, key: str) -> list[Fields]:
    """Return who a clinician treats, who was ever in a cohort or in any of a program, or for the
    practice who has no state of their own: with their stays, without their families.
    """
    ids = _ids(section, key)
    if not ids:
        return []
    stays, _ = stay_fields(ids)
    wanted = select(Person).where(Person.id.in_(ids)).order_by(Person.key)
    people = db.session.scalars(wanted).unique()
    return [given(_patient(person) | stays[person.id]) for person in people]


def _patient(person: Person) -> Fields:
    own = person.patient
    if own is None:
        raise ValueError(f"person {person.id} is a patient without a patient's row")
    return given(
        {
            "key": person.key,
            "name": person.name,
            "email": person.email,
            "zone": person.zone,
            "state": own.state,
            "clinician": own.treating.key,
        }
    )


def _ids(section: str, key: str) -> Sequence[str]:
    found: set[str] = set()
    for wanted in _queries(section, key):
        found.update(db.session.scalars(wanted))
    return sorted(found)


def _queries(section: str, key: str) -> list[Select[Any]]:
    if section == "clinicians":
        treating = select(Person.id).where(Person.key == key)
        return [select(Patient.person_id).where(Patient.clinician_id.in_(treating))]
    if section == "practice":
        return [select(Patient.person_id).where(Patient.state.is_(None))]
    cohorts = select(Cohort.id).where(Cohort.key == key)
    if section == "programs":
        programs = select(Program.id).where(Program.key == key)
        versions = select(Program.id).where(newest_id.in_(programs))
        cohorts = select(Cohort.id).where(Cohort.program_id.in_(versions))
    return [
        select(Enrolment.patient_id).where(Enrolment.cohort_id.in_(cohorts)),
        select(FurtherStay.patient_id).where(FurtherStay.cohort_id.in_(cohorts)),
    ]
