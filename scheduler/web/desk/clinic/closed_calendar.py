"""The days a practice is closed in a year, the public holidays of its state among them."""

from dataclasses import dataclass
from datetime import date

from scheduler.people import practice
from scheduler.programs import all_closures, closed_days
from scheduler.web.parts.time_words import day_words


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A closed day in words, and why."""

    day: str
    reason: str


def closed_days_of(year: int) -> list[ClosedDay]:
    """Return each day of a year on which the practice is closed, in order."""
    here = practice()
    days = closed_days(
        here.state,
        here.holidays,
        all_closures(),
        date(year, 1, 1),
        date(year, 12, 31),
    )
    found = []
    for day, reason in days.items():
        closed = ClosedDay(
            day_words(day),
            reason,
        )
        found.append(closed)
    return found
