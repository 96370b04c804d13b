"""Rows become patients: who has a seat in a cohort and when, with what each alone is due."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.participation import Part, adjusted_appointments, plans_of
from scheduler.people.models import Person, Practice
from scheduler.planning.problem.problem import Days, Patient
from scheduler.planning.proposals.load_families import load_families
from scheduler.programs import last_day, stays_in
from scheduler.programs.models import Cohort, Enrolment


def load_patients(cohort: Cohort, here: Practice, seated: set[str]) -> tuple[Patient, ...]:
    """Return the patients of a cohort, by key, without those who wait for a place.

    Who sits in a published session (`seated`, keys) and has no stay here any more is among them
    with no day of their own: the rules say so of each session.
    """
    days = _days(cohort)
    people = _people(days.keys(), seated)
    ids = [person.id for person in people]
    families = load_families(ids, here.zone)
    own = _own(days.keys())
    agreed = plans_of(ids)
    before = cohort.starts - timedelta(days=1)
    nowhere = [(cohort.starts, before)]
    found = []
    for person in people:
        patient = _patient(
            person,
            here,
            days.get(person.id, nowhere),
        )
        family = families[person.id]
        patient = replace(
            patient,
            relatives=tuple(family),
        )
        row = own.get(person.id)
        if row is not None:
            patient = _with_own(patient, row)
        patient = _as_agreed(patient, agreed.get(person.id, ()), cohort)
        found.append(patient)
    return tuple(found)


def _days(cohort: Cohort) -> dict[str, list[Days]]:
    """Return the days of the stays in a cohort, by the patient's id."""
    weeks = cohort.program.template.weeks
    end = last_day(cohort.starts, weeks)
    days: dict[str, list[Days]] = {}
    for stay in stays_in([cohort.id]):
        if stay.waits is not None:
            continue
        last = stay.last or end
        known = days.setdefault(
            stay.patient_id,
            [],
        )
        known.append((stay.first, last))
    return days


def _people(ids: Iterable[str], seated: set[str]) -> list[Person]:
    enrolled = Person.id.in_(ids)
    present = Person.key.in_(seated)
    wanted = select(Person).where(enrolled | present)
    ordered = wanted.order_by(Person.key)
    people = db.session.scalars(ordered)
    return list(people.unique())


def _own(ids: Iterable[str]) -> dict[str, Enrolment]:
    found = {}
    wanted = select(Enrolment).where(Enrolment.patient_id.in_(ids))
    for row in db.session.scalars(wanted):
        found[row.patient_id] = row
    return found


def _patient(person: Person, here: Practice, days: list[Days]) -> Patient:
    row = person.patient
    assert row is not None
    days = sorted(days)
    first, _ = days[0]
    _, last = days[-1]
    return Patient(
        key=person.key,
        first=first,
        last=last,
        state=row.state or here.state,
        zone=person.zone or here.zone,
        clinician=row.treating.key,
        free=person.free,
        born=row.born,
        gaps=tuple(_gaps(days)),
    )


def _gaps(days: list[Days]) -> Iterable[Days]:
    """Return the days between stays that follow each other."""
    day = timedelta(days=1)
    ended: date | None = None
    for first, last in days:
        if ended is not None and first > ended + day:
            yield ended + day, first - day
        ended = last


def _with_own(patient: Patient, row: Enrolment) -> Patient:
    return replace(
        patient,
        appointments=row.appointments or (),
        without=row.without or (),
        authorisations=row.authorisations or (),
    )


def _as_agreed(patient: Patient, parts: Collection[Part], cohort: Cohort) -> Patient:
    """Return a patient with the program's family appointments as the family agreed to them; what
    is the patient's own was agreed on by itself.
    """
    due = []
    for appointment in cohort.program.template.appointments:
        if appointment.key not in patient.without:
            due.append(appointment)
    gone, instead = adjusted_appointments(due, parts, cohort.starts)
    if not gone:
        return patient
    return replace(
        patient,
        without=(*patient.without, *gone),
        appointments=(*patient.appointments, *instead),
    )
