"""A patient who cannot come to a group takes a seat in another one at once, where that is sure: the
program says how many may sit in it, only patients sit in it, and who leads it may treat them. Else
staff are asked (`make_up_groups`), who seat them there or in another one.
"""

from datetime import datetime

from scheduler import tasks
from scheduler.homes.absences import has_said_no, matter_of
from scheduler.homes.make_up_groups import asked_make_up, groups_that_fit, on_days_enrolled
from scheduler.homes.models import Matter
from scheduler.homes.own_timetable import day_of
from scheduler.homes.said_words import keep_word
from scheduler.invitations import PATIENCE, PRESSING
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Person
from scheduler.programs import Seats
from scheduler.sessions import (
    give_up_make_up_seat,
    leave_make_up_seat,
    lock_people_and_room,
    make_up_seat,
    take_make_up_seat,
)
from scheduler.sessions.models import Session, Status


def is_sure(group: Session) -> bool:
    """True if a place in a group that is offered needs nobody's yes."""
    cap = group.cohort.program.template.rules.group_cap
    return cap is not None and group.seats is Seats.PATIENTS


def booked_instead(session: Session, patient: Person) -> Session | None:
    """Return the group in which a patient makes up for a session, None for none."""
    seat = make_up_seat(session, patient)
    return db.session.get(Session, seat.session_id) if seat is not None else None


def still_made_up(session: Session, patient: Person) -> Session | None:
    """Return the same, None also where it is off, or the patient cannot come to it either."""
    group = booked_instead(session, patient)
    if group is None or group.status is Status.CANCELLED or has_said_no(group, patient):
        return None
    return group


def book_make_up(
    session: Session, other: Session, patient: Person, *, by: str, now: datetime
) -> None:
    """Seat a patient in one of the groups offered in place of a session; staff need help no more.
    A seat that they refused, or whose group is off, is given up for it. Raises Conflict where the
    patient is not enrolled that day, it is not offered any more, or a seat was taken before.
    """
    if not is_sure(other):
        raise _gone(other)
    seat_instead(session, other, patient, by=by, now=now)
    keep_word(
        patient,
        Matter.MAKE_UP,
        {"session": other.id, "booked": True},
        about=session.id,
        now=now,
    )


def seat_instead(
    session: Session, other: Session, patient: Person, *, by: str, now: datetime
) -> None:
    """Do the same as staff decide, also where the seat needs somebody's yes: they said it. Raises
    Conflict as there.
    """
    lock_people_and_room([patient.id])
    if not on_days_enrolled([other], patient):
        day = day_of(other)
        raise Conflict(f"{patient.key} is not enrolled on {day}: choose a group within the stay")
    offered = {group.id for group in groups_that_fit(session, patient, now=now)}
    if other.id not in offered or still_made_up(session, patient) is not None:
        raise _gone(other)
    refused = booked_instead(session, patient)
    if refused is not None:
        give_up_make_up_seat(refused, patient, by=by, now=now)
    take_make_up_seat(
        other,
        patient,
        instead_of=session,
        by=by,
        now=now,
    )
    asked = asked_make_up(session, patient)
    tasks.finish_matter(matter_of(session), about_id=patient.id, by=by, now=now)
    tasks.finish_matter(f"make_up:{session.id}:{asked}", about_id=patient.id, by=by, now=now)


def may_give_back(session: Session, patient: Person, *, now: datetime) -> bool:
    """True if the seat taken in place of a session can be given back: while nobody was told."""
    seat = make_up_seat(session, patient)
    other = db.session.get(Session, seat.session_id) if seat is not None else None
    if seat is None or other is None:
        return False
    return seat.made_at + PRESSING < other.starts_at and now < seat.made_at + PATIENCE


def give_back_make_up(session: Session, patient: Person, *, by: str, now: datetime) -> None:
    """Give the seat back that was taken in place of a session: everything is as before. Raises
    Conflict when it is too late.
    """
    other = booked_instead(session, patient)
    if other is None or not may_give_back(session, patient, now=now):
        raise Conflict(f"the seat in place of {session.key} cannot be given back any more")
    leave_make_up_seat(other, patient, by=by, now=now)
    tasks.raise_again(matter_of(session), now=now)


def _gone(other: Session) -> Conflict:
    return Conflict(f"{other.key} has no place any more")
