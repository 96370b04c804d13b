"""What would come of a consent, as values. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """One letter or text message that would leave: when, to whom (their key), and every word of it.

    `calendar` is the calendar part as it would be sent; `subject` is empty for a text message.
    """

    at: datetime
    to: str
    channel: str
    kind: str
    subject: str
    words: str
    calendar: str


@dataclass(frozen=True, slots=True)
class PageDate:
    """One date on the pages of who is told: what they may read of it behind their code."""

    session: str
    starts_at: datetime
    ends_at: datetime
    kind: str
    topic: str | None
    leads: tuple[str, ...]
    names_patient: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that their calendar address would show."""

    starts_at: datetime
    ends_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All that a consent would cause from now until its end."""

    letters: tuple[ShownLetter, ...]
    pages: tuple[PageDate, ...]
    feed: tuple[Entry, ...]
    has_address: bool
    """Whether there is a calendar address, now or by their choice."""
