"""When a room opens and closes. Pure."""

from datetime import datetime, timedelta

from scheduler.sessions.models import Session, Status

OPENS = timedelta(minutes=15)


def is_open(session: Session, now: datetime) -> bool:
    """True if one may go in: from a quarter of an hour before the start to the end."""
    opens_at = session.starts_at - OPENS
    return session.status is Status.SCHEDULED and opens_at <= now < session.ends_at
