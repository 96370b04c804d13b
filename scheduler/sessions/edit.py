"""What staff change about published sessions by hand: one date, or all of a series from that date
on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler import audit
from scheduler.ical import to_utc
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, NotFound
from scheduler.sessions.lifecycle import cancel
from scheduler.sessions.models import Session, Status
from scheduler.sessions.rescheduling import reschedule


def session_by_key(key: str) -> Session:
    """Return the session with this key. Raises NotFound."""
    found = db.session.scalars(select(Session).where(Session.key == key)).unique().one_or_none()
    if found is None:
        raise NotFound(f"there is no session with the key {key}: sessions export lists them")
    return found


def has_session(key: str) -> bool:
    """True if there is a session with this key."""
    return db.session.scalar(select(Session.id).where(Session.key == key)) is not None


def edit_sessions(
    session: Session,
    *,
    to: datetime | None = None,
    minutes: int | None = None,
    onward: bool = False,
    by: str,
    now: datetime,
) -> list[Session]:
    """Move a session to `to` (naive wall time of its zone), change its length, or both; give what
    was changed.

    `onward` moves all that follow in its series by as much of wall time. What came before then
    keeps its name in calendars and the rest takes a new one (RFC 5545 3.8.4.4 on splitting a
    series). Raises InputError or Conflict.
    """
    rows = sessions_from(session, onward=onward, now=now)
    shift = (to - datetime.fromisoformat(session.starts_local)) if to is not None else timedelta()
    # The far end goes first when time goes forward, so that no session stands in another's way.
    for session in sorted(
        rows,
        key=lambda session: session.starts_at,
        reverse=shift > timedelta(),
    ):
        start = to_utc(datetime.fromisoformat(session.starts_local) + shift, session.zone)
        reschedule(
            session, start, start + timedelta(minutes=minutes or session.minutes), by=by, now=now
        )
    if onward:
        _part(session, rows, by=by, now=now)
    return rows


def cancel_sessions(
    session: Session, *, onward: bool = False, by: str, now: datetime
) -> list[Session]:
    """Cancel a session, `onward` with all that follow in its series; return them. Raises
    Conflict when over.
    """
    rows = sessions_from(session, onward=onward, now=now)
    for session in rows:
        cancel(session, by=by, now=now)
    return rows


def close_days(
    first: datetime, last: datetime, *, cohort_id: str | None = None, by: str, now: datetime
) -> list[Session]:
    """Cancel everything that begins between two naive wall times of its own zone, both
    included; give it.
    """
    wanted = select(Session).where(
        Session.status == Status.SCHEDULED,
        Session.starts_at > now,
    )
    span = (
        Session.starts_local >= f"{first:%Y-%m-%dT%H:%M}",
        Session.starts_local <= f"{last:%Y-%m-%dT%H:%M}",
    )
    if cohort_id is not None:
        wanted = wanted.where(Session.cohort_id == cohort_id)
    rows = list(
        db.session.scalars(wanted.where(*span).order_by(Session.starts_at, Session.key)).unique()
    )
    for session in rows:
        cancel(session, by=by, now=now)
    return rows


def sessions_from(session: Session, *, onward: bool, now: datetime) -> list[Session]:
    """Return what a change of `session` concerns: it alone, or `onward` with all that follow in its
    series.

    Raises Conflict when it is over or cancelled.
    """
    if session.status is not Status.SCHEDULED or session.starts_at <= now:
        raise Conflict(f"{session.key} is over or cancelled; it cannot be changed")
    if not onward:
        return [session]
    later = (Session.series == session.series, Session.starts_at >= session.starts_at)
    rows = (
        select(Session)
        .where(*later, Session.status == Status.SCHEDULED)
        .order_by(Session.starts_at)
    )
    return list(db.session.scalars(rows).unique())


def _part(session: Session, rows: Sequence[Session], *, by: str, now: datetime) -> None:
    """Return the rest of a series a name of its own, when something of it came before."""
    ids = [session.id for session in rows]
    whole = session.series.partition("~")[0]
    before = select(Session.id).where(
        Session.series == session.series,
        Session.id.not_in(ids),
    )
    if db.session.scalar(before.where(Session.status != Status.CANCELLED).limit(1)) is None:
        return
    parts = db.session.scalars(
        select(Session.series).where(Session.series.startswith(f"{whole}~")).distinct()
    )
    name = f"{whole}~{len(set(parts)) + 2}"
    for session in rows:
        session.series = name
    db.session.flush()
    audit.append(
        "sessions.part",
        session.key,
        {"series": name, "sessions": sorted(ids)},
        by=by,
        now=now,
    )
