"""Wall time and instants: the one place where planning turns the one into the other. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduler.people import Window

Stretch = tuple[datetime, datetime]


@lru_cache(maxsize=200_000)
def instant(day: date, minute: int, zone: str) -> datetime:
    """Return the UTC instant of `minute` minutes after midnight on `day` in `zone`; 1440 is the
    next midnight.
    """
    days, rest = divmod(minute, 1440)
    wall = datetime.combine(
        day + timedelta(days=days),
        time(rest // 60, rest % 60),
        ZoneInfo(zone),
    )
    return wall.astimezone(UTC)


def is_certain(day: date, minute: int, zone: str) -> bool:
    """True if this wall time happens exactly once: not in an hour that the clocks skip or
    double.
    """
    wall = datetime.combine(
        day,
        time(minute // 60, minute % 60),
        ZoneInfo(zone),
    )
    return wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset()


def local(moment: datetime, zone: str) -> tuple[date, int]:
    """Return the date and the minutes after midnight that clocks in `zone` show at `moment`."""
    wall = moment.astimezone(ZoneInfo(zone))
    return wall.date(), wall.hour * 60 + wall.minute


def clock(minute: int) -> str:
    """Write minutes after midnight as machines do: 17:45."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def stretches(windows: tuple[Window, ...], zone: str, first: date, last: date) -> Iterator[Stretch]:
    """Return the UTC stretches of weekly `windows` of `zone` on its days `first` to `last`;
    touching ones are joined.
    """
    found = []
    day = first
    while day <= last:
        for window in windows:
            if window.holds_on(day):
                found.append((instant(day, window.start, zone), instant(day, window.end, zone)))
        day += timedelta(days=1)
    yield from joined(found)


def joined(found: list[Stretch]) -> Iterator[Stretch]:
    """Return the same time as `found`, in order, with stretches that touch or overlap made one."""
    begun: Stretch | None = None
    for start, end in sorted(found):
        if begun is not None and start <= begun[1]:
            begun = (begun[0], max(begun[1], end))
            continue
        if begun is not None:
            yield begun
        begun = (start, end)
    if begun is not None:
        yield begun


def is_covered(
    windows: tuple[Window, ...] | None, zone: str, start: datetime, end: datetime
) -> bool:
    """True if `start` to `end` lies within weekly `windows` of `zone`; None is always."""
    if windows is None:
        return True
    day = local(start, zone)[0]
    around = stretches(
        windows,
        zone,
        day - timedelta(days=1),
        day + timedelta(days=1),
    )
    return any(begin <= start and end <= finish for begin, finish in around)
