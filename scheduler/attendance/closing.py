"""Closing a session: it was held, once it is over and somebody said of each patient whether they
came.
"""

from datetime import datetime

from scheduler import audit
from scheduler.attendance.expected_people import people_expected
from scheduler.attendance.queries import attendance_of
from scheduler.people.models import PersonKind
from scheduler.sessions.models import Session, Status


def close_session(session: Session, *, by: str, now: datetime) -> bool:
    """Make a session held where nothing lacks for it; True if it is held now and was not before."""
    if session.status is not Status.SCHEDULED or session.ends_at > now or lacking(session):
        return False
    session.status = Status.HELD
    audit.append("sessions.held", f"session {session.key}", {}, by=by, now=now)
    return True


def lacking(session: Session) -> list[str]:
    """Return the ids of whom a word lacks: patients who sit in it; where none does, everybody."""
    marks = attendance_of(session.id)
    expected = people_expected(session)
    patients = [each for each in expected if each.role is PersonKind.PATIENT]
    return [each.person.id for each in patients or expected if each.person.id not in marks]


def open_again(session: Session, *, by: str, now: datetime) -> None:
    """Let a session wait for words again, because one was taken back."""
    if session.status is not Status.HELD:
        return
    session.status = Status.SCHEDULED
    audit.append("sessions.open_again", f"session {session.key}", {}, by=by, now=now)
