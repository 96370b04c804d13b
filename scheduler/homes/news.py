"""What changed about a patient's sessions since they last said that they had read it, and whether
they are new to all of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select

from scheduler.homes.models import Matter
from scheduler.homes.said_words import newest_word
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.sessions import changes_since
from scheduler.sessions.models import Session, SessionChange, SessionPatient, Status

EVER = datetime(2000, 1, 1, tzinfo=UTC)


class NewsKind(StrEnum):
    """What became of a session."""

    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SessionNews:
    """What became of one session; `was` is when it was to begin and end before, where it moved."""

    kind: NewsKind
    was: tuple[datetime, datetime] | None = None


def session_news(
    person: Person, sessions: Collection[Session], *, left: Collection[str] = ()
) -> dict[str, SessionNews]:
    """Return by session (id) what is new to a patient; `left` are those (ids) they are no longer
    in.
    """
    seen = newest_word(person, Matter.NEWS_SEEN)
    ids = [session.id for session in sessions]
    before = changes_since(ids, since=seen.at if seen else EVER)
    found = {}
    for session in sessions:
        change = before.get(session.id)
        if change is None:
            continue
        news = what_became(change, session, person.id, is_left=session.id in left)
        if news is not None:
            found[session.id] = news
    return found


def is_new(person: Person, *, now: datetime) -> bool:
    """True if none of a patient's sessions has begun."""
    begun = (
        select(Session.id)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .where(
            SessionPatient.person_id == person.id,
            Session.starts_at <= now,
            Session.status != Status.CANCELLED,
        )
        .limit(1)
    )
    return db.session.scalar(begun) is None


def what_became(
    change: SessionChange, session: Session, person_id: str, *, is_left: bool
) -> SessionNews | None:
    """Return what a person reads of a session that was as `change` says; None: nothing."""
    is_off = is_left or session.status is Status.CANCELLED
    if change.starts_at is None or change.ends_at is None or person_id not in change.people:
        return None if is_off else SessionNews(NewsKind.NEW)
    if is_off:
        return SessionNews(NewsKind.CANCELLED)
    was = change.starts_at, change.ends_at
    if was == (session.starts_at, session.ends_at):
        return None
    return SessionNews(NewsKind.MOVED, was)
