"""What programs can be told of, and the deeds of the record that it comes from. Pure."""

from enum import StrEnum


class Event(StrEnum):
    """Something that happened here."""

    SESSION_CHANGED = "session.changed"
    ANSWER_GIVEN = "answer.given"
    TASK_MADE = "task.made"


SCHEDULED = "sessions.schedule"
CHANGED = ("sessions.move", "sessions.cancel")
ANSWERED = "invitations.answered"
WATCHED = (SCHEDULED, *CHANGED, ANSWERED)
"""The deeds of the record that somebody may be told of."""


def event_of(deed: str) -> Event:
    """Return what a watched deed is to programs."""
    if deed == ANSWERED:
        return Event.ANSWER_GIVEN
    return Event.SESSION_CHANGED
