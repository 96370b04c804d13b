"""What became of a session since it was published, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.sessions.change_history import LEFT
from scheduler.sessions.models import Session, SessionChange, Status


class Became(StrEnum):
    """What one change made of a session."""

    PUBLISHED = "published"
    MOVED = "moved"
    CANCELLED = "cancelled"
    PUT_BACK = "put_back"
    PEOPLE = "people"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class PastChange:
    """One change: what it made, when, and at which time (UTC) the session lay before it."""

    became: Became
    at: datetime
    began: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """When a session lies; None: it does not stand."""

    begins: datetime | None
    ends: datetime | None


def changes_of(session: Session) -> list[PastChange]:
    """Return what became of a session, the newest change first."""
    wanted = select(SessionChange).where(SessionChange.session_id == session.id)
    in_order = wanted.order_by(
        SessionChange.changed_at,
        SessionChange.version,
    )
    rows = list(db.session.scalars(in_order))
    stands = session.status is not Status.CANCELLED
    now_lies = Standing(
        session.starts_at if stands else None,
        session.ends_at if stands else None,
    )
    return read_changes(rows, now_lies)


def read_changes(rows: Sequence[SessionChange], now_lies: Standing) -> list[PastChange]:
    """Return what each row made of a session, the newest first; rows say how it was before."""
    after = now_lies
    found = []
    for row in reversed(rows):
        became = _became(row, after)
        change = PastChange(
            became,
            row.changed_at,
            row.starts_at,
            row.ends_at,
        )
        found.append(change)
        if row.version != LEFT:
            after = Standing(
                row.starts_at,
                row.ends_at,
            )
    return found


def _became(row: SessionChange, after: Standing) -> Became:
    if row.version == LEFT:
        return Became.LEFT
    if row.starts_at is None:
        return Became.PUBLISHED if row.version == 0 else Became.PUT_BACK
    if after.begins is None:
        return Became.CANCELLED
    is_same_time = (row.starts_at, row.ends_at) == (after.begins, after.ends)
    return Became.PEOPLE if is_same_time else Became.MOVED
