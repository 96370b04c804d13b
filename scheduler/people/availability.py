"""When a person can be there: weekly windows of wall time, absences, licences. Pure values."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The clinic file's words for days, in the order of `date.weekday()`."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some weekdays between two wall times, in minutes after midnight of the owner's zone; 1440 may
    end one.
    """

    days: tuple[str, ...]
    start: int
    end: int

    def covers(self, weekday: str, start: int, end: int) -> bool:
        """True if the stretch from `start` to `end` minutes on `weekday` lies within this
        window.
        """
        return weekday in self.days and self.start <= start and end <= self.end


def stretch(zone: str, start: datetime, end: datetime) -> tuple[Window, ...]:
    """Return the weekly windows, of wall time in `zone`, that hold just the time from `start` to
    `end` (instants).
    """
    first, last = (moment.astimezone(ZoneInfo(zone)) for moment in (start, end))
    begins = first.hour * 60 + first.minute
    ends = last.hour * 60 + last.minute
    if first.date() == last.date():
        return (Window((WEEKDAYS[first.weekday()],), begins, ends),)
    until_midnight = Window((WEEKDAYS[first.weekday()],), begins, 1440)
    return (
        (until_midnight, Window((WEEKDAYS[last.weekday()],), 0, ends))
        if ends
        else (until_midnight,)
    )


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole days away, both ends included, in the practice's zone."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """True if `day` is one of the days away."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Licence:
    """The right to treat patients who sit in `state`, through the day `until`."""

    state: str
    until: date
