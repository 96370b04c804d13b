"""What stands in the cohorts beside one, with no more of each session than binds people and rooms:
a larger house has many.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.planning.problem.problem import Commitment
from scheduler.programs.models import VideoRoom
from scheduler.sessions import make_ups_of
from scheduler.sessions.models import Session, SessionLead, Status


@dataclass(frozen=True, slots=True)
class StandingBeside:
    """A session of another cohort: when, and which leaders and room (keys) it takes."""

    key: str
    cohort_id: str
    starts_at: datetime
    ends_at: datetime
    leads: tuple[str, ...]
    room: str | None


def standing_beside(cohort_ids: Iterable[str]) -> list[StandingBeside]:
    """Return what stands in these cohorts, in order of time."""
    ids = list(cohort_ids)
    if not ids:
        return []
    stands = (Session.cohort_id.in_(ids), Session.status != Status.CANCELLED)
    leads = _leads(stands)
    wanted = select(
        Session.id,
        Session.key,
        Session.cohort_id,
        Session.starts_at,
        Session.ends_at,
        VideoRoom.key,
    )
    wanted = wanted.outerjoin(VideoRoom, VideoRoom.id == Session.room_id).where(*stands)
    wanted = wanted.order_by(Session.starts_at, Session.key)
    found = []
    for session_id, key, cohort_id, start, end, room in db.session.execute(wanted):
        led_by = tuple(leads[session_id])
        found.append(StandingBeside(key, cohort_id, start, end, led_by, room))
    return found


def make_ups_elsewhere(patients: Iterable[str]) -> list[Commitment]:
    """Return when patients (keys) sit in a group that is not theirs, to make up for another one: it
    stands, and no plan knows of it.
    """
    found = []
    for key, session in make_ups_of(list(patients)):
        commitment = Commitment(
            session.starts_at,
            session.ends_at,
            (key,),
            takes_room=False,
            about=session.key,
        )
        found.append(commitment)
    return found


def _leads(stands: Sequence[ColumnElement[bool]]) -> dict[str, list[str]]:
    """Return by session (id) the keys of who leads it, for the sessions that `stands` chooses."""
    leading = select(SessionLead.session_id, Person.key)
    leading = leading.join(Person, Person.id == SessionLead.person_id)
    leading = leading.join(Session, Session.id == SessionLead.session_id)
    leading = leading.where(*stands).order_by(Person.key)
    leads: dict[str, list[str]] = defaultdict(list)
    for session_id, key in db.session.execute(leading):
        leads[session_id].append(key)
    return leads
