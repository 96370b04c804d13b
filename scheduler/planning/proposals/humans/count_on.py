"""Relatives with several rows are kept with the sessions that count on them, as a plan has it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import bodies_by_key
from scheduler.people.models import Person
from scheduler.planning.problem.plan import PlannedSession
from scheduler.programs.models import Cohort
from scheduler.sessions import excuse_guests, seat_guests
from scheduler.sessions.models import Session, SessionGuest


def count_on_guests(cohort: Cohort, sessions: Iterable[PlannedSession], now: datetime) -> None:
    """Let the sessions of a cohort still to come count on the relatives that a plan has in them, as
    far as these have other rows. Who sits or leads elsewhere by another row is excused there.
    """
    to_come = [session for session in sessions if session.start >= now]
    _seat(
        cohort,
        to_come,
        now,
    )
    seated: set[str] = set()
    for session in to_come:
        seated.update(
            session.clinicians,
            session.seated,
        )
    excuse_guests(_ids(bodies_by_key(seated)).values())


def _seat(cohort: Cohort, to_come: Sequence[PlannedSession], now: datetime) -> None:
    relatives = {session.key: session.relatives for session in to_come}
    people: set[str] = set()
    for keys in relatives.values():
        people.update(keys)
    ids = _ids(bodies_by_key(people))
    rows = _rows(
        cohort,
        now,
        all_of_them=bool(ids),
    )
    wanted = {}
    for key, session_id in rows.items():
        wanted[session_id] = [
            ids[person]
            for person in relatives.get(
                key,
                (),
            )
            if person in ids
        ]
    seat_guests(wanted)


def _rows(cohort: Cohort, now: datetime, *, all_of_them: bool) -> dict[str, str]:
    """Return by key the ids of the sessions to come, or only of those that have guests."""
    rows = select(
        Session.key,
        Session.id,
    ).where(
        Session.cohort_id == cohort.id,
        Session.starts_at >= now,
    )
    if not all_of_them:
        rows = rows.where(Session.id.in_(select(SessionGuest.session_id)))
    found = {}
    for key, session_id in db.session.execute(rows):
        found[key] = session_id
    return found


def _ids(keys: Iterable[str]) -> dict[str, str]:
    names = sorted(keys)
    found = {}
    if names:
        for key, person_id in db.session.execute(
            select(
                Person.key,
                Person.id,
            ).where(Person.key.in_(names))
        ):
            found[key] = person_id
    return found
