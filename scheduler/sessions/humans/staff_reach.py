"""How far a patient, a session or a cohort is from a member of staff: their own, of a cohort of
theirs, or others'.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, select, union

from scheduler.kernel.database import db
from scheduler.people import Reach, stands_for
from scheduler.people.models import Patient, Person
from scheduler.programs.models import Cohort, Enrolment, FurtherStay
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status


def patient_reach(staff: Person, patient_id: str, *, day: date) -> Reach:
    """Return how far a patient is from a member of staff on a day."""
    theirs = stands_for(staff, day=day)
    if _is_treated(patient_id, theirs) or _is_led(patient_id, theirs):
        return Reach.OWN
    cohorts = set(db.session.scalars(_stays(Enrolment, patient_id)))
    cohorts.update(db.session.scalars(_stays(FurtherStay, patient_id)))
    shared = cohorts & cohorts_in_reach(staff, day=day)
    return Reach.COHORT if shared else Reach.OTHER


def session_reach(staff: Person, key: str, *, day: date) -> Reach:
    """Return how far a session (its key) is; one that is not there is others'."""
    row = db.session.scalars(select(Session).where(Session.key == key)).unique().one_or_none()
    if row is None:
        return Reach.OTHER
    theirs = stands_for(staff, day=day)
    leads = select(SessionLead.person_id).where(SessionLead.session_id == row.id)
    if theirs & set(db.session.scalars(leads)):
        return Reach.OWN
    own = (
        select(SessionPatient.person_id)
        .join(Patient, Patient.person_id == SessionPatient.person_id)
        .where(SessionPatient.session_id == row.id, Patient.clinician_id.in_(theirs))
    )
    alone = select(SessionPatient.person_id).where(SessionPatient.session_id == row.id)
    seated = list(db.session.scalars(alone))
    if seated and len(seated) == len(list(db.session.scalars(own))):
        return Reach.OWN
    shared = row.cohort_id in cohorts_in_reach(staff, day=day)
    return Reach.COHORT if shared else Reach.OTHER


def own_sessions(staff: Person, rows: Iterable[Session], *, day: date) -> frozenset[str]:
    """Return the ids of those among sessions that are somebody's own, as `session_reach` judges,
    with one question for all.
    """
    sessions = list(rows)
    theirs = stands_for(staff, day=day)
    seated = {patient.id for session in sessions for patient in session.patients}
    treated_by_them = select(Patient.person_id).where(
        Patient.person_id.in_(seated),
        Patient.clinician_id.in_(theirs),
    )
    treated = set(db.session.scalars(treated_by_them))
    own = set()
    for session in sessions:
        patients = {patient.id for patient in session.patients}
        is_led = any(lead.id in theirs for lead in session.leads)
        if is_led or (patients and patients <= treated):
            own.add(session.id)
    return frozenset(own)


def cohort_reach(staff: Person, key: str, *, day: date) -> Reach:
    """Return how far a cohort (its key) is; one that is not there is others'."""
    cohort_id = db.session.scalar(select(Cohort.id).where(Cohort.key == key))
    shared = cohort_id in cohorts_in_reach(staff, day=day)
    return Reach.COHORT if shared else Reach.OTHER


def cohorts_in_reach(staff: Person, *, day: date) -> frozenset[str]:
    """Return the ids of the cohorts in which somebody leads a session or treats a patient."""
    theirs = stands_for(staff, day=day)
    led = (
        select(Session.cohort_id)
        .join(SessionLead, SessionLead.session_id == Session.id)
        .where(SessionLead.person_id.in_(theirs), Session.status != Status.CANCELLED)
    )
    treated = _cohorts_treated(Enrolment, theirs)
    further = _cohorts_treated(FurtherStay, theirs)
    return frozenset(db.session.scalars(union(led, treated, further)))


def leads_ahead(person: Person, *, after: date) -> list[Session]:
    """Return the sessions that somebody leads and that are still to come, in order of time."""
    wanted = (
        select(Session)
        .join(SessionLead, SessionLead.session_id == Session.id)
        .where(
            SessionLead.person_id == person.id,
            Session.status == Status.SCHEDULED,
            Session.starts_local >= after.isoformat(),
        )
        .order_by(Session.starts_at, Session.key)
    )
    return list(db.session.scalars(wanted).unique())


def _is_treated(patient_id: str, theirs: Collection[str]) -> bool:
    wanted = select(Patient.person_id).where(
        Patient.person_id == patient_id,
        Patient.clinician_id.in_(theirs),
    )
    return db.session.scalars(wanted).first() is not None


def _is_led(patient_id: str, theirs: Collection[str]) -> bool:
    wanted = (
        select(SessionLead.session_id)
        .join(SessionPatient, SessionPatient.session_id == SessionLead.session_id)
        .join(Session, Session.id == SessionLead.session_id)
        .where(
            SessionPatient.person_id == patient_id,
            SessionLead.person_id.in_(theirs),
            Session.status != Status.CANCELLED,
        )
    )
    return db.session.scalars(wanted.limit(1)).first() is not None


def _stays(kind: type[Enrolment] | type[FurtherStay], patient_id: str) -> Select[Any]:
    return select(kind.cohort_id).where(kind.patient_id == patient_id)


def _cohorts_treated(
    kind: type[Enrolment] | type[FurtherStay], theirs: Collection[str]
) -> Select[Any]:
    return (
        select(kind.cohort_id)
        .join(Patient, Patient.person_id == kind.patient_id)
        .where(Patient.clinician_id.in_(theirs))
    )
