"""Saying who came: the deed of page, command and file alike."""

from dataclasses import dataclass
from datetime import datetime

from scheduler import audit
from scheduler.attendance.attendance_rules import (
    LONGEST_NOTE,
    minutes_there,
    refuse_what_cannot_be,
)
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.attendance.queries import attendance_of
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


def mark(session: Session, person: Person, said: Said, *, by: str, now: datetime) -> bool:
    """Write down what is said of a person; True if it says something new. Raises InputError.

    The caller has made sure that the person may be marked at the session (`may_be_marked`).
    """
    refuse_what_cannot_be(said.state, session.status, session.starts_at, now)
    minutes = minutes_there(said.state, said.minutes, session.minutes)
    note = (said.note or "").strip() or None
    if note is not None and len(note) > LONGEST_NOTE:
        raise InputError(f"the note is longer than {LONGEST_NOTE} characters")
    before = attendance_of(session.id).get(person.id)
    words = (said.state, minutes, said.by_telephone, note)
    if before is not None and words == _words(before):
        return False
    row = AttendanceMark(
        session_id=session.id,
        person_id=person.id,
        turn=before.turn + 1 if before else 1,
        state=said.state,
        minutes=minutes,
        by_telephone=said.by_telephone,
        note=note,
        by=by,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    details = {"person": person.id, "state": said.state.value, "minutes": minutes}
    audit.append("attendance.mark", f"session {session.key}", details, by=by, now=now)
    return True


def _words(row: AttendanceMark) -> tuple[AttendanceState, int, bool, str | None]:
    return row.state, row.minutes, row.by_telephone, row.note
