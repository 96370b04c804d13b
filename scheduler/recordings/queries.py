"""Shared reads of recordings."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.recordings.models import Recording, RecordingPass
from scheduler.sessions.models import RoomEntry, Session, SessionPatient


def recording_of(session: Session, *, now: datetime) -> Recording | None:
    """Return the recording of a session that may be watched now, None without one."""
    wanted = select(Recording).where(
        Recording.session_id == session.id,
        Recording.removed_at.is_(None),
        Recording.ends_at > now,
    )
    return db.session.scalars(wanted.order_by(Recording.added_at.desc())).first()


def recording_to_watch(recording_id: str, *, now: datetime) -> Recording | None:
    """Return a recording that may be watched now, None for any other id."""
    found = db.session.get(Recording, recording_id)
    if found is not None and found.stands(now):
        return found
    return None


def recordings_near(patients: Collection[str], *, now: datetime) -> list[Recording]:
    """Return what may be watched now of the sessions that these patients (ids) are in, the newest
    first.
    """
    wanted = (
        select(Recording)
        .join(Session, Session.id == Recording.session_id)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .where(
            SessionPatient.person_id.in_(patients),
            Recording.removed_at.is_(None),
            Recording.ends_at > now,
        )
        .order_by(Session.starts_at.desc(), Recording.id)
    )
    return list(db.session.scalars(wanted).unique())


def entered(person_id: str, sessions: Collection[str]) -> set[str]:
    """Return which of these sessions (ids) a person was let into the room of."""
    wanted = select(RoomEntry.session_id).where(
        RoomEntry.person_id == person_id, RoomEntry.session_id.in_(sessions)
    )
    return set(db.session.scalars(wanted))


def watched_by(recording: Recording) -> tuple[int, int]:
    """Return how many people have opened a recording, and how often in all."""
    wanted = select(
        func.count(RecordingPass.person_id.distinct()),
        func.coalesce(func.sum(RecordingPass.times), 0),
    ).where(RecordingPass.recording_id == recording.id, RecordingPass.times > 0)
    row = db.session.execute(wanted).one()
    people, times = row
    return int(people), int(times)
