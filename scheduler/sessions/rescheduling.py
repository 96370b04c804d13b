"""Moving one session to another time because somebody asked: only where it fits everybody it
binds.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Exists, and_, exists, or_, select
from sqlalchemy.orm import selectinload

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
ELSEWHERE = "somebody of this session has another appointment then"
NO_TIME = "no session can be held then; choose a time ahead, on the minute, outside a clock change"


@dataclass(frozen=True, slots=True)
class Booked:
    """A stretch in which a session's people or room are bound elsewhere, and in words by what."""

    starts_at: datetime
    ends_at: datetime
    words: str


def can_be_held(wall: datetime, minutes: int, zone: str, *, now: datetime) -> bool:
    """True if a session of so many minutes can begin at this wall time of `zone`: it is ahead, and
    no clock changes meanwhile.
    """
    return to_utc(wall, zone) > now and steady(wall, minutes, zone)


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
    if begin != starts_at or not can_be_held(wall, minutes, session.zone, now=now):
        raise InputError(NO_TIME)
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
    for booked in bookings_between(session, begin, end, most=1):
        return booked.words
    return None


def bookings_between(
    session: Session, begin: datetime, end: datetime, *, most: int | None = None
) -> list[Booked]:
    """Return when between two moments its people or its room are bound by other sessions, in order
    of time; those last that bind somebody by another of their rows, of which nothing is said.
    `most` of each at most.
    """
    guests = guests_of([session.id]).get(session.id, set())
    people = (*session.leads, *session.patients)
    ours = {person.id for person in people} | guests
    found = []
    for other in _other_sessions(session, ours, begin, end, most=most):
        theirs = {person.id for person in (*other.leads, *other.patients)}
        words = f"{_who(people, theirs)} engaged then, in “{other.called}”"
        found.append(Booked(other.starts_at, other.ends_at, words))
    selves = other_selves(ours)
    if not selves or (found and most == 1):
        return found
    hidden = _other_sessions(session, selves, begin, end, with_guests=True, most=most)
    for other in hidden:
        found.append(Booked(other.starts_at, other.ends_at, ELSEWHERE))
    return found


def _who(people: Iterable[Person], engaged: Collection[str]) -> str:
    names = [person.name for person in people if person.id in engaged]
    if not names:
        return "the room is"
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _other_sessions(
    session: Session,
    people: Collection[str],
    begin: datetime,
    end: datetime,
    *,
    with_guests: bool = False,
    most: int | None = None,
) -> Sequence[Session]:
    """Return the other sessions in that time which need one of these people (ids) or, their own
    rows asked, the room; `most` of them.
    """
    bound = _counting_guests(people) if with_guests else _in_their_own_rows(session, people)
    rows = (
        select(Session)
        .options(selectinload(Session.leads), selectinload(Session.patients))
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
        .limit(most)
    )
    return db.session.scalars(rows).unique().all()


def _in_their_own_rows(session: Session, people: Collection[str]) -> ColumnElement[bool]:
    """Ask for sessions that one of these people (ids) leads or sits in, or that take the room."""
    bound = or_(_led_by(people), _sat_in_by(people))
    if not session.room_id:
        return bound
    return or_(
        bound,
        Session.room_id == session.room_id,
    )


def _counting_guests(people: Collection[str]) -> ColumnElement[bool]:
    """Ask for sessions that one of these people (ids) is in, relatives counted on, too."""
    counted_on = exists().where(
        SessionGuest.session_id == Session.id,
        SessionGuest.person_id.in_(people),
    )
    sits = and_(
        _sat_in_by(people),
        Session.seats != Seats.FAMILIES,
    )
    return or_(
        _led_by(people),
        sits,
        counted_on,
    )


def _led_by(people: Collection[str]) -> Exists:
    return exists().where(
        SessionLead.session_id == Session.id,
        SessionLead.person_id.in_(people),
    )


def _sat_in_by(people: Collection[str]) -> Exists:
    return exists().where(
        SessionPatient.session_id == Session.id,
        SessionPatient.person_id.in_(people),
    )


def is_within_reach(session_row: Session, day: date, *, today: date) -> bool:
    """True if a session may be moved to a day: within its cohort's stay or two years from today.

    Every week up to the day is looked at, so a mistyped year must not get that far.
    """
    cohort = session_row.cohort
    end_of_stay = last_day(cohort.starts, cohort.program.template.weeks)
    first = min(cohort.starts, today)
    _, farthest = first_and_last(today)
    return first <= day <= max(end_of_stay, farthest)
