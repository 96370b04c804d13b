"""Relatives whom a plan counts on and who have other rows: kept with the session, so that the
database knows where the human is.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, insert, or_, select, union

from scheduler.kernel.database import db
from scheduler.people import bodies_by_id, other_selves
from scheduler.people.models import Person
from scheduler.programs import Seats
from scheduler.sessions.models import (
    Engagement,
    Session,
    SessionGuest,
    SessionLead,
    SessionPatient,
    Status,
)

AT_ONCE = 900
"""As many values as one question may name on every engine."""


def guests_of(session_ids: Collection[str]) -> dict[str, set[str]]:
    """Return the guests (ids) of each of these sessions that has any."""
    rows = select(
        SessionGuest.session_id,
        SessionGuest.person_id,
    )
    ids = sorted(session_ids)
    found: dict[str, set[str]] = defaultdict(set)
    for first in range(0, len(ids), AT_ONCE):
        chunk = SessionGuest.session_id.in_(ids[first : first + AT_ONCE])
        for session_id, person_id in db.session.execute(rows.where(chunk)):
            found[session_id].add(person_id)
    return found


def seat_guests(wanted: Mapping[str, Collection[str]]) -> None:
    """Let each of these sessions (ids) have just these guests (ids)."""
    standing = guests_of(list(wanted))
    new = []
    for session_id, people in wanted.items():
        gone = standing[session_id] - set(people)
        if gone:
            db.session.execute(
                delete(SessionGuest).where(
                    SessionGuest.session_id == session_id,
                    SessionGuest.person_id.in_(gone),
                )
            )
        for person_id in sorted(set(people) - standing[session_id]):
            new.append({"session_id": session_id, "person_id": person_id})
    if new:
        db.session.execute(
            insert(SessionGuest),
            new,
        )


def excuse_guests(seated: Collection[str]) -> None:
    """Let nobody be counted on as a relative where they sit as a patient, or lead, at that time.

    `seated` are the patients and clinicians (ids) whose sessions changed.
    """
    bodies = set(bodies_by_id(seated).values())
    if not bodies:
        return
    for guest, session in db.session.execute(_guests_of_bodies(bodies)).all():
        if _sits_or_leads(
            guest.person_id,
            session,
        ):
            db.session.delete(guest)
    db.session.flush()


def _guests_of_bodies(bodies: Collection[str]) -> Any:
    return (
        select(
            SessionGuest,
            Session,
        )
        .join(
            Person,
            Person.id == SessionGuest.person_id,
        )
        .join(
            Session,
            Session.id == SessionGuest.session_id,
        )
        .where(
            Person.body_id.in_(bodies),
            Session.status != Status.CANCELLED,
        )
    )


def _sits_or_leads(guest_id: str, session: Session) -> bool:
    """True if a guest of a session sits as a patient, or leads, elsewhere then by another row."""
    selves = other_selves([guest_id])
    seats = select(SessionPatient.session_id).where(SessionPatient.person_id.in_(selves))
    leads = select(SessionLead.session_id).where(SessionLead.person_id.in_(selves))
    sits = and_(
        Session.id.in_(seats),
        Session.seats != Seats.FAMILIES,
    )
    rows = (
        exists()
        .where(
            Session.id != session.id,
            Session.status != Status.CANCELLED,
        )
        .where(
            Session.starts_at < session.ends_at,
            Session.ends_at > session.starts_at,
        )
        .where(
            or_(
                Session.id.in_(leads),
                sits,
            )
        )
    )
    return bool(db.session.scalar(select(rows)))


def engage_anew(people: Collection[str], *, now: datetime) -> None:
    """Let the sessions still to come of these people (ids), whose body changed, engage it.

    Where they stand at once already the later one is left out until it is next changed: a load
    refuses no fact, and the judge of what is published says it.
    """
    sessions = _sessions_of(
        people,
        now,
    )
    wanted = _wanted([session.id for session in sessions])
    standing = _engaged([session.id for session in sessions])
    for session in sessions:
        gone = standing[session.id] - wanted[session.id]
        if gone:
            mine = (Engagement.session_id == session.id, Engagement.what.in_(gone))
            db.session.execute(delete(Engagement).where(*mine))
    for session in sessions:
        for what in sorted(wanted[session.id] - standing[session.id]):
            if not _is_engaged(
                what,
                session,
            ):
                db.session.execute(
                    _engagement(
                        what,
                        session,
                    )
                )


def _engagement(what: str, session: Session) -> Any:
    return insert(Engagement).values(
        session_id=session.id,
        what=what,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )


def _sessions_of(people: Collection[str], now: datetime) -> list[Session]:
    links = (SessionLead, SessionPatient, SessionGuest)
    theirs = union(*(select(link.session_id).where(link.person_id.in_(people)) for link in links))
    rows = (
        select(Session)
        .where(
            Session.id.in_(theirs),
            Session.status != Status.CANCELLED,
        )
        .where(Session.ends_at > now)
        .order_by(
            Session.starts_at,
            Session.key,
        )
    )
    return list(db.session.scalars(rows).unique())


def _wanted(session_ids: Collection[str]) -> dict[str, set[str]]:
    """Return what each session is to engage: humans, and its room."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in (SessionLead, SessionPatient, SessionGuest):
        rows = (
            select(
                link.session_id,
                Person.body_id,
                Person.id,
                Session.seats,
            )
            .join(
                Person,
                Person.id == link.person_id,
            )
            .join(
                Session,
                Session.id == link.session_id,
            )
            .where(link.session_id.in_(session_ids))
        )
        for session_id, body, person_id, seats in db.session.execute(rows):
            if link is not SessionPatient or seats is not Seats.FAMILIES:
                found[session_id].add(body or person_id)
    rooms = select(
        Session.id,
        Session.room_id,
    ).where(Session.id.in_(session_ids))
    for session_id, room in db.session.execute(rooms):
        if room is not None:
            found[session_id].add(room)
    return found


def _engaged(session_ids: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    rows = select(
        Engagement.session_id,
        Engagement.what,
    )
    for session_id, what in db.session.execute(rows.where(Engagement.session_id.in_(session_ids))):
        found[session_id].add(what)
    return found


def _is_engaged(what: str, session: Session) -> bool:
    others = exists().where(
        Engagement.what == what,
        Engagement.session_id != session.id,
        Engagement.starts_at < session.ends_at,
        Engagement.ends_at > session.starts_at,
    )
    return bool(db.session.scalar(select(others)))
