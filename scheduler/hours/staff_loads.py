"""What clinicians carry, by week: hours led, minutes kept free after sessions, and how many of
those who sat with them did not come.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select

from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.kernel.database import db
from scheduler.people.models import Clinician, Person
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status


@dataclass(frozen=True, slots=True)
class Load:
    """One clinician's week, which begins on the Monday `monday` of the practice's zone."""

    person_id: str
    monday: datetime
    sessions: int
    minutes: int
    buffer_minutes: int
    no_shows: int
    seats: int
    """Words about patients in their sessions; no-shows are some of them."""

    @property
    def hours(self) -> float:
        """Return the hours led."""
        return self.minutes / 60


def loads_of_staff(
    *, now: datetime, zone: str, before: int = 3, after: int = 2
) -> tuple[list[Person], dict[tuple[str, datetime], Load]]:
    """Return who leads sessions, by name, and the load of each in the weeks around `now`: `before`
    of them over, `after` ahead; by person (id) and Monday.
    """
    here = now.astimezone(ZoneInfo(zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    this = midnight - timedelta(days=here.weekday())
    mondays = [this + timedelta(weeks=number) for number in range(-before, after + 1)]
    staff = _staff()
    buffers = {person.id: person.clinician.buffer for person in staff if person.clinician}
    found = {}
    for monday in mondays:
        until = monday + timedelta(weeks=1)
        words = _words(monday, until)
        for person_id, sessions, minutes in _led(monday, until):
            no_shows, seats = words[person_id]
            found[person_id, monday] = Load(
                person_id=person_id,
                monday=monday,
                sessions=sessions,
                minutes=minutes,
                buffer_minutes=sessions * buffers.get(person_id, 0),
                no_shows=no_shows,
                seats=seats,
            )
    return staff, found


def _staff() -> list[Person]:
    rows = select(Person).join(Clinician, Clinician.person_id == Person.id)
    return list(db.session.scalars(rows.order_by(Person.name, Person.key)).unique())


def _led(since: datetime, until: datetime) -> Iterable[tuple[str, int, int]]:
    """Return by leader (id) how many sessions begin in a week, and their minutes together."""
    wanted = (
        select(SessionLead.person_id, func.count(), func.sum(Session.minutes))
        .join(Session, Session.id == SessionLead.session_id)
        .where(
            Session.starts_at >= since,
            Session.starts_at < until,
            Session.status != Status.CANCELLED,
        )
        .group_by(SessionLead.person_id)
    )
    for person_id, sessions, minutes in db.session.execute(wanted):
        yield person_id, sessions, int(minutes)


def _words(since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """Return by leader (id) how many patients did not come, and of how many something was said."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (lead_id, _session, _person), mark in _newest(since, until).items():
        if mark.taken_back:
            continue
        no_shows, seats = found[lead_id]
        is_no_show = mark.state is AttendanceState.NO_SHOW
        found[lead_id] = no_shows + is_no_show, seats + 1
    return found


def _newest(since: datetime, until: datetime) -> dict[tuple[str, str, str], AttendanceMark]:
    """Return the newest word by leader, session and patient (ids)."""
    seat_of_mark = and_(
        SessionPatient.session_id == Session.id,
        SessionPatient.person_id == AttendanceMark.person_id,
    )
    wanted = (
        select(SessionLead.person_id, AttendanceMark)
        .join(Session, Session.id == SessionLead.session_id)
        .join(AttendanceMark, AttendanceMark.session_id == Session.id)
        .join(SessionPatient, seat_of_mark)
        .where(
            Session.starts_at >= since,
            Session.starts_at < until,
            Session.status != Status.CANCELLED,
        )
        .order_by(AttendanceMark.turn)
    )
    newest = {}
    for lead_id, mark in db.session.execute(wanted):
        newest[lead_id, mark.session_id, mark.person_id] = mark
    return newest
