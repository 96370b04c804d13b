"""When a person can be there: weekly windows of wall time, absences, licences. Pure values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
"""Minutes of a day."""
"""The clinic file's words for days, in the order of `date.weekday()`."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some weekdays between two wall times, in minutes after midnight of the owner's zone; 1440 may
    end one. With `on` it is that one date alone, whose weekday it names.
    """

    days: tuple[str, ...]
    start: int
    end: int
    on: date | None = None

    def holds_on(self, day: date) -> bool:
        """True if this window is one of the day's."""
        if self.on is not None:
            return self.on == day
        return WEEKDAYS[day.weekday()] in self.days

    def covers(self, weekday: str, start: int, end: int) -> bool:
        """True if the stretch from `start` to `end` minutes on `weekday` lies within this
        window.
        """
        return weekday in self.days and self.start <= start and end <= self.end


def on_other_clock(windows: tuple[Window, ...], minutes: int) -> tuple[Window, ...]:
    """Return the same stretches as a clock shows them that is `minutes` ahead of the one they were
    said in.
    """
    moved = []
    for window in windows:
        start, end = window.start + minutes, window.end + minutes
        for days in range(start // DAY, (end - 1) // DAY + 1):
            piece = Window(
                tuple(_days_later(day, days) for day in window.days),
                max(start - days * DAY, 0),
                min(end - days * DAY, DAY),
                window.on + timedelta(days=days) if window.on else None,
            )
            moved.append(piece)
    return tuple(moved)


def _days_later(day: str, days: int) -> str:
    return WEEKDAYS[(WEEKDAYS.index(day) + days) % len(WEEKDAYS)]


def stretch(zone: str, start: datetime, end: datetime) -> tuple[Window, ...]:
    """Return the windows, of wall time in `zone`, that hold just the time from `start` to `end`
    (instants), on their date alone.
    """
    first = start.astimezone(ZoneInfo(zone))
    last = end.astimezone(ZoneInfo(zone))
    begins = first.hour * 60 + first.minute
    ends = last.hour * 60 + last.minute
    day = first.date()
    next_day = last.date()
    if day == next_day:
        whole = _on(day, begins, ends)
        return (whole,)
    until_midnight = _on(day, begins, 1440)
    if not ends:
        return (until_midnight,)
    after = _on(next_day, 0, ends)
    return until_midnight, after


def _on(day: date, start: int, end: int) -> Window:
    word = WEEKDAYS[day.weekday()]
    return Window((word,), start, end, on=day)


def with_dates_of(
    windows: tuple[Window, ...] | None, before: tuple[Window, ...] | None
) -> tuple[Window, ...] | None:
    """Return weekly windows together with the single dates that were added before."""
    if windows is None or before is None:
        return windows
    dates = [window for window in before if window.on is not None]
    return (*windows, *dates)


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
