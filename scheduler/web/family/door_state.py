"""What is true of an appointment at its door: too early, now, over, moved, cancelled; and the next
one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.attendance import attendance_of_all
from scheduler.attendance.models import AttendanceState
from scheduler.consents import agenda, audience, good_grants
from scheduler.invitations import DateSaid, answered_dates, end_of_day
from scheduler.invitations.model.models import Answer
from scheduler.kernel.database import db
from scheduler.people import practice
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
    DECLINED = "declined"
    """It is still to come, and they said no to it."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """For whom a door is, about which patient (id), and the dates its reader believes in: what
    they were told, and `before`, what was moved or cancelled since. `uid` is the invitation's;
    None for what only a patient's calendar address says.
    """

    person: Person
    patient_id: str
    told: tuple[DateSaid, ...]
    before: tuple[DateSaid, ...]
    uid: str | None


@dataclass(frozen=True, slots=True)
class DoorState:
    """`session` is the one meant; `told` is when its reader believes it begins; `following` comes
    after it.
    """

    door: Door
    session: Session
    told: DateSaid
    following: Session | None = None


def door_state(doorway: Doorway, *, now: datetime) -> DoorState | None:
    """Return what the person a door is for may know at it; None for nothing."""
    mine = _sessions_ahead(doorway, now)
    live = {session.id: session for session in mine}
    declined = _declined(doorway.person, live)
    meant = _meant(doorway, live, declined, now)
    if meant is None:
        return None
    session = live.get(meant.session_id)
    if session is None:
        session = db.session.get(Session, meant.session_id)
    if session is None or not _may_know(session, doorway, live, now):
        return None
    door = _door(session, meant, now)
    if door is Door.EARLY and session.id in declined:
        door = Door.DECLINED
    comes_to = [held for held in mine if held.id not in declined]
    return DoorState(
        door,
        session,
        meant,
        _following(comes_to, session, now),
    )


def is_ahead(doorway: Doorway, now: datetime) -> bool:
    """True if something that was told, there or under another name, is still to come, or lasts."""
    told = {date.session_id for date in (*doorway.told, *doorway.before)}
    return any(session.id in told for session in _sessions_ahead(doorway, now))


def is_about(date: DateSaid, now: datetime) -> bool:
    """True if who comes at `now` may mean a date: from half a day before it until its day is over,
    at its clinic.
    """
    return date.begins_at - MEANT <= now < end_of_day(date.ends_at, practice().zone)


def _sessions_ahead(doorway: Doorway, now: datetime) -> list[Session]:
    """Return what is not over and the person may know of the patient a door is about."""
    found = []
    for session, recipient in agenda(doorway.person, now=now, since=now):
        if recipient.about_id == doorway.patient_id:
            found.append(session)
    return found


def _declined(person: Person, live: Collection[str]) -> set[str]:
    """Return those of these sessions (ids) that somebody said no to, as they stand: an answer, or a
    patient's own word that they cannot come.
    """
    declined = set()
    for date in answered_dates([person.id]):
        if date.current and date.answer is Answer.DECLINED:
            declined.add(date.session_id)
    for session_id, marks in attendance_of_all(list(live)).items():
        mark = marks.get(person.id)
        if mark is None or mark.state is not AttendanceState.EXCUSED:
            continue
        if mark.by == person.key:
            declined.add(session_id)
    return declined.intersection(live)


def _is_open_now(session: Session | None, now: datetime) -> bool:
    return session is not None and is_open(session, now)


def _meant(
    doorway: Doorway, live: dict[str, Session], declined: Collection[str], now: datetime
) -> DateSaid | None:
    """Return the date that somebody at the door means: what is open, else the nearest of today,
    moved and cancelled ones too, else the next that stands, else the last; what they said no to
    comes last of these.
    """
    told = doorway.told
    for date in told:
        if _is_open_now(live.get(date.session_id), now):
            return date
    near = _near(doorway, now)
    if near:
        return min(near, key=lambda date: (date.session_id in declined, abs(date.begins_at - now)))
    ahead = [date for date in (*told, *doorway.before) if date.session_id in live]
    if ahead:
        return min(
            ahead,
            key=lambda date: (date.session_id in declined, live[date.session_id].starts_at),
        )
    return told[-1] if told else None


def _near(doorway: Doorway, now: datetime) -> list[DateSaid]:
    """Return the dates that are near enough to be meant, those that stand first."""
    near = []
    for date in doorway.told:
        if date.begins_at - MEANT <= now <= date.ends_at + MEANT:
            near.append(date)
    for date in doorway.before:
        if is_about(date, now):
            near.append(date)
    return near


def _may_know(session: Session, doorway: Doorway, live: dict[str, Session], now: datetime) -> bool:
    person: Person = doorway.person
    if session.id in live:
        return True
    if session.status is Status.CANCELLED:
        # Nobody is the audience of what does not take place: who would be may know that.
        grants = good_grants(person, now=now)
        return person.kind is not PersonKind.RELATIVE or session.kind in {
            grant.purpose for grant in grants
        }
    return person.id in {recipient.person.id for recipient in audience(session, now=now)}


def _door(session: Session, told: DateSaid, now: datetime) -> Door:
    if session.status is Status.CANCELLED:
        return Door.CANCELLED
    if session.ends_at <= now:
        return Door.ENDED
    if is_open(session, now):
        return Door.OPEN
    return Door.EARLY if session.starts_at == told.begins_at else Door.MOVED


def _following(mine: Sequence[Session], session: Session, now: datetime) -> Session | None:
    after = max(session.starts_at, now)
    for candidate in mine:
        if candidate.id != session.id and candidate.starts_at > after:
            return candidate
    return None
