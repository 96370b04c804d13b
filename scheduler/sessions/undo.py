"""Undoing a change made by hand: every session back where it was, whole or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.ical import to_utc
from scheduler.kernel.errors import Conflict
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.edit import session_by_key
from scheduler.sessions.lifecycle import move
from scheduler.sessions.locking import lock_people_and_room
from scheduler.sessions.models import Session
from scheduler.sessions.rescheduling import meeting_at, who_is_booked


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a session was before a change; `version` is the one the change left it with."""

    key: str
    starts_local: str
    minutes: int
    series: str
    version: int


def snapshot(sessions: Iterable[Session]) -> dict[str, Snapshot]:
    """Return by key where sessions are now, for `put_back` after what follows (see `changed`)."""
    return {
        session.key: Snapshot(
            session.key,
            session.starts_local,
            session.minutes,
            session.series,
            session.version,
        )
        for session in sessions
    }


def changed(before: dict[str, Snapshot], sessions: Iterable[Session]) -> list[Snapshot]:
    """Return what undoes the change that `sessions` went through since `before`."""
    return [
        Snapshot(
            old.key,
            old.starts_local,
            old.minutes,
            old.series,
            session.version,
        )
        for session in sessions
        if (old := before[session.key]).version != session.version or old.series != session.series
    ]


def undo_change(rows: Sequence[Snapshot], *, by: str, now: datetime) -> list[Session]:
    """Put sessions back, those that fell out as well; give them.

    Raises Conflict, with nothing changed, when one was changed again since, would begin in the
    past, or a person or room it needs is engaged by now.
    """
    pairs = [(session_by_key(snapshot.key), snapshot) for snapshot in rows]
    for session, old in pairs:
        if session.version != old.version:
            raise Conflict(f"{session.key} was changed again since; look at it anew")
    # The first to go is the one whose old place none of the others holds.
    later = any(session.starts_local > old.starts_local for session, old in pairs)
    found = []
    for session, old in sorted(
        pairs,
        key=lambda pair: pair[1].starts_local,
        reverse=not later,
    ):
        _back(session, old, by, now)
        found.append(session)
    return found


def _back(session: Session, old: Snapshot, by: str, now: datetime) -> None:
    begin = to_utc(datetime.fromisoformat(old.starts_local), session.zone)
    end = begin + timedelta(minutes=old.minutes)
    if begin <= now:
        raise Conflict(f"{session.key} would begin in the past")
    meeting = meeting_at(
        session,
        series=old.series,
        starts_local=old.starts_local,
        starts_at=begin,
        ends_at=end,
        minutes=old.minutes,
    )
    rooms = [session.room_id] if session.room_id else []
    lock_people_and_room([*meeting.leads, *meeting.patients], rooms)
    engaged = who_is_booked(session, begin, end)
    if engaged is not None:
        raise Conflict(engaged)
    move(session, meeting, by=by, now=now)
    refuse_double_booking()
