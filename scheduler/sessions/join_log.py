"""Noting that somebody was let into the room of a session, by a personal link or from their own
pages.
"""

from datetime import datetime

from sqlalchemy import update

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.people.models import Person
from scheduler.sessions.models import RoomEntry, Session


def log_join(session: Session, person: Person, *, by: str, now: datetime) -> None:
    """Write down that the room of `session` was handed over to `person`, each time in the record
    and once among who was there.
    """
    entry = {"session_id": session.id, "person_id": person.id, "first_at": now}
    insert_absent(RoomEntry, [entry])
    theirs = RoomEntry.session_id == session.id, RoomEntry.person_id == person.id
    again = update(RoomEntry).where(*theirs, RoomEntry.ended_at.is_not(None))
    db.session.execute(again.values(ended_at=None))
    audit.append(
        "sessions.entered",
        session.key,
        {"person": person.id},
        by=by,
        now=now,
    )
