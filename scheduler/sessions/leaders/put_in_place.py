"""Putting a colleague in a leader's place by hand, or the leader back in theirs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scheduler.kernel.errors import Conflict, InputError
from scheduler.people.models import Person
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.lifecycle import move
from scheduler.sessions.locking import lock_people_and_room
from scheduler.sessions.models import Session, Status
from scheduler.sessions.rescheduling import meeting_at, who_is_booked


def put_in_place(
    session: Session, *, leaves: Person, comes: Person, by: str, now: datetime
) -> list[Session]:
    """Let `comes` lead a session instead of `leaves`, at its time, until a person says otherwise;
    give it.

    Raises InputError when `leaves` does not lead it or `comes` does already, Conflict when it is
    over or cancelled, or who comes is engaged then.
    """
    _refuse_odd_wish(session, leaves, comes, now)
    before = [person.id for person in session.leads]
    after = [comes.id if person_id == leaves.id else person_id for person_id in before]
    as_planned = session.leads_before or _written(before)
    meeting = replace(meeting_at(session), leads=tuple(after))
    rooms = [session.room_id] if session.room_id else []
    lock_people_and_room([*before, *after, *meeting.patients], rooms)
    move(session, meeting, by=by, now=now)
    session.leads_before = None if as_planned == _written(after) else as_planned
    engaged = who_is_booked(session, session.starts_at, session.ends_at)
    if engaged is not None:
        raise Conflict(engaged)
    refuse_double_booking()
    return [session]


def _refuse_odd_wish(session: Session, leaves: Person, comes: Person, now: datetime) -> None:
    if session.status is not Status.SCHEDULED or session.starts_at <= now:
        raise Conflict(f"{session.key} is over or cancelled; it cannot be changed")
    leads = {person.id for person in session.leads}
    if leaves.id not in leads:
        raise InputError(f"{leaves.key} does not lead {session.key}")
    if comes.id in leads:
        raise InputError(f"{comes.key} leads {session.key} already")


def _written(people: Iterable[str]) -> str:
    return " ".join(sorted(people))
