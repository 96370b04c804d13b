"""Moving one session to another time because somebody asked: only where it fits everybody it
binds.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select

from scheduler.ical import steady, to_utc
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.lifecycle import FIELDS, Meeting, move
from scheduler.sessions.locking import lock_people_and_room
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status

SHORTEST, LONGEST = 10, 480
"""Minutes a session may take."""


def reschedule(
    session: Session, starts_at: datetime, ends_at: datetime, *, by: str, now: datetime
) -> None:
    """Move a session to these UTC instants, everything else as it is; wall time follows in the
    session's zone.

    Raises InputError for a time that can be nobody's, Conflict when it is over or a person or the
    room is engaged.
    """
    if session.status is not Status.SCHEDULED or session.starts_at <= now:
        raise Conflict("this session is over or has fallen out; it cannot be moved")
    minutes = int((ends_at - starts_at).total_seconds()) // 60
    local = starts_at.astimezone(ZoneInfo(session.zone)).replace(
        tzinfo=None, second=0, microsecond=0
    )
    begin = to_utc(local, session.zone)
    whole = begin == starts_at and steady(local, minutes, session.zone)
    if not SHORTEST <= minutes <= LONGEST:
        raise InputError(
            f"no session takes {minutes} minutes: it takes from {SHORTEST} to {LONGEST}"
        )
    if begin <= now or not whole:
        raise InputError(
            "no session can be held then; choose a time ahead, on the minute, outside a clock "
            "change"
        )
    end = begin + timedelta(minutes=minutes)
    bound = [one.id for one in (*session.leads, *session.patients)]
    lock_people_and_room(bound, [session.room_id] if session.room_id else [])
    engaged = who_is_booked(session, begin, end)
    if engaged is not None:
        raise Conflict(f"{engaged}; choose another time")
    fields: dict[str, Any] = {name: getattr(session, name) for name in FIELDS} | {
        "starts_local": f"{local:%Y-%m-%dT%H:%M}",
        "minutes": minutes,
        "starts_at": begin,
        "ends_at": end,
        "leads": tuple(one.id for one in session.leads),
        "patients": tuple(one.id for one in session.patients),
    }
    move(session, Meeting(key=session.key, cohort_id=session.cohort_id, **fields), by=by, now=now)
    refuse_double_booking()


def who_is_booked(session: Session, begin: datetime, end: datetime) -> str | None:
    """Say who of its people, or that the room, is bound by which other session at that time; None:
    all are free.
    """
    leads, patients = [one.id for one in session.leads], [one.id for one in session.patients]
    led = exists().where(SessionLead.session_id == Session.id, SessionLead.person_id.in_(leads))
    sat = exists().where(
        SessionPatient.session_id == Session.id, SessionPatient.person_id.in_(patients)
    )
    bound = or_(led, sat, Session.room_id == session.room_id) if session.room_id else or_(led, sat)
    there = (Session.id != session.id, Session.status == Status.SCHEDULED)
    rows = select(Session).where(*there, Session.starts_at < end, Session.ends_at > begin, bound)
    other = (
        db.session.scalars(rows.order_by(Session.starts_at, Session.key).limit(1)).unique().first()
    )
    if other is None:
        return None
    theirs = {one.id for one in (*other.leads, *other.patients)}
    names = [one.name for one in (*session.leads, *session.patients) if one.id in theirs]
    who = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}" if names else "the room is"
    return f"{who} engaged then, in “{other.title}”"
