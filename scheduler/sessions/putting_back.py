"""Putting a session back that was cancelled or moved: where it was, or, once cancelled, anywhere it
fits.
"""

from datetime import datetime, timedelta

from scheduler.ical import steady, to_utc
from scheduler.kernel.errors import Conflict, InputError
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.lifecycle import move
from scheduler.sessions.locking import lock_people_and_room
from scheduler.sessions.models import Session, Status
from scheduler.sessions.rescheduling import meeting_at, who_is_booked


def can_be_put_back(session: Session, *, now: datetime) -> bool:
    """True if a session was cancelled or moved and has not begun."""
    if session.starts_at <= now or session.taken_back:
        return False
    if session.status is Status.CANCELLED:
        return True
    was_moved = session.moved_from is not None
    return was_moved and session.status is Status.SCHEDULED


def put_back(
    session: Session, *, to: datetime | None = None, by: str, now: datetime
) -> list[Session]:
    """Put a session back where it was before it was cancelled, else moved; a cancelled one, with
    `to` (naive wall time of its zone), there. Give it.

    Raises Conflict when there is nothing to put back, it would begin in the past, or a person or
    the room is engaged; InputError for a time that can be nobody's.
    """
    if not can_be_put_back(session, now=now):
        raise Conflict(f"{session.key} has begun, or was neither cancelled nor moved")
    wall, minutes = place_back(session, to)
    begin = to_utc(wall, session.zone)
    end = begin + timedelta(minutes=minutes)
    if begin <= now:
        raise Conflict(f"{session.key} would begin in the past")
    if not steady(wall, minutes, session.zone):
        raise InputError("no session can be held then; choose a time outside a clock change")
    meeting = meeting_at(
        session,
        starts_local=f"{wall:%Y-%m-%dT%H:%M}",
        starts_at=begin,
        ends_at=end,
        minutes=minutes,
    )
    rooms = [session.room_id] if session.room_id else []
    lock_people_and_room([*meeting.leads, *meeting.patients], rooms)
    engaged = who_is_booked(session, begin, end)
    if engaged is not None:
        raise Conflict(f"{engaged}; choose another time")
    move(session, meeting, by=by, now=now)
    refuse_double_booking()
    return [session]


def place_back(session: Session, to: datetime | None) -> tuple[datetime, int]:
    """Return the wall start and the minutes that a session is put back to, which can be."""
    if session.status is Status.CANCELLED:
        return to or datetime.fromisoformat(session.starts_local), session.minutes
    assert session.moved_from is not None
    minutes = session.minutes_before or session.minutes
    return datetime.fromisoformat(session.moved_from), minutes
