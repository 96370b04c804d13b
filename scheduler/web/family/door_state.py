"""What is true of an appointment at its door: too early, now, over, moved, cancelled; and the next
one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.consents import agenda, audience, good_grants
from scheduler.invitations import ToldDate, dates_told
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.people.models import Person, PersonKind
from scheduler.sessions.models import Session, Status
from scheduler.web.family.room_hours import is_open

MEANT = timedelta(hours=12)
"""Who stands at the door this near to a date they were told of means that one."""


class Door(StrEnum):
    """How a door is found."""

    OPEN = "open"
    EARLY = "early"
    MOVED = "moved"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DoorState:
    """`session` is the one meant; `told` is when its reader believes it begins; `following` comes
    after it.
    """

    door: Door
    session: Session
    told: ToldDate
    following: Session | None = None


def door_state(row: Invitation, person: Person, *, now: datetime) -> DoorState | None:
    """Return what the person an invitation is for may know at its door; None for nothing."""
    mine = _sessions_ahead(row, person, now)
    live = {session.id: session for session in mine}
    meant = _meant(dates_told([row]), live, now)
    if meant is None:
        return None
    session = live.get(meant.session_id)
    if session is None:
        session = db.session.get(Session, meant.session_id)
    if session is None or not _may_know(session, person, live, now):
        return None
    return DoorState(
        _door(session, meant, now),
        session,
        meant,
        _following(mine, session, now),
    )


def _sessions_ahead(row: Invitation, person: Person, now: datetime) -> list[Session]:
    """Return what is not over and the person may know of the patient an invitation is about."""
    found = []
    for session, recipient in agenda(person, now=now, since=now):
        if recipient.about_id == row.patient_id:
            found.append(session)
    return found


def _is_open_now(session: Session | None, now: datetime) -> bool:
    return session is not None and is_open(session, now)


def _meant(told: Sequence[ToldDate], live: dict[str, Session], now: datetime) -> ToldDate | None:
    """Return the date that somebody at the door means: what is open, else the nearest, else
    the next, else the last.
    """
    for date in told:
        if _is_open_now(live.get(date.session_id), now):
            return date
    near = [date for date in told if date.begins_at - MEANT <= now <= date.ends_at + MEANT]
    if near:
        return min(near, key=lambda date: abs(date.begins_at - now))
    ahead = [date for date in told if date.session_id in live]
    if ahead:
        return ahead[0]
    return told[-1] if told else None


def _may_know(session: Session, person: Person, live: dict[str, Session], now: datetime) -> bool:
    if session.id in live:
        return True
    if session.status is Status.CANCELLED:
        # Nobody is the audience of what does not take place: who would be may know that.
        grants = good_grants(person, now=now)
        return person.kind is PersonKind.PATIENT or session.kind in {
            grant.purpose for grant in grants
        }
    return person.id in {recipient.person.id for recipient in audience(session, now=now)}


def _door(session: Session, told: ToldDate, now: datetime) -> Door:
    if session.status is Status.CANCELLED:
        return Door.CANCELLED
    if session.ends_at <= now:
        return Door.ENDED
    if is_open(session, now):
        return Door.OPEN
    return Door.EARLY if session.starts_at == told.begins_at else Door.MOVED


def _following(mine: Sequence[Session], session: Session, now: datetime) -> Session | None:
    for candidate in mine:
        if candidate.id != session.id and candidate.starts_at > now:
            return candidate
    return None
