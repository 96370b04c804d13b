"""The nearest places that work, as buttons of a page."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.kernel.clock import now
from scheduler.planning import places_instead
from scheduler.sessions import session_by_key, sessions_from
from scheduler.sessions.models import Status
from scheduler.web.parts.time_words import clock_words, day_words


@dataclass(frozen=True, slots=True)
class Place:
    """A place that would work, as the form of a session takes it, and in words."""

    day: str
    at: str
    minutes: int
    onward: bool
    words: str


def places_for(key: str, *, to: datetime, minutes: int, onward: bool = False) -> list[Place]:
    """Return the nearest places that work for a session that was to begin, or to be put back, at
    `to` (wall time of its zone); nothing for one that is over.
    """
    row = session_by_key(key)
    moment = now()
    if row.starts_at <= moment:
        return []
    concerned = [row]
    if row.status is Status.SCHEDULED:
        concerned = sessions_from(row, onward=onward, now=moment)
    found = []
    for start in places_instead(
        concerned,
        to=to,
        minutes=minutes,
        now=moment,
    ):
        words = f"{day_words(start.date())}, {clock_words(start)}"
        found.append(
            Place(
                f"{start:%Y-%m-%d}",
                f"{start:%H:%M}",
                minutes,
                onward,
                words,
            )
        )
    return found
