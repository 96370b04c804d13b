"""Whom a word about attendance may be about: who leads the session, its patients, and relatives
who might come.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.consents import audiences, consented_then
from scheduler.people.models import Person, PersonKind
from scheduler.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Expected:
    """One person who may be marked at a session, and as whom they sit there."""

    person: Person
    role: PersonKind


ORDER = (PersonKind.PATIENT, PersonKind.RELATIVE, PersonKind.CLINICIAN)


def people_expected(session: Session) -> list[Expected]:
    """Return who may be marked at a session: patients first, then relatives, then who leads it.

    Relatives are those whose consent covered it when it began: a consent that was withdrawn since
    does not undo that they were there.
    """
    found = people_of_all([session])
    return found[session.id]


def may_be_marked(sessions: Sequence[Session]) -> dict[str, dict[str, Person]]:
    """Return for each session (by id) who may be marked at it, each by their key."""
    found = people_of_all(sessions)
    return {
        session_id: {expected.person.key: expected.person for expected in those}
        for session_id, those in found.items()
    }


def people_of_all(sessions: Sequence[Session]) -> dict[str, list[Expected]]:
    """Return for each session, by id, who may be marked at it."""
    return {session.id: _people_of(session) for session in sessions}


def _people_of(session: Session) -> list[Expected]:
    recipients = audiences([session], now=session.starts_at)[session.id]
    roles = {recipient.person.id: recipient.role for recipient in recipients}
    people = {recipient.person.id: recipient.person for recipient in recipients}
    patient_ids = [patient.id for patient in session.patients]
    for relative in consented_then(patient_ids, session.kind, session.starts_at):
        people[relative.id] = relative
        roles[relative.id] = PersonKind.RELATIVE
    for lead in session.leads:
        people[lead.id] = lead
        roles[lead.id] = PersonKind.CLINICIAN
    expected = [Expected(person, roles[person.id]) for person in people.values()]
    return sorted(expected, key=lambda one: (ORDER.index(one.role), one.person.key))
