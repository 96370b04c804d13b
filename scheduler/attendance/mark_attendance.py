"""Saying who came: the deed of page, command and file alike."""

from dataclasses import dataclass
from datetime import datetime

from scheduler import audit
from scheduler.attendance.attendance_rules import (
    LONGEST_NOTE,
    minutes_there,
    refuse_what_cannot_be,
)
from scheduler.attendance.closing import open_again
from scheduler.attendance.missed_limit import look_at_limit
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.attendance.queries import attendance_of, newest_turn
from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person
from scheduler.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Said:
    """What staff say of one person at one session; `minutes` None: what the state means by
    itself.
    """

    state: AttendanceState
    minutes: int | None = None
    note: str | None = None
    by_telephone: bool = False
    said_at: datetime | None = None
    """When an excuse was given; None: when it is written down."""


def mark(session: Session, person: Person, said: Said, *, by: str, now: datetime) -> bool:
    """Write down what is said of a person; True if it says something new. Raises InputError.

    The caller has made sure that the person may be marked at the session (`may_be_marked`).
    """
    minutes, note = _checked(session, said, now)
    before = attendance_of(session.id).get(person.id)
    said_at = said.said_at if said.state is AttendanceState.EXCUSED else None
    words = (said.state, minutes, said.by_telephone, note)
    if before is not None and words == _words(before) and said_at in {None, before.said_at}:
        return False
    row = AttendanceMark(
        session_id=session.id,
        person_id=person.id,
        turn=newest_turn(session.id, person.id) + 1,
        state=said.state,
        minutes=minutes,
        by_telephone=said.by_telephone,
        note=note,
        said_at=said_at,
        taken_back=False,
        by=by,
        at=now,
    )
    _write(session, person, row, by=by, now=now)
    return True


def _checked(session: Session, said: Said, now: datetime) -> tuple[int, str | None]:
    """Return the minutes and the note that are written down. Raises InputError."""
    refuse_what_cannot_be(said.state, session.status, session.starts_at, now)
    minutes = minutes_there(said.state, said.minutes, session.minutes)
    note = (said.note or "").strip() or None
    if note is not None and len(note) > LONGEST_NOTE:
        raise InputError(f"the note is longer than {LONGEST_NOTE} characters")
    if said.said_at is not None and said.said_at > now:
        raise InputError(N_("an excuse cannot have been given later than now"))
    return minutes, note


def take_back(session: Session, person: Person, *, by: str, now: datetime) -> bool:
    """Let no word about a person count any more; True if one did. What was said is kept."""
    before = attendance_of(session.id).get(person.id)
    if before is None:
        return False
    row = AttendanceMark(
        session_id=session.id,
        person_id=person.id,
        turn=before.turn + 1,
        state=before.state,
        minutes=0,
        by_telephone=False,
        taken_back=True,
        by=by,
        at=now,
    )
    open_again(session, by=by, now=now)
    _write(session, person, row, by=by, now=now)
    return True


def _write(
    session: Session, person: Person, row: AttendanceMark, *, by: str, now: datetime
) -> None:
    db.session.add(row)
    db.session.flush()
    details = {"person": person.id, "state": row.state.value, "minutes": row.minutes}
    if row.taken_back:
        details["taken_back"] = True
    audit.append("attendance.mark", f"session {session.key}", details, by=by, now=now)
    look_at_limit(person, session.cohort, now=now)


def _words(row: AttendanceMark) -> tuple[AttendanceState, int, bool, str | None]:
    return row.state, row.minutes, row.by_telephone, row.note
