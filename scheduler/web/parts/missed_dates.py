"""Recordings of dates that a patient or relative missed, in the words of their own page."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.consents import Information, Recipient
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind
from scheduler.recordings import missed_recordings
from scheduler.recordings.models import Recording
from scheduler.web.parts.family_times import moment_in, time_words
from scheduler.web.parts.kind_words import KIND_WORDS, title_on_page


@dataclass(frozen=True, slots=True)
class MissedDate:
    """What the recording is of, when that was, and until when it may be watched."""

    recording_id: str
    what: str
    when: str
    until: str


def missed_dates(person: Person, language: str, *, now: datetime) -> list[MissedDate]:
    """Return the recordings offered to a person at `now`, the newest date first."""
    found = []
    for missed in missed_recordings(person, now=now):
        found.append(missed_date(missed.recording, missed.recipient, language))
    return found


def missed_date(recording: Recording, recipient: Recipient, language: str) -> MissedDate:
    """Return the words of a recording for whom it is for; a topic only where the consent has it."""
    session = recording.session
    house = practice().zone
    reader = recipient.person.zone or house
    knows_topic = recipient.role is PersonKind.PATIENT or Information.TOPIC in recipient.says
    topic = session.topic if knows_topic else None
    what = title_on_page(language, session.kind, KIND_WORDS[session.kind], topic)
    return MissedDate(
        recording.id,
        what,
        time_words(language, session.starts_at, session.ends_at, session.zone, reader),
        moment_in(language, recording.ends_at, reader),
    )
