"""Patients who sit in what is published, though their stay is in another cohort by now."""

from datetime import timedelta

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.planning.problem.problem import Patient, Problem


def left_patients(problem: Problem) -> tuple[Patient, ...]:
    """Return those who sit in a published session and are not of the cohort any more, with a stay
    of no day: rules judge them like everybody, and nothing is due to them.
    """
    known = problem.patient_by_key
    missing: set[str] = set()
    for session in problem.published:
        missing.update(key for key in session.patients if key not in known)
    if not missing:
        return ()
    here = practice()
    rows = select(Person).where(Person.key.in_(missing)).order_by(Person.key)
    found = []
    for person in db.session.scalars(rows).unique():
        row = person.patient
        assert row is not None
        patient = Patient(
            key=person.key,
            first=problem.starts,
            last=problem.starts - timedelta(days=1),
            state=row.state or here.state,
            zone=person.zone or here.zone,
            clinician=row.treating.key,
            free=person.free,
            born=row.born,
        )
        found.append(patient)
    return tuple(found)
