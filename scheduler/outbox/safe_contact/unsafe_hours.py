"""Hours of the week in which nothing may arrive, by somebody's own clock, and when they end. Pure.

A time of the clock that comes twice or never, when clocks are changed, is taken so that the hours
are longer rather than shorter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ON_THE_WAY = timedelta(minutes=5)
"""Mail may need as long to arrive: nothing leaves in the last minutes before such hours."""
AHEAD = 10
"""Days looked ahead: a week repeats, so hours that do not end by then never end."""
DAY = 24 * 60
Stretch = tuple[datetime, datetime]
"""Two UTC instants: from one up to the other."""


@dataclass(frozen=True, slots=True)
class UnsafeHours:
    """Every week on these days (0 is Monday), from `begin` to `end` in minutes of the clock in
    `zone` (IANA). An end that is not after the beginning is on the next day.
    """

    zone: str
    days: frozenset[int]
    begin: int
    end: int


def safe_from(at: datetime, hours: Iterable[UnsafeHours]) -> datetime | None:
    """Return from when something may leave: `at` itself, or the UTC instant at which the hours that
    hold it up end; None when they never do.
    """
    horizon = at + timedelta(days=AHEAD - 2)
    for begin, end in _stretches(at, hours):
        if begin <= at < end:
            return end if end < horizon else None
    return at


def safe_until(at: datetime, hours: Iterable[UnsafeHours]) -> datetime | None:
    """Return when the next hours begin to hold things up after `at`, None when none are ahead."""
    return next((begin for begin, _end in _stretches(at, hours) if begin > at), None)


def _stretches(at: datetime, hours: Iterable[UnsafeHours]) -> list[Stretch]:
    """Return the stretches around and after `at`, in order, those that touch put together."""
    found: list[Stretch] = []
    for watched in hours:
        found += _weekly(watched, at)
    whole: list[Stretch] = []
    for begin, end in sorted(found):
        if whole and begin <= whole[-1][1]:
            first, last = whole.pop()
            whole.append((first, max(last, end)))
        else:
            whole.append((begin, end))
    return whole


def _weekly(watched: UnsafeHours, at: datetime) -> Iterable[Stretch]:
    today = at.astimezone(ZoneInfo(watched.zone)).date()
    for step in range(-2, AHEAD):
        day = today + timedelta(days=step)
        if day.weekday() in watched.days:
            is_overnight = watched.end <= watched.begin
            last = watched.end + DAY if is_overnight else watched.end
            begin = min(_instants(day, watched.begin, watched.zone))
            end = max(_instants(day, last, watched.zone))
            yield begin - ON_THE_WAY, end


def _instants(day: date, minute: int, zone: str) -> tuple[datetime, datetime]:
    """Return the two UTC instants that a time of the clock may mean; mostly they are one."""
    days, rest = divmod(minute, DAY)
    midnight = datetime.combine(day, time()) + timedelta(days=days)
    wall = (midnight + timedelta(minutes=rest)).replace(tzinfo=ZoneInfo(zone))
    return wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
