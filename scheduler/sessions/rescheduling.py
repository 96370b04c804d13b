"""Moving one session to another time because somebody asked: only where it fits everybody it
binds.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, or_, select

from scheduler.ical import steady, to_utc
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.untrusted.day_bounds import first_and_last
from scheduler.people import other_selves
from scheduler.people.models import Person
from scheduler.programs import Seats, last_day
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.humans.guests import guests_of
from scheduler.sessions.lifecycle import FIELDS, Meeting, move
from scheduler.sessions.locking import lock_people_and_room
from scheduler.sessions.models import Session, SessionGuest, SessionLead, SessionPatient, Status

SHORTEST = 10
LONGEST = 480
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
        raise Conflict("this session is over or cancelled; it cannot be moved")
    minutes = int((ends_at - starts_at).total_seconds()) // 60
    local = starts_at.astimezone(ZoneInfo(session.zone))
    wall = local.replace(tzinfo=None, second=0, microsecond=0)
    begin = to_utc(wall, session.zone)
    _refuse_odd_length(minutes)
    is_whole = begin == starts_at and steady(wall, minutes, session.zone)
    if begin <= now or not is_whole:
        raise InputError(
            "no session can be held then; choose a time ahead, on the minute, outside a clock "
            "change"
        )
    end = begin + timedelta(minutes=minutes)
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


def meeting_at(session: Session, **changed: Any) -> Meeting:
    """Return what a session is, but for what is `changed`; people and room stay as they are."""
    fields: dict[str, Any] = {name: getattr(session, name) for name in FIELDS}
    fields.update(changed)
    return Meeting(
        key=session.key,
        cohort_id=session.cohort_id,
        leads=tuple(clinician.id for clinician in session.leads),
        patients=tuple(patient.id for patient in session.patients),
        **fields,
    )


def _refuse_odd_length(minutes: int) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise InputError(
            f"no session takes {minutes} minutes: it takes from {SHORTEST} to {LONGEST}"
        )


def who_is_booked(session: Session, begin: datetime, end: datetime) -> str | None:
    """Return who of its people, or that the room, is bound by which other session at that time;
    None: all are free.

    Of a session that binds somebody by another of their rows nothing is said.
    """
    guests = guests_of([session.id]).get(
        session.id,
        set(),
    )
    ours = {person.id for person in (*session.leads, *session.patients)} | guests
    other = _other_session(
        session,
        ours,
        begin,
        end,
    )
    if other is not None:
        theirs = {person.id for person in (*other.leads, *other.patients)}
        people = (*session.leads, *session.patients)
        return f"{_who(people, theirs)} engaged then, in “{other.title}”"
    selves = other_selves(ours)
    if (
        selves
        and _other_session(
            session,
            selves,
            begin,
            end,
            with_guests=True,
        )
        is not None
    ):
        return "somebody of this session has another appointment then"
    return None


def _who(people: Iterable[Person], engaged: Collection[str]) -> str:
    names = [person.name for person in people if person.id in engaged]
    if not names:
        return "the room is"
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _other_session(
    session: Session,
    people: Collection[str],
    begin: datetime,
    end: datetime,
    *,
    with_guests: bool = False,
) -> Session | None:
    """Return the first other session in that time which needs one of these people (ids) or, their
    own rows asked, the room.
    """
    led = exists().where(
        SessionLead.session_id == Session.id,
        SessionLead.person_id.in_(people),
    )
    sat = exists().where(
        SessionPatient.session_id == Session.id,
        SessionPatient.person_id.in_(people),
    )
    bound = or_(
        led,
        sat,
    )
    if with_guests:
        counted_on = exists().where(
            SessionGuest.session_id == Session.id,
            SessionGuest.person_id.in_(people),
        )
        sits = and_(
            sat,
            Session.seats != Seats.FAMILIES,
        )
        bound = or_(
            led,
            sits,
            counted_on,
        )
    elif session.room_id:
        bound = or_(
            bound,
            Session.room_id == session.room_id,
        )
    rows = (
        select(Session)
        .where(Session.id != session.id)
        .where(Session.status == Status.SCHEDULED)
        .where(
            Session.starts_at < end,
            Session.ends_at > begin,
        )
        .where(bound)
        .order_by(
            Session.starts_at,
            Session.key,
        )
        .limit(1)
    )
    return db.session.scalars(rows).unique().first()


def is_within_reach(session_row: Session, day: date, *, today: date) -> bool:
    """True if a session may be moved to a day: within its cohort's stay or two years from today.

    Every week up to the day is looked at, so a mistyped year must not get that far.
    """
    cohort = session_row.cohort
    end_of_stay = last_day(cohort.starts, cohort.program.template.weeks)
    first = min(cohort.starts, today)
    _, farthest = first_and_last(today)
    return first <= day <= max(end_of_stay, farthest)
