"""Which recordings a person is offered: of dates they might have come to, and did not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduler.consents import Recipient, audience, audiences
from scheduler.people.models import Person, PersonKind
from scheduler.recordings.models import Recording
from scheduler.recordings.queries import entered, recordings_near


@dataclass(frozen=True, slots=True)
class Missed:
    """A recording, and as whom the person may watch it."""

    recording: Recording
    recipient: Recipient


def may_watch(recording: Recording, person: Person, *, now: datetime) -> Recipient | None:
    """Return as whom a person may watch a recording at `now`: who might know of its date now, by
    the same consents; None for everybody else.
    """
    # Asked in any case: how long an answer takes tells nothing of an address.
    recipient = _theirs(audience(recording.session, now=now), person)
    return recipient if recording.stands(now) else None


def missed_recordings(person: Person, *, now: datetime) -> list[Missed]:
    """Return what a patient or relative may watch because they were not in the room at the date,
    the newest first.
    """
    near = recordings_near(_patients_near(person), now=now)
    sessions = {recording.session_id: recording.session for recording in near}
    been = entered(person.id, sessions)
    told = audiences(sessions.values(), now=now)
    found = []
    for recording in near:
        recipient = _theirs(told[recording.session_id], person)
        if recipient is not None and recording.session_id not in been:
            found.append(Missed(recording, recipient))
    return found


def _patients_near(person: Person) -> set[str]:
    if person.relative is not None:
        return {person.relative.patient_id}
    if person.kind is PersonKind.PATIENT:
        return {person.id}
    return set()


def _theirs(told: Iterable[Recipient], person: Person) -> Recipient | None:
    for recipient in told:
        if recipient.person.id == person.id and recipient.role is not PersonKind.CLINICIAN:
            return recipient
    return None
