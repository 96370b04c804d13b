"""Who leads a group hears that somebody takes part no longer: that, and neither who nor why."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update

from scheduler.invitations.model.models import ChangeNotice
from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.people.models import Person, PersonKind
from scheduler.sessions import LEFT
from scheduler.sessions.models import Session, SessionChange, Status

Seat = tuple[str, str]
"""A session and somebody in it (ids)."""


def note_fewer(sessions: Iterable[Session], *, now: datetime) -> None:
    """Note for who leads these sessions, which patients left, that they do not know of it."""
    rows = []
    for session in sessions:
        if session.status is not Status.CANCELLED:
            for leader in session.leads:
                rows.append(_row(leader.id, session, now))
    insert_absent(ChangeNotice, rows)
    for row in rows:
        theirs = update(ChangeNotice).where(
            ChangeNotice.person_id == row["person_id"],
            ChangeNotice.session_id == row["session_id"],
        )
        fewer = theirs.values(pending=True, is_fewer=True, since=now, pressed_at=None)
        db.session.execute(fewer.execution_options(synchronize_session=False))


def _row(person_id: str, session: Session, now: datetime) -> dict[str, object]:
    return {
        "person_id": person_id,
        "session_id": session.id,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "pending": True,
        "since": now,
        "is_fewer": True,
        "was_fewer": False,
    }


def sessions_left(
    sessions: Collection[Session], before: Mapping[str, SessionChange]
) -> list[Session]:
    """Return the sessions that a patient who was in them (`before`, by session id) is in no longer;
    not those of which that was noted when the stay ended.
    """
    gone = _gone(sessions, before)
    if not gone:
        return []
    people = {person_id for _, person_id in gone}
    patients = select(Person.id).where(Person.id.in_(people), Person.kind == PersonKind.PATIENT)
    seats = select(SessionChange.session_id, SessionChange.people).where(
        SessionChange.version == LEFT,
        SessionChange.session_id.in_({session_id for session_id, _ in gone}),
    )
    are_patients = set(db.session.scalars(patients))
    noted: set[Seat] = set()
    for session_id, person_id in db.session.execute(seats):
        noted.add((session_id, person_id))
    left = set()
    for session_id, person_id in gone - noted:
        if person_id in are_patients:
            left.add(session_id)
    return [session for session in sessions if session.id in left]


def _gone(sessions: Iterable[Session], before: Mapping[str, SessionChange]) -> set[Seat]:
    gone = set()
    for session in sessions:
        here = {person.id for person in (*session.leads, *session.patients)}
        for person_id in before[session.id].people.split(","):
            if person_id and person_id not in here:
                gone.add((session.id, person_id))
    return gone
