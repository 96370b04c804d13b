"""Patients as programs read them: one row each, with who treats them and where they stay."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from scheduler.kernel.database import db
from scheduler.people import Window
from scheduler.people.models import Patient, Person
from scheduler.programs.models import Cohort, Enrolment
from scheduler.sessions.humans.patients_in_reach import Near


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """What stands of a patient."""

    id: str
    key: str
    name: str
    email: str
    phone: str | None
    zone: str | None
    language: str | None
    free: tuple[Window, ...] | None
    state: str | None
    born: date | None
    clinician: str
    """The key of who treats them."""
    cohort: str | None
    """The key of the cohort they stay in now; None: they stay in none."""
    first: date | None
    last: date | None
    waits: int | None


treating = aliased(Person)
EVERYBODY = (
    select(
        Person.id,
        Person.key,
        Person.name,
        Person.email,
        Person.phone,
        Person.zone,
        Person.language,
        Person.free,
        Patient.state,
        Patient.born,
        treating.key.label("clinician"),
        Cohort.key.label("cohort"),
        Enrolment.first,
        Enrolment.last,
        Enrolment.waits,
    )
    .join(Patient, Patient.person_id == Person.id)
    .join(treating, treating.id == Patient.clinician_id)
    .outerjoin(Enrolment, Enrolment.patient_id == Person.id)
    .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
)
ONE = EVERYBODY.where(Person.key == bindparam("key"))
"""Made once, as many calls ask it."""


def patient_record(key: str) -> PatientRecord | None:
    """Return what stands of a patient in this transaction; None without one of that key."""
    db.session.flush()
    row = db.session.connection().execute(ONE, {"key": key}).one_or_none()
    return None if row is None else _record(row)


def patient_records(near: Near, *, after: str | None, limit: int) -> list[PatientRecord]:
    """Return what stands of the first patients by key, after one of them."""
    wanted = EVERYBODY
    if near is not None:
        wanted = wanted.where(Person.id.in_(near))
    if after is not None:
        wanted = wanted.where(Person.key > after)
    rows = db.session.execute(wanted.order_by(Person.key).limit(limit))
    return [_record(row) for row in rows]


def _record(row: Any) -> PatientRecord:
    return PatientRecord(
        id=row.id,
        key=row.key,
        name=row.name,
        email=row.email,
        phone=row.phone,
        zone=row.zone,
        language=row.language,
        free=row.free,
        state=row.state,
        born=row.born,
        clinician=row.clinician,
        cohort=row.cohort,
        first=row.first,
        last=row.last,
        waits=row.waits,
    )
