"""Discharging a patient: the stay ends on a day, and with it what was placed for later and every
consent that ends at discharge.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler import audit
from scheduler.consents import is_placed, recompute_validity
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs import last_day
from scheduler.programs.models import Enrolment
from scheduler.provenance import Source, note_word
from scheduler.sessions import cancel, note_left
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status


@dataclass(frozen=True, slots=True)
class Discharge:
    """What ended: the sessions cancelled, those of many the patient no longer sits in, and how many
    consents end on another day now.
    """

    cancelled: tuple[Session, ...]
    left: tuple[Session, ...]
    consents: int


def stay_to_end(patient: Person) -> Enrolment | None:
    """Return the stay of a patient that can be ended, None for somebody who has none."""
    return db.session.scalar(select(Enrolment).where(Enrolment.patient_id == patient.id))


def discharge(patient: Person, last: date, *, by: str, now: datetime) -> Discharge:
    """End a patient's stay with the day `last` (included, in the practice's zone).

    What was placed for this patient alone after it is cancelled; groups go on without them. Raises
    InputError for a day outside the stay.
    """
    stay = stay_to_end(patient)
    if stay is None:
        raise InputError(f"{patient.key} is in no cohort")
    final = last_day(stay.cohort.starts, stay.cohort.program.template.weeks)
    if not stay.first <= last <= final:
        raise InputError(f"the last day lies between {stay.first} and {final}")
    stay.last = last
    db.session.flush()
    audit.append(
        "stay.ended",
        f"person {patient.id}",
        {"last": last.isoformat()},
        by=by,
        now=now,
    )
    note_word(
        f"stay of {patient.key}",
        ["to"],
        source=Source.DESK,
        by=by,
        now=now,
    )
    ended = recompute_validity(
        by=by,
        now=now,
        patients=[patient.id],
    )
    own, shared = _sessions_after(stay, now)
    for session in own:
        cancel(session, by=by, now=now)
    note_left(shared, patient.id, now=now)
    db.session.flush()
    return Discharge(tuple(own), tuple(shared), ended)


def _sessions_after(stay: Enrolment, now: datetime) -> tuple[list[Session], list[Session]]:
    """Return the sessions of a stay's cohort that begin after its last day: the patient's own, and
    those of many.
    """
    zone = ZoneInfo(practice().zone)
    last = stay.last or date.max
    rows = (
        select(Session)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .where(
            SessionPatient.person_id == stay.patient_id,
            Session.cohort_id == stay.cohort_id,
            Session.status == Status.SCHEDULED,
            Session.starts_at > now,
        )
        .order_by(Session.starts_at, Session.key)
    )
    own: list[Session] = []
    shared: list[Session] = []
    for session in db.session.scalars(rows).unique():
        if session.starts_at.astimezone(zone).date() > last:
            (own if is_placed(session) else shared).append(session)
    return own, shared


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
