"""Dates of an invitation that were cancelled: they stand on its page, struck, until their day is
over.
"""

from datetime import datetime, timedelta

from scheduler.consents import agenda, audiences_had
from scheduler.invitations.model.models import Invitation
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions.models import Session, Status
from scheduler.web.parts.family_times import time_words

DAYS = timedelta(days=2)
"""How long after its end the day of a session may last, wherever it is held."""


def struck_dates(row: Invitation, person: Person, language: str, moment: datetime) -> list[str]:
    """Return the words of each date that fell out of an invitation, for who had it and may know of
    it still.
    """
    near = moment - DAYS
    reader = person.zone or practice().zone
    found = []
    for session, recipient in agenda(person, now=moment, since=near, cancelled_since=near):
        is_struck = session.status is Status.CANCELLED and session.day_over > moment
        is_of_it = session.series == row.series and recipient.about_id == row.patient_id
        if is_struck and is_of_it and _had(session, person):
            words = time_words(
                language,
                session.starts_at,
                session.ends_at,
                session.zone,
                reader,
            )
            found.append(words)
    return found


def _had(session: Session, person: Person) -> bool:
    """True if a person might know of a session when it was cancelled."""
    then = audiences_had([session], now=session.changed_at)[session.id]
    return any(recipient.person.id == person.id for recipient in then)
