"""What a patient said of their own coming, on the entries of their page."""

from collections.abc import Collection, Sequence
from datetime import datetime

from scheduler.attendance import attendance_of_all
from scheduler.attendance.models import AttendanceState
from scheduler.people.models import Person
from scheduler.sessions.models import Session, Status


def with_own_word(
    entries: Sequence[dict[str, object]],
    sessions: Sequence[Session],
    person: Person,
    left: Collection[Session],
    *,
    now: datetime,
) -> None:
    """Add to each entry whether its reader is excused, and whether they may say something of it;
    `sessions` are those of the entries, in their order.
    """
    marks = attendance_of_all([session.id for session in sessions])
    for entry, session in zip(entries, sessions, strict=True):
        mark = marks.get(session.id, {}).get(person.id)
        entry["excused"] = mark is not None and mark.state is AttendanceState.EXCUSED
        entry["may_say"] = session not in left and _may_say(session, person, now)


def _may_say(session: Session, person: Person, now: datetime) -> bool:
    if session.starts_at <= now:
        return False
    return session.status is not Status.CANCELLED or session.cancelled_by == person.key
