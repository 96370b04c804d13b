"""A patient says that they cannot come: the place is free where it was theirs alone, else they are
excused; another time is booked, or the word taken back.
"""

from datetime import datetime

from scheduler import tasks
from scheduler.attendance import Said, attendance_of, mark, take_back
from scheduler.attendance.models import AttendanceState
from scheduler.consents import is_placed
from scheduler.homes.models import Matter
from scheduler.homes.said_words import keep_word
from scheduler.i18n import N_, clock, dated_day
from scheduler.invitations import PATIENCE, PRESSING
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Person
from scheduler.sessions import cancel_sessions, put_back
from scheduler.sessions.models import Session, Status

KIND = "cannot_come"
STAFF = "en"
OFF = N_("{name} cannot come to {title}, {when}: the time is free. Help to find another one.")
EXCUSED = N_("{name} cannot come to {title}, {when}. Help to make up for the hours.")


def frees_place(session: Session) -> bool:
    """True if nobody else of the patients sits in a session: without this one it is off."""
    return is_placed(session) and len(session.patients) == 1


def has_said_no(session: Session, patient: Person) -> bool:
    """True if a patient said that they cannot come, and that stands."""
    if session.status is Status.CANCELLED:
        return session.cancelled_by == patient.key
    word = attendance_of(session.id).get(patient.id)
    return word is not None and word.state is AttendanceState.EXCUSED and word.by == patient.key


def who_cannot_come(session: Session) -> list[Person]:
    """Return the patients of a session who said that they cannot come, and whose word stands."""
    return [patient for patient in session.patients if has_said_no(session, patient)]


def cannot_come(
    session: Session, patient: Person, *, reason: str | None, by: str, now: datetime
) -> None:
    """Excuse a patient from a session that is ahead, and cancel it where it was for them alone.

    The time of the word counts as when it was said. Raises Conflict for what is over or cancelled,
    InputError for a reason that is too long.
    """
    if session.status is not Status.SCHEDULED or session.starts_at <= now:
        raise Conflict(f"{session.key} is over or cancelled")
    excuse = Said(AttendanceState.EXCUSED, note=reason, said_at=now)
    mark(
        session,
        patient,
        excuse,
        by=by,
        now=now,
    )
    if frees_place(session):
        cancel_sessions(session, by=by, now=now)
    keep_word(
        patient,
        Matter.CANNOT_COME,
        {"comes": False},
        about=session.id,
        now=now,
    )
    _ask_staff(session, patient, now)


def may_come_after_all(session: Session, patient: Person, *, now: datetime) -> bool:
    """True if the word can be taken back: while nobody was told that a session is off, and from a
    group until it begins.
    """
    if session.starts_at <= now or not has_said_no(session, patient):
        return False
    if session.status is not Status.CANCELLED or session.cancelled_at is None:
        return True
    is_told_at_once = session.starts_at <= session.cancelled_at + PRESSING
    return not is_told_at_once and now < session.cancelled_at + PATIENCE


def come_after_all(session: Session, patient: Person, *, by: str, now: datetime) -> None:
    """Take the word back: everything is as before. Raises Conflict when it is too late."""
    if not may_come_after_all(session, patient, now=now):
        raise Conflict(f"the no to {session.key} cannot be taken back any more")
    _take_back(
        session,
        patient,
        None,
        by=by,
        now=now,
    )


def come_instead(
    session: Session, patient: Person, *, to: datetime, by: str, now: datetime
) -> None:
    """Hold a session that the patient called off at `to` (naive wall time of its zone), everybody
    told as of any other. Raises Conflict where somebody is engaged then by now.
    """
    if session.status is not Status.CANCELLED or not has_said_no(session, patient):
        raise Conflict(f"{session.key} was not called off by this patient")
    _take_back(
        session,
        patient,
        to,
        by=by,
        now=now,
    )


def _take_back(
    session: Session, patient: Person, to: datetime | None, *, by: str, now: datetime
) -> None:
    tasks.finish_matter(
        matter_of(session),
        by=by,
        now=now,
    )
    if session.status is Status.CANCELLED:
        put_back(
            session,
            to=to,
            by=by,
            now=now,
        )
    take_back(session, patient, by=by, now=now)
    keep_word(
        patient,
        Matter.CANNOT_COME,
        {"comes": True},
        about=session.id,
        now=now,
    )


def matter_of(session: Session) -> str:
    """Return the key of the task about somebody who cannot come to a session."""
    return f"{KIND}:{session.id}:{session.starts_local}"


def _ask_staff(session: Session, patient: Person, now: datetime) -> None:
    """Let the desk know, once a session and time, however often somebody changes their mind."""
    key = matter_of(session)
    local = datetime.fromisoformat(session.starts_local)
    words = OFF if session.status is Status.CANCELLED else EXCUSED
    said = words.format(
        name=patient.name,
        title=session.called,
        when=f"{dated_day(local.date(), STAFF)}, {clock(local, STAFF)}",
    )
    tasks.raise_task(
        KIND,
        key,
        said,
        about_id=patient.id,
        leads_to=f"session:{session.key}",
        now=now,
    )
    tasks.raise_again(key, now=now)
