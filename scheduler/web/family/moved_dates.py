"""Dates of an invitation that went on under another one: its page says where they are now, and
leads there.
"""

from dataclasses import dataclass
from datetime import datetime

from scheduler.consents import agenda
from scheduler.invitations import DateSaid, dates_before, dates_told, link_token, told_dates
from scheduler.invitations.model.models import Invitation
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import language_of
from scheduler.web.family.home.shown_dates import dates_of
from scheduler.web.family.nothing_here import invitation_behind
from scheduler.web.parts.family_times import moved_to_words


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A date that has left its invitation: in words where it is now, and the secret of the page
    that tells of it.
    """

    words: str
    token: str


def moved_dates(
    row: Invitation, person: Person, language: str, moment: datetime
) -> list[MovedDate]:
    """Return what has left an invitation for another, for who may know of it still, each once."""
    left = _left(row)
    if not left:
        return []
    pages = pages_of(person)
    reader = person.zone or practice().zone
    found = []
    for session in _standing(row, person, moment):
        was = left.get(session.id)
        uid = pages.get(session.id)
        if was is None or uid is None or uid == row.uid:
            continue
        words = moved_to_words(language, was.begins_at, session.starts_at, session.zone, reader)
        found.append(MovedDate(words, link_token(uid)))
    return found


def page_instead(token: str, moment: datetime) -> str | None:
    """Return the secret of the page to go on to, where another invitation tells all by now."""
    row = invitation_behind(token, now=moment)
    if row.told is not None or dates_of(row, row.person, moment):
        return None
    moved = moved_dates(row, row.person, language_of(row.person), moment)
    return moved[0].token if moved else None


def pages_of(person: Person) -> dict[str, str]:
    """Return by session (id) the UID of the invitation that tells a person of it."""
    return {date.session_id: date.uid for date in told_dates([person.id])}


def _left(row: Invitation) -> dict[str, DateSaid]:
    """Return by session (id) when it was last said to be, of what an invitation tells no more."""
    told = {date.session_id for date in dates_told([row])}
    return {date.session_id: date for date in dates_before(row) if date.session_id not in told}


def _standing(row: Invitation, person: Person, moment: datetime) -> list[Session]:
    """Return the sessions ahead that a person may know of the patient of an invitation."""
    found = []
    for session, recipient in agenda(person, now=moment, since=moment):
        if recipient.about_id == row.patient_id:
            found.append(session)
    return found
