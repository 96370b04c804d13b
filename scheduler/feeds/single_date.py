"""One session as a calendar of its own, for who wants this date alone: neutral, as all the rest."""

import hashlib
from datetime import datetime

from scheduler.feeds.declined import declined_by
from scheduler.feeds.page_link import page_link
from scheduler.feeds.render import Known, render
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions.models import Session


def one_date(person: Person, session: Session, *, language: str | None, now: datetime) -> bytes:
    """Return a calendar with this one session, the same entry however often it is taken; one they
    said no to leaves the time free (RFC 5545 3.8.2.7). That they may know of it was asked before.
    """
    host = practice().outward_email.rpartition("@")[2]
    said = f"one date {person.id} {session.id}"
    name = hashlib.sha256(said.encode()).hexdigest()[:32]
    refused = declined_by([person.id])
    known = Known(
        uid=f"{name}@{host}",
        series=False,
        title=session.cohort.program.outward_title,
        zone=session.zone,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        version=session.version,
        changed_at=session.changed_at,
        starts_local=session.starts_local,
        session_id=session.id,
        link=page_link(session.id),
        declined=(person.id, session.id) in refused,
    )
    return render([known], language=language, now=now).body
