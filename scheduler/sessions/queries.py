"""Shared reads of sessions."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.sessions.models import Session, SessionChange


def sessions_by_id(ids: Collection[str]) -> dict[str, Session]:
    """Return these sessions, each by its id."""
    rows = db.session.scalars(select(Session).where(Session.id.in_(ids))).unique()
    return {session.id: session for session in rows}


def moved_from(sessions: Collection[Session]) -> dict[str, tuple[datetime, datetime]]:
    """Return by session (id) where it was before it moved, as the UTC instants of start and end;
    what stands where it was first is not in it.
    """
    ids = [session.id for session in sessions]
    rows = select(SessionChange).where(
        SessionChange.session_id.in_(ids),
        SessionChange.starts_at.is_not(None),
    )
    places: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for change in db.session.scalars(rows.order_by(SessionChange.version)):
        if change.starts_at is not None and change.ends_at is not None:
            places[change.session_id].append((change.starts_at, change.ends_at))
    found = {}
    for session in sessions:
        was = _last_other_place(session, places[session.id])
        if was is not None:
            found[session.id] = was
    return found


def _last_other_place(
    session: Session, places: Sequence[tuple[datetime, datetime]]
) -> tuple[datetime, datetime] | None:
    if not places or places[0][0] == session.starts_at:
        return None
    others = [place for place in places if place[0] != session.starts_at]
    return others[-1]
