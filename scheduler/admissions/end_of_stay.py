"""Discharging a patient: the stay ends on a day, and with it what was placed for later, every stay
to come and every consent that ends at discharge.
"""

from datetime import date, datetime

from sqlalchemy import select

from scheduler.admissions.settle_stays import StayOutcome, cohort_runs, settle_stays, stays_now
from scheduler.admissions.stay_changes import ENDED
from scheduler.admissions.stay_days import ended
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status


def stay_to_end(patient: Person) -> Enrolment | None:
    """Return the stay of a patient that can be ended, None for somebody who has none."""
    return db.session.scalar(select(Enrolment).where(Enrolment.patient_id == patient.id))


def discharge(patient: Person, last: date, *, by: str, now: datetime) -> StayOutcome:
    """End a patient's stay with the day `last` (included, in the practice's zone).

    What was placed for this patient alone after it is cancelled; groups go on without them. Raises
    InputError for a day outside the stays.
    """
    stays = stays_now(patient)
    if not stays:
        raise InputError(f"{patient.key} is in no cohort")
    return settle_stays(
        patient,
        ended(stays, last, cohort_runs()),
        ENDED,
        by=by,
        now=now,
    )


def leaders_ahead(patient: Person, *, now: datetime) -> set[str]:
    """Return the ids of all who lead a session that this patient still has ahead."""
    rows = (
        select(SessionLead.person_id)
        .join(SessionPatient, SessionPatient.session_id == SessionLead.session_id)
        .join(Session, Session.id == SessionLead.session_id)
        .where(
            SessionPatient.person_id == patient.id,
            Session.status == Status.SCHEDULED,
            Session.starts_at > now,
        )
    )
    return set(db.session.scalars(rows.distinct()))
