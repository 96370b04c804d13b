"""What a door hands over: one person's way into a session's room, and its telephone number."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.kernel.logs import Log
from scheduler.people.models import Person
from scheduler.rooms import RoomUnavailable, Visit, room_address
from scheduler.sessions.models import Session

log = Log(__name__)


@dataclass(frozen=True, slots=True)
class Handover:
    """`url` is None when the service cannot be reached; a number may still be there to call."""

    url: str | None
    dial_in: str | None


def hand_over(session: Session, person: Person, *, now: datetime) -> Handover | None:
    """Return the way in for one person; None when the session has no room. Whether they may is
    asked before.
    """
    room = session.room
    if room is None:
        return None
    is_staff = person.clinician is not None
    visit = Visit(
        session_id=session.id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        person_id=person.id,
        name=person.name if is_staff else first_name(person.name),
        moderates=is_staff,
    )
    try:
        url = room_address(room, visit, now=now)
    except RoomUnavailable as error:
        log.error("room unavailable", kind=room.service, error=error)
        return Handover(None, room.dial_in)
    return Handover(url, room.dial_in)


def first_name(name: str) -> str:
    """Return what the others in a room may see of somebody's name: families are strangers to each
    other.
    """
    return name.split()[0]
