"""Shared reads of sessions."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.sessions.models import Session, SessionOverride, Status

AT_ONCE = 900
"""As many values as one question may name on every engine."""


def sessions_by_id(ids: Collection[str]) -> dict[str, Session]:
    """Return these sessions, each by its id."""
    rows = db.session.scalars(select(Session).where(Session.id.in_(ids))).unique()
    return {session.id: session for session in rows}


def overrides_of(cohort_id: str) -> list[tuple[str, SessionOverride]]:
    """Return what was let be bent in a cohort and still stands, each with the session's key, in
    order of time.
    """
    rows = _standing_overrides().where(Session.cohort_id == cohort_id)
    found = []
    for key, override in db.session.execute(rows):
        found.append((key, override))
    return found


def overrides_by_session(session_ids: Collection[str]) -> dict[str, list[SessionOverride]]:
    """Return what was let be bent for each of these sessions (ids) that has any, while it is at
    that place.
    """
    ids = sorted(session_ids)
    found: dict[str, list[SessionOverride]] = {}
    for first in range(0, len(ids), AT_ONCE):
        chunk = ids[first : first + AT_ONCE]
        rows = _standing_overrides().where(SessionOverride.session_id.in_(chunk))
        for _, override in db.session.execute(rows):
            found.setdefault(override.session_id, []).append(override)
    return found


def _standing_overrides() -> Any:
    """An override is of one place: a session that was moved since is judged anew."""
    return (
        select(Session.key, SessionOverride)
        .join(Session, Session.id == SessionOverride.session_id)
        .where(
            Session.status == Status.SCHEDULED,
            Session.starts_local == SessionOverride.starts_local,
            Session.minutes == SessionOverride.minutes,
        )
        .order_by(
            SessionOverride.given_at,
            SessionOverride.about,
        )
    )
