"""Who is invited to sessions, and what each of them says to the session as it stands."""

from collections.abc import Collection, Mapping
from datetime import datetime
from operator import attrgetter

from scheduler.consents import Recipient, audience, audiences_had
from scheduler.invitations.model.chosen_ways import ChosenWays, chosen_ways
from scheduler.invitations.queries import told_dates
from scheduler.people.models import Person, PersonKind
from scheduler.sessions.models import Session

UNANSWERED = "needs-action"
"""What is said of who has not answered to a date as it stands, in iCalendar's word."""


def invited_to(session: Session, *, now: datetime) -> list[Person]:
    """Return who is invited to a session at `now`, by key."""
    told = audience(session, now=now)
    people = [who.person.id for who in told]
    return _invited(session, told, chosen_ways(people))


def asked_to(session: Session, *, now: datetime) -> list[Person]:
    """Return who is asked whether they come, by key: the invited, and relatives who have it at
    their calendar address.
    """
    told = audience(session, now=now)
    asked = {person.key: person for person in invited_to(session, now=now)}
    for who in told:
        if who.role is PersonKind.RELATIVE:
            asked[who.person.key] = who.person
    return [asked[key] for key in sorted(asked)]


def were_invited_to(session: Session, *, now: datetime) -> list[Person]:
    """Return who would be invited to a session that was cancelled, if it stood, by key."""
    told = audiences_had([session], now=now)[session.id]
    people = [who.person.id for who in told]
    return _invited(session, told, chosen_ways(people))


def standing_answers(
    audiences: Mapping[str, Collection[Recipient]], sessions: Collection[Session]
) -> dict[str, dict[str, str]]:
    """Return by session (id) what each invited person (key) of its audience says to it as it
    stands: accepted, declined, tentative or needs-action.
    """
    recipients = {who.person.id for told in audiences.values() for who in told}
    ways = chosen_ways(recipients)
    people: set[str] = set()
    invited = {}
    for session in sessions:
        told = audiences[session.id]
        invited[session.id] = _invited(session, told, ways)
        for person in invited[session.id]:
            people.add(person.id)
    said = _said(people)
    found = {}
    for session in sessions:
        answers = {}
        for person in invited[session.id]:
            date = person.id, session.id, session.starts_at
            answers[person.key] = said.get(date, UNANSWERED)
        found[session.id] = answers
    return found


def _invited(session: Session, told: Collection[Recipient], ways: ChosenWays) -> list[Person]:
    people = []
    for recipient in told:
        if ways.invites(recipient, session):
            people.append(recipient.person)
    people.sort(key=attrgetter("key"))
    return people


def _said(people: Collection[str]) -> dict[tuple[str, str, datetime], str]:
    """Return by person, session (ids) and start the answers that stand, as words of the export."""
    said = {}
    for date in told_dates(people):
        if date.answer is not None and date.current:
            said[date.person_id, date.session_id, date.begins_at] = date.answer.value.lower()
    return said
