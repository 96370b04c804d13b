"""When a person can be there: weekly windows of wall time, absences, licences. Pure values."""

from dataclasses import dataclass
from datetime import date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The clinic file's words for days, in the order of `date.weekday()`."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some weekdays between two wall times, in minutes after midnight of the owner's zone; 1440 may end one."""

    days: tuple[str, ...]
    start: int
    end: int

    def covers(self, weekday: str, start: int, end: int) -> bool:
        """Say whether the stretch from `start` to `end` minutes on `weekday` lies within this window."""
        return weekday in self.days and self.start <= start and end <= self.end


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole days away, both ends included, in the practice's zone."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Say whether `day` is one of the days away."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Licence:
    """The right to treat patients who sit in `state`, through the day `until`."""

    state: str
    until: date
