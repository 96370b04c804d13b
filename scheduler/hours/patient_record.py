"""One patient's record, from rows: weeks, days of the payer, and what was missed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler.attendance import AttendanceCounts, attendance_of_all, count_words, words_about
from scheduler.consents import is_placed
from scheduler.hours.attended_hours import (
    Sitting,
    UnitsUsed,
    WeekRecord,
    units_used,
    week_records,
)
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import AttendanceRule, Days, Seats, last_day, stays_with_cohorts
from scheduler.programs.models import Cohort, Enrolment
from scheduler.sessions.models import Session, SessionPatient, Status


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A patient's weeks in their cohort, the payer's days, and how often they came."""

    cohort: Cohort
    weeks: tuple[WeekRecord, ...]
    units: tuple[UnitsUsed, ...]
    counts: AttendanceCounts
    rule: AttendanceRule | None


def record_of(patient: Person) -> PatientRecord | None:
    """Return the record of a patient's current stay; None for who has no seat anywhere."""
    wanted = select(Enrolment).where(Enrolment.patient_id == patient.id)
    enrolment = db.session.scalars(wanted).one_or_none()
    if enrolment is None or enrolment.waits is not None:
        return None
    cohort = enrolment.cohort
    template = cohort.program.template
    stays = _days_of(patient)
    sittings = sittings_of(patient.id)
    rule = template.rules.attendance
    return PatientRecord(
        cohort=cohort,
        weeks=week_records(template, cohort.starts, stays, sittings),
        units=units_used(template, stays, enrolment.authorisations or (), sittings),
        counts=count_words(words_about(patient.id, cohort.id), rule),
        rule=rule,
    )


def _days_of(patient: Person) -> list[Days]:
    days = []
    for stay, cohort in stays_with_cohorts(patient):
        if stay.waits is None:
            ends = last_day(cohort.starts, cohort.program.template.weeks)
            days.append((stay.first, stay.last or ends))
    return days


def sittings_of(patient_id: str) -> list[Sitting]:
    """Return the sessions that stand and seat a patient, in order, with what was said."""
    wanted = (
        select(Session)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .where(SessionPatient.person_id == patient_id, Session.status != Status.CANCELLED)
        .order_by(Session.starts_at, Session.key)
    )
    sessions = []
    for session in db.session.scalars(wanted).unique():
        if session.seats is not Seats.FAMILIES or is_placed(session):
            sessions.append(session)
    marks = attendance_of_all([session.id for session in sessions])
    sittings = []
    for session in sessions:
        mark = marks.get(session.id, {}).get(patient_id)
        sitting = Sitting(
            day=_day_of(session),
            begins=int(session.starts_at.timestamp()) // 60,
            minutes=session.minutes,
            state=mark.state if mark else None,
            there=mark.minutes if mark else 0,
        )
        sittings.append(sitting)
    return sittings


def _day_of(session: Session) -> date:
    return datetime.fromisoformat(session.starts_local).date()
