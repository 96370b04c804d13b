"""The page of a date that a relative has at their calendar address alone: it tells and asks what an
invitation's page does, and no letter belongs to it.
"""

from datetime import datetime

from scheduler.consents import Recipient, agenda
from scheduler.invitations.model.at_address import dates_at_address
from scheduler.invitations.model.links import link_token
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.queries import told_dates
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.kernel.ids import token_hash
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions import calendar_names
from scheduler.sessions.models import CalendarName, Session


def page_of_date(person: Person, session: Session, *, now: datetime) -> Invitation:
    """Return the invitation whose page tells a person of a session; where none ever told it, one
    that sends nothing is begun. Raises Conflict where they may not know of it, or it has begun.
    """
    ahead = _ahead(person, now)
    if session.id not in ahead:
        raise Conflict("this appointment is no longer on your calendar")
    told = _told_by(person, session)
    if told is not None:
        return told
    sessions = [held for held, _recipient in ahead.values()]
    names = _names(person, sessions, now)
    name = names[session.id]
    _held, recipient = ahead[session.id]
    row = db.session.get(Invitation, name.uid) or _begun(name, recipient, now)
    was = list(row.was or ())
    for held in sessions:
        if names[held.id].uid == name.uid:
            was.append([held.id, held.starts_at.isoformat(), held.minutes])
    row.was = was
    db.session.flush()
    return row


def _ahead(person: Person, now: datetime) -> dict[str, tuple[Session, Recipient]]:
    """Return by id what is still to begin and a person may know of."""
    found = {}
    for held, recipient in agenda(person, now=now, since=now):
        if held.starts_at > now:
            found[held.id] = held, recipient
    return found


def _told_by(person: Person, session: Session) -> Invitation | None:
    """Return the invitation that tells a person of a session, or told it once."""
    for date in [*told_dates([person.id]), *dates_at_address([person.id])]:
        if date.session_id == session.id:
            return db.session.get_one(Invitation, date.uid)
    return None


def _names(person: Person, sessions: list[Session], now: datetime) -> dict[str, CalendarName]:
    """Return by session (id) the name by which the person's calendar knows it."""
    host = practice().outward_email.rpartition("@")[2]
    names = calendar_names({person.id: sessions}, host=host, now=now)
    return {session.id: names[person.id, session.id] for session in sessions}


def _begun(name: CalendarName, recipient: Recipient, now: datetime) -> Invitation:
    row = Invitation(
        uid=name.uid,
        person_id=recipient.person.id,
        patient_id=recipient.about_id,
        series=name.series,
        grant_id=recipient.grant_id,
        told_at=now,
        address=recipient.person.email,
        token_hash=token_hash(link_token(name.uid)),
    )
    row.person = recipient.person
    db.session.add(row)
    return row
