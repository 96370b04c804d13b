"""Two sessions change places: each begins when the other did, in the other's room."""

from datetime import datetime, timedelta

from scheduler.ical import to_utc
from scheduler.kernel.errors import Conflict, InputError
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.lifecycle import Meeting, move
from scheduler.sessions.locking import lock_people_and_room
from scheduler.sessions.models import Session, Status
from scheduler.sessions.rescheduling import NO_TIME, can_be_held, meeting_at, who_is_booked


def swap_places(one: Session, other: Session, *, by: str, now: datetime) -> list[Session]:
    """Let two sessions of a cohort change places; each keeps its length. Give them.

    Raises InputError for what is no pair or a time that can be nobody's, Conflict when one is over
    or cancelled, or a person or room is engaged.
    """
    _refuse_odd_pair(one, other, now)
    meetings = (_in_place_of(one, other, now), _in_place_of(other, one, now))
    rooms = {row.room_id for row in (one, other) if row.room_id}
    people: list[str] = []
    for meeting in meetings:
        people += meeting.leads
        people += meeting.patients
    lock_people_and_room(people, sorted(rooms))
    pair = [one, other]
    for row, meeting in zip(pair, meetings, strict=True):
        move(row, meeting, by=by, now=now)
    for row in pair:
        engaged = who_is_booked(row, row.starts_at, row.ends_at)
        if engaged is not None:
            raise Conflict(engaged)
    refuse_double_booking()
    return pair


def _in_place_of(session: Session, other: Session, now: datetime) -> Meeting:
    """Return a session as it is when it begins where another one does."""
    wall = datetime.fromisoformat(other.starts_local)
    if not can_be_held(wall, session.minutes, session.zone, now=now):
        raise InputError(NO_TIME)
    begin = to_utc(wall, session.zone)
    end = begin + timedelta(minutes=session.minutes)
    return meeting_at(
        session,
        starts_local=other.starts_local,
        starts_at=begin,
        ends_at=end,
        room_id=other.room_id,
    )


def _refuse_odd_pair(one: Session, other: Session, now: datetime) -> None:
    if one.id == other.id or one.cohort_id != other.cohort_id:
        raise InputError("two sessions of one cohort change places")
    for session in (one, other):
        if session.status is not Status.SCHEDULED or session.starts_at <= now:
            raise Conflict(f"{session.key} is over or cancelled; it cannot be changed")
