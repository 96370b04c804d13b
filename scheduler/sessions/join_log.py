"""Noting that somebody was let into the room of a session, by a personal link or from their own
pages.
"""

from datetime import datetime

from scheduler import audit
from scheduler.people.models import Person
from scheduler.sessions.models import Session


def log_join(session: Session, person: Person, *, by: str, now: datetime) -> None:
    """Write down that the room of `session` was handed over to `person`."""
    audit.append(
        "sessions.entered",
        session.key,
        {"person": person.id},
        by=by,
        now=now,
    )
