"""Shared reads of sessions."""

from collections.abc import Collection

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.sessions.models import Session


def sessions_by_id(ids: Collection[str]) -> dict[str, Session]:
    """Return these sessions, each by its id."""
    rows = db.session.scalars(select(Session).where(Session.id.in_(ids))).unique()
    return {session.id: session for session in rows}
