"""Patients and relatives page by page, everybody's or those near to a member of staff: whom they
treat, cover, or lead in a session.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import joinedload

from scheduler.kernel.database import db
from scheduler.people import stands_for
from scheduler.people.models import Patient, Person, Relative
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status

Near = Select[Any] | None
"""A question for the ids of those patients alone; None: everybody."""


def patients_near(staff: Person, *, day: date) -> Select[Any]:
    """Return the question for the ids of the patients that are somebody's own on a day, as
    `patient_reach` judges.
    """
    theirs = stands_for(staff, day=day)
    treated = select(Patient.person_id).where(Patient.clinician_id.in_(theirs))
    led = (
        select(SessionPatient.person_id)
        .join(SessionLead, SessionLead.session_id == SessionPatient.session_id)
        .join(Session, Session.id == SessionLead.session_id)
        .where(SessionLead.person_id.in_(theirs), Session.status != Status.CANCELLED)
    )
    near = union(treated, led).subquery()
    return select(near.c.person_id)


def patients_page(
    near: Near, *, keys: Collection[str] | None = None, after: str | None, limit: int
) -> list[Person]:
    """Return the first patients by key, after one of them; those of some keys alone."""
    treating = joinedload(Person.patient).joinedload(Patient.treating)
    wanted = select(Person).join(Patient, Patient.person_id == Person.id).options(treating)
    if near is not None:
        wanted = wanted.where(Person.id.in_(near))
    if keys is not None:
        wanted = wanted.where(Person.key.in_(keys))
    return _page(wanted, after, limit)


def relatives_page(
    near: Near,
    *,
    patient: str | None = None,
    keys: Collection[str] | None = None,
    after: str | None,
    limit: int,
) -> list[Person]:
    """Return the first relatives by key, after one of them; those of one patient (id) alone."""
    whose = joinedload(Person.relative).joinedload(Relative.patient)
    wanted = select(Person).join(Relative, Relative.person_id == Person.id).options(whose)
    if near is not None:
        wanted = wanted.where(Relative.patient_id.in_(near))
    if patient is not None:
        wanted = wanted.where(Relative.patient_id == patient)
    if keys is not None:
        wanted = wanted.where(Person.key.in_(keys))
    return _page(wanted, after, limit)


def _page(wanted: Select[Any], after: str | None, limit: int) -> list[Person]:
    if after is not None:
        wanted = wanted.where(Person.key > after)
    return list(db.session.scalars(wanted.order_by(Person.key).limit(limit)).unique())
