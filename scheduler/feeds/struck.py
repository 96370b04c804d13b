"""Cancelled meetings stay in a calendar that showed them, struck, until their day is over."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.sessions.models import CalendarName, Session, Status

DAYS = timedelta(days=2)
"""How long after its end the day of a meeting may last, wherever it is held."""
Shown = Mapping[str, frozenset[str]]
"""By person (id): the sessions (ids) that their calendar shows."""


def read_shown(shown: str) -> frozenset[str]:
    """Return the ids that are kept as one line."""
    return frozenset(shown.split(",")) - {""}


def written_shown(
    sessions: Iterable[Session], *, now: datetime, besides: Collection[str] = ()
) -> str:
    """Return as one line the ids of those that are not over, and `besides`."""
    ahead = set(besides)
    for session in sessions:
        if session.day_over > now:
            ahead.add(session.id)
    return ",".join(sorted(ahead))


def is_kept(session: Session, shown: Collection[str], *, now: datetime) -> bool:
    """True if a session belongs into a calendar: it stands, or it fell out of one that showed it
    and its day is not over.
    """
    if session.status is not Status.CANCELLED:
        return True
    return session.id in shown and session.day_over > now


def struck_uids(struck: Mapping[str, Sequence[Session]], host: str) -> dict[tuple[str, str], str]:
    """Return by (person, session) the UID under which a cancelled session stands: its own where it
    had one, else one apart from the series it was in.
    """
    sessions = {session.id for theirs in struck.values() for session in theirs}
    names = select(CalendarName).where(
        CalendarName.person_id.in_(list(struck)),
        CalendarName.session_id.in_(sessions),
        CalendarName.retired_on.is_(None),
    )
    own = {}
    for name in db.session.scalars(names):
        own[name.person_id, name.session_id] = name.uid
    found = {}
    for person_id, theirs in struck.items():
        for session in theirs:
            key = person_id, session.id
            found[key] = own.get(key) or _uid_apart(person_id, session.id, host)
    return found


def _uid_apart(person_id: str, session_id: str, host: str) -> str:
    said = f"struck {person_id} {session_id}"
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}@{host}"
