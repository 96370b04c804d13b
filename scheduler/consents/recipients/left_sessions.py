"""Sessions that go on without a patient whose stay has ended: what they knew of them, no more."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler.consents.recipients.audience import is_barred
from scheduler.consents.recipients.barriers import barred_people
from scheduler.consents.recipients.queries import agendas
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.sessions import LEFT
from scheduler.sessions.models import Session, SessionChange

DAYS = timedelta(days=2)
"""How long after its end the day of a session may last, wherever it is held."""


def left_sessions(people: Collection[Person], *, now: datetime) -> dict[str, list[Session]]:
    """Return by person (id) the sessions they left whose day is not over, in order; without those
    that have moved since, which are none of theirs to know.
    """
    ids = [person.id for person in people]
    rows = (
        select(SessionChange.people, Session)
        .join(Session, Session.id == SessionChange.session_id)
        .where(
            SessionChange.version == LEFT,
            SessionChange.people.in_(ids),
            SessionChange.ends_at > now - DAYS,
            SessionChange.starts_at == Session.starts_at,
            SessionChange.ends_at == Session.ends_at,
            Session.taken_back.is_(False),
        )
        .order_by(Session.starts_at, Session.key)
    )
    left: dict[str, dict[str, Session]] = {person_id: {} for person_id in ids}
    for person_id, session in db.session.execute(rows):
        if session.day_over > now:
            left[person_id][session.id] = session
    leavers = [person for person in people if left[person.id]]
    if leavers:
        _without_theirs(left, leavers, now)
    return {person_id: list(theirs.values()) for person_id, theirs in left.items()}


def left_ids(people: Collection[str], *, now: datetime) -> dict[str, set[str]]:
    """Return by person (id) the sessions (ids) they left whose day, where they knew them, is not
    long over: those that have moved since among them, which may move back.
    """
    rows = select(SessionChange.people, SessionChange.session_id).where(
        SessionChange.version == LEFT,
        SessionChange.people.in_(list(people)),
        SessionChange.ends_at > now - DAYS,
    )
    left: dict[str, set[str]] = {person_id: set() for person_id in people}
    for person_id, session_id in db.session.execute(rows):
        left[person_id].add(session_id)
    return left


def _without_theirs(
    left: dict[str, dict[str, Session]], leavers: Collection[Person], now: datetime
) -> None:
    """Take out what they are in again, and everything of who is kept out."""
    near = now - DAYS
    again = agendas(leavers, now=now, since=near, cancelled_since=near)
    barred = barred_people([person.id for person in leavers])
    for person in leavers:
        if is_barred(person.id, person.id, barred):
            left[person.id].clear()
        for session, _ in again[person.id]:
            left[person.id].pop(session.id, None)
