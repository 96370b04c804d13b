"""Weeks whose hours fall short even if all that is still open is attended, while they can be
mended: only of patients who missed something in them, or whose session was cancelled.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, union

from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.hours.attended_hours import WeekRecord
from scheduler.hours.patient_record import record_of
from scheduler.kernel.database import db
from scheduler.people import people_by_id
from scheduler.people.models import Person
from scheduler.programs import week_of
from scheduler.sessions.models import Session, SessionPatient, Status

MOST = 50
"""Patients looked at in one round."""
LESS = (
    AttendanceState.EXCUSED,
    AttendanceState.NO_SHOW,
    AttendanceState.LATE,
    AttendanceState.LEFT_EARLY,
)


@dataclass(frozen=True, slots=True)
class WeekAtRisk:
    """A patient's running week that will lack hours."""

    patient: Person
    cohort: str
    record: WeekRecord


def weeks_at_risk(*, now: datetime, zone: str) -> list[WeekAtRisk]:
    """Return the running weeks that lack hours unless something is made up, by patient."""
    here = now.astimezone(ZoneInfo(zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=here.weekday())
    found = []
    touched = _touched(monday, monday + timedelta(weeks=1))
    people = people_by_id(touched)
    for patient_id in touched:
        patient = people[patient_id]
        record = record_of(patient)
        if record is None:
            continue
        week = week_of(record.cohort.starts, here.date())
        for each in record.weeks:
            if each.week == week and each.at_risk > 0:
                found.append(WeekAtRisk(patient, record.cohort.key, each))
    return found


def _touched(since: datetime, until: datetime) -> list[str]:
    """Return the patients (ids) of a week who missed something, or had something cancelled."""
    within = (Session.starts_at >= since, Session.starts_at < until)
    seat = SessionPatient.session_id == Session.id
    missed = (
        select(SessionPatient.person_id)
        .join(Session, seat)
        .join(
            AttendanceMark,
            (AttendanceMark.session_id == Session.id)
            & (AttendanceMark.person_id == SessionPatient.person_id),
        )
        .where(*within, Session.status != Status.CANCELLED, AttendanceMark.state.in_(LESS))
    )
    cancelled = (
        select(SessionPatient.person_id)
        .join(Session, seat)
        .where(*within, Session.status == Status.CANCELLED, Session.taken_back.is_(False))
    )
    both = union(missed, cancelled).subquery()
    rows = select(both.c.person_id).order_by(both.c.person_id).limit(MOST)
    return list(db.session.scalars(rows))
