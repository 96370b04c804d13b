"""Time zones as calendars need them: VTIMEZONE with one yearly rule a side, and where that is the
truth. Pure.

Outlook reads one STANDARD and one DAYLIGHT, each with a yearly nth-weekday rule (MS-OXCICAL
2.1.3.1.1.19.2), and some readers lose RDATE lists; so the rule is taken from the POSIX footer of
the zone's TZif data (RFC 8536 3.3).
"""

import calendar
import re
import zoneinfo
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.ical.lines import line

_NAME = r"<[A-Za-z0-9+-]+>|[A-Za-z]+"
_OFFSET = r"[+-]?\d{1,3}(?::\d\d){0,2}"
_CHANGE = rf"M(\d\d?)\.([1-5])\.([0-6])(?:/({_OFFSET}))?"
_FOOTER = re.compile(rf"({_NAME})({_OFFSET})(?:({_NAME})({_OFFSET})?,{_CHANGE},{_CHANGE})?")
_SUNDAY_FIRST = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


@dataclass(frozen=True, slots=True)
class Observance:
    """One side of a zone's year; `month` 0 means all year, `week` 5 the last, `weekday` 0
    Sunday.
    """

    kind: str
    name: str
    before: timedelta
    after: timedelta
    month: int = 0
    week: int = 0
    weekday: int = 0
    clock: timedelta = timedelta()

    def onset(self, year: int) -> datetime:
        """Return the wall-clock moment in `year`, by the clock before the change, at which this
        side begins.
        """
        if not self.month:
            return datetime.combine(date(year, 1, 1), time())
        first, days = calendar.monthrange(year, self.month)
        day = 1 + (self.weekday - 1 - first) % 7 + 7 * (self.week - 1)
        on = date(year, self.month, day if day <= days else day - 7)
        return datetime.combine(on, time()) + self.clock


def to_utc(at: datetime, zone: str) -> datetime:
    """Return the instant of a naive wall time of `zone`; the first of two where the hour is
    doubled.
    """
    return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def steady(at: datetime, minutes: int, zone: str) -> bool:
    """True if a meeting of wall time has one reading: no skipped or doubled hour touches it."""
    place = ZoneInfo(zone)
    offsets = set()
    for end in (at, at + timedelta(minutes=minutes)):
        for fold in (0, 1):
            offsets.add(end.replace(tzinfo=place, fold=fold).utcoffset())
    return len(offsets) == 1


def expressible(zone: str, first: date, last: date) -> bool:
    """True if the yearly rule tells the truth about `zone` in all months from `first` to
    `last`.
    """
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return all(_agrees(zone, month // 12, month % 12 + 1) for month in months)


@lru_cache(maxsize=1024)
def vtimezone(zone: str) -> bytes:
    """Return the VTIMEZONE of an IANA zone, onsets from 1970 on; raises ValueError where no yearly
    rule fits.
    """
    sides = observances(zone)
    if not sides:
        raise ValueError(f"{zone} has no yearly rule")
    lines = [
        line("BEGIN", "VTIMEZONE"),
        line("TZID", zone),
        *(_written(side) for side in sides),
        line("END", "VTIMEZONE"),
    ]
    return b"".join(lines)


@lru_cache(maxsize=1024)
def observances(zone: str) -> tuple[Observance, ...]:
    """Return the sides of a zone's year by its footer, STANDARD first; none where no nth-weekday
    rule fits.
    """
    found = _FOOTER.fullmatch(_footer(zone))
    if not found:
        return ()
    name, offset, other, other_offset, *changes = found.groups()
    usual = -_span(offset)
    if not other:
        return (Observance("STANDARD", name.strip("<>"), usual, usual),)
    summer = usual + timedelta(hours=1)
    if other_offset:
        summer = -_span(other_offset)
    # Dublin's footer calls winter the exception; Outlook wants DAYLIGHT to be the larger offset.
    kinds = ("STANDARD", "DAYLIGHT") if summer > usual else ("DAYLIGHT", "STANDARD")
    ends = _side(kinds[0], name, before=summer, after=usual, change=changes[4:])
    begins = _side(kinds[1], other, before=usual, after=summer, change=changes[:4])
    sides = (ends, begins)
    if any(not timedelta() <= side.clock < timedelta(days=1) for side in sides):
        return ()
    return tuple(sorted(sides, key=lambda side: side.kind, reverse=True))


def _side(
    kind: str, name: str, *, before: timedelta, after: timedelta, change: list[str | None]
) -> Observance:
    """Return one side of a year; `change` is the `Mm.w.d/t` at which it begins, two o'clock when
    not said.
    """
    month, week, weekday, clock = change
    return Observance(
        kind=kind,
        name=name.strip("<>"),
        before=before,
        after=after,
        month=int(month or 0),
        week=int(week or 0),
        weekday=int(weekday or 0),
        clock=_span(clock or "2"),
    )


@lru_cache(maxsize=16_384)
def _agrees(zone: str, year: int, month: int) -> bool:
    """Compare the yearly rule with the zone's data in one month, daily and one second around each
    change.
    """
    changes = _changes_near(zone, year)
    if not changes:
        return False
    onsets = [at for at, _ in changes]
    first = datetime(year, month, 1, tzinfo=UTC)
    # From a day before to a day after: the month begins and ends elsewhere at another time.
    days = [first + timedelta(days=number) for number in range(-1, 33)]
    edges = [at - timedelta(seconds=1) for at in onsets] + onsets
    edges_here = [at for at in edges if days[0] <= at <= days[-1]]
    place = ZoneInfo(zone)
    for at in days + edges_here:
        _, by_rule = changes[bisect_right(onsets, at) - 1]
        if place.utcoffset(at.astimezone(place)) != by_rule:
            return False
    return True


def _changes_near(zone: str, year: int) -> list[tuple[datetime, timedelta]]:
    """Return the changes by the yearly rule in a year and those beside it: the instant, and the
    offset from then on.
    """
    changes = []
    for side in observances(zone):
        for near in (year - 1, year, year + 1):
            instant = (side.onset(near) - side.before).replace(tzinfo=UTC)
            changes.append((instant, side.after))
    return sorted(changes)


def _written(side: Observance) -> bytes:
    """Return one STANDARD or DAYLIGHT component."""
    rule = b""
    if side.month:
        nth = -1 if side.week == 5 else side.week
        day = _SUNDAY_FIRST[side.weekday]
        rule = line("RRULE", f"FREQ=YEARLY;BYMONTH={side.month};BYDAY={nth}{day}")
    lines = [
        line("BEGIN", side.kind),
        line("DTSTART", f"{side.onset(1970):%Y%m%dT%H%M%S}"),
        rule,
        line("TZOFFSETFROM", _offset(side.before)),
        line("TZOFFSETTO", _offset(side.after)),
        line("TZNAME", side.name),
        line("END", side.kind),
    ]
    return b"".join(lines)


def _footer(zone: str) -> str:
    """Read the last line of the zone's TZif data from where `zoneinfo` itself reads it."""
    ZoneInfo(zone)  # refuses names that are no zone, such as paths
    for folder in zoneinfo.TZPATH:
        file = Path(folder, zone)
        if file.is_file():
            return _last_line(file.read_bytes())
    shipped = resources.files("tzdata").joinpath("zoneinfo", *zone.split("/"))
    return _last_line(shipped.read_bytes())


def _last_line(data: bytes) -> str:
    return data.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", errors="replace")


def _span(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    numbers = [int(part) for part in text.lstrip("+-").split(":")]
    hours, minutes, seconds = [*numbers, 0, 0][:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _offset(span: timedelta) -> str:
    """Return a UTC offset as iCalendar writes it, with seconds only where there are any."""
    total = int(span.total_seconds())
    sign = "-" if total < 0 else "+"
    minutes, seconds = divmod(abs(total), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{sign}{hours:02}{minutes:02}"
    return f"{text}{seconds:02}" if seconds else text
