"""Shared reads of sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, and_, cast, or_, select
from sqlalchemy.orm import selectinload

from scheduler.ical import to_utc
from scheduler.kernel.database import db
from scheduler.programs.models import Cohort
from scheduler.sessions.models import (
    Session,
    SessionLead,
    SessionOverride,
    SessionPatient,
    Status,
)

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
    status = cast(Session.status, String)  # few are bent: not by an index of all that stand
    return (
        select(Session.key, SessionOverride)
        .join(Session, Session.id == SessionOverride.session_id)
        .where(
            status == Status.SCHEDULED.value,
            Session.starts_local == SessionOverride.starts_local,
            Session.minutes == SessionOverride.minutes,
        )
        .order_by(
            SessionOverride.given_at,
            SessionOverride.about,
        )
    )


def sessions_by_key(keys: Collection[str]) -> dict[str, Session]:
    """Return these sessions, each by its key; those that are not there are left out."""
    rows = db.session.scalars(select(Session).where(Session.key.in_(keys))).unique()
    return {session.key: session for session in rows}


def sessions_of_cohort(cohort_key: str) -> list[Session]:
    """Return the sessions of a cohort in order of time, those cancelled too."""
    question = (
        select(Session)
        .join(Cohort)
        .options(selectinload(Session.leads), selectinload(Session.patients))
        .where(Cohort.key == cohort_key)
        .order_by(Session.starts_at, Session.key)
    )
    return list(db.session.scalars(question).unique())


def struck_sessions(cohort_id: str, *, today: date) -> list[Session]:
    """Return the cancelled sessions of a cohort whose day (in their own zone) is not over, in order
    of time.
    """
    wanted = (
        select(Session)
        .where(
            Session.cohort_id == cohort_id,
            Session.status == Status.CANCELLED,
            Session.taken_back.is_(False),
            Session.starts_local >= today.isoformat(),
        )
        .options(
            selectinload(Session.leads), selectinload(Session.patients), selectinload(Session.room)
        )
        .order_by(Session.starts_at, Session.key)
    )
    return list(db.session.scalars(wanted).unique())


def moved_from(sessions: Collection[Session]) -> dict[str, tuple[datetime, datetime]]:
    """Return by session (id) where it was before it moved, as the UTC instants of start and end;
    what stands where it was first is not in it.
    """
    found = {}
    for session in sessions:
        if session.moved_from is None:
            continue
        start = to_utc(datetime.fromisoformat(session.moved_from), session.zone)
        if start == session.starts_at:
            continue
        minutes = session.minutes_before or session.minutes
        found[session.id] = (start, start + timedelta(minutes=minutes))
    return found


def sessions_between(
    since: datetime,
    until: datetime,
    *,
    led_by: str | None = None,
    running_at: datetime | None = None,
    cohorts: Collection[str] | None = None,
    limit: int,
) -> list[Session]:
    """Return the first sessions that stand and begin from `since` and before `until`, in order;
    those of one leader (id), those not over at `running_at`, or those of some cohorts (ids).

    They are found by the time: all that a leader or a cohort ever had are many more.
    """
    wanted = (
        select(Session)
        .options(selectinload(Session.leads), selectinload(Session.patients))
        .where(
            Session.starts_at >= since,
            Session.starts_at < until,
            Session.status != Status.CANCELLED,
        )
        .order_by(Session.starts_at, Session.key)
        .limit(limit)
    )
    if led_by is not None:
        led = SessionLead.session_id == Session.id
        leader = SessionLead.person_id.concat("")
        wanted = wanted.join(SessionLead, led).where(leader == led_by)
    if running_at is not None:
        wanted = wanted.where(Session.ends_at > running_at)
    if cohorts is not None:
        wanted = wanted.where(Session.cohort_id.concat("").in_(cohorts))
    return list(db.session.scalars(wanted).unique())


@dataclass(frozen=True, slots=True)
class SessionsWanted:
    """Which sessions a list is of; what is None bounds nothing."""

    cohorts: Collection[str] | None = None
    """Ids."""
    begins_from: datetime | None = None
    begins_before: datetime | None = None
    patients: Collection[str] | None = None
    """Ids of whom they are for; one of them is enough."""
    status: Status | None = None
    ids: Collection[str] | None = None


def sessions_page(
    asked: SessionsWanted, *, after: tuple[datetime, str] | None, limit: int
) -> list[Session]:
    """Return the first sessions that were published, in order of time, after one of them (its
    start and key); those whose publication was taken back are nowhere.
    """
    wanted = (
        select(Session)
        .options(
            selectinload(Session.leads),
            selectinload(Session.patients),
            selectinload(Session.cohort),
            selectinload(Session.room),
        )
        .where(Session.taken_back.is_(False), *_bounds(asked))
        .order_by(Session.starts_at, Session.key)
        .limit(limit)
    )
    if after is not None:
        begin, key = after
        later = Session.starts_at > begin
        beside = and_(Session.starts_at == begin, Session.key > key)
        wanted = wanted.where(or_(later, beside))
    return list(db.session.scalars(wanted).unique())


def _bounds(asked: SessionsWanted) -> list[Any]:
    bounds: list[Any] = []
    if asked.cohorts is not None:
        bounds.append(Session.cohort_id.in_(asked.cohorts))
    if asked.begins_from is not None:
        bounds.append(Session.starts_at >= asked.begins_from)
    if asked.begins_before is not None:
        bounds.append(Session.starts_at < asked.begins_before)
    if asked.status is not None:
        bounds.append(Session.status == asked.status)
    if asked.ids is not None:
        bounds.append(Session.id.in_(asked.ids))
    if asked.patients is not None:
        seated = select(SessionPatient.session_id)
        theirs = seated.where(SessionPatient.person_id.in_(asked.patients))
        bounds.append(Session.id.in_(theirs))
    return bounds


def next_session_after(moment: datetime) -> Session | None:
    """Return the first session that begins after a moment and stands."""
    wanted = select(Session).where(Session.starts_at > moment, Session.status == Status.SCHEDULED)
    return db.session.scalars(wanted.order_by(Session.starts_at, Session.key).limit(1)).first()
