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
    """Say whether a meeting of wall time has one reading: no skipped or doubled hour touches it."""
    place = ZoneInfo(zone)
    ends = (at, at + timedelta(minutes=minutes))
    return (
        len({end.replace(tzinfo=place, fold=fold).utcoffset() for end in ends for fold in (0, 1)})
        == 1
    )


def expressible(zone: str, first: date, last: date) -> bool:
    """Say whether the yearly rule tells the truth about `zone` in all months from `first` to
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
    body = b"".join(_written(side) for side in sides)
    return line("BEGIN", "VTIMEZONE") + line("TZID", zone) + body + line("END", "VTIMEZONE")


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
    summer = -_span(other_offset) if other_offset else usual + timedelta(hours=1)
    # Dublin's footer calls winter the exception; Outlook wants DAYLIGHT to be the larger offset.
    kinds = ("STANDARD", "DAYLIGHT") if summer > usual else ("DAYLIGHT", "STANDARD")
    sides = (
        Observance(kinds[0], name.strip("<>"), summer, usual, *_change(changes[4:])),
        Observance(kinds[1], other.strip("<>"), usual, summer, *_change(changes[:4])),
    )
    if any(not timedelta() <= side.clock < timedelta(days=1) for side in sides):
        return ()
    return tuple(sorted(sides, key=lambda side: side.kind, reverse=True))


@lru_cache(maxsize=16_384)
def _agrees(zone: str, year: int, month: int) -> bool:
    """Compare the yearly rule with the zone's data in one month, daily and one second around each
    change.
    """
    sides = observances(zone)
    changes = sorted(
        ((side.onset(each) - side.before).replace(tzinfo=UTC), side.after)
        for side in sides
        for each in (year - 1, year, year + 1)
    )
    onsets = [at for at, _ in changes]
    first = datetime(year, month, 1, tzinfo=UTC)
    # From a day before to a day after: the month begins and ends elsewhere at another time.
    days = [first + timedelta(days=number) for number in range(-1, 33)]
    near = [at - timedelta(seconds=1) for at in onsets] + onsets
    place = ZoneInfo(zone)
    return bool(sides) and all(
        place.utcoffset(at.astimezone(place)) == changes[bisect_right(onsets, at) - 1][1]
        for at in days + [at for at in near if days[0] <= at <= days[-1]]
    )


def _written(side: Observance) -> bytes:
    """Return one STANDARD or DAYLIGHT component."""
    rule = b""
    if side.month:
        nth = f"{-1 if side.week == 5 else side.week}{_SUNDAY_FIRST[side.weekday]}"
        rule = line("RRULE", f"FREQ=YEARLY;BYMONTH={side.month};BYDAY={nth}")
    return (
        line("BEGIN", side.kind)
        + line("DTSTART", f"{side.onset(1970):%Y%m%dT%H%M%S}")
        + rule
        + line("TZOFFSETFROM", _offset(side.before))
        + line("TZOFFSETTO", _offset(side.after))
        + line("TZNAME", side.name)
        + line("END", side.kind)
    )


def _footer(zone: str) -> str:
    """Read the last line of the zone's TZif data from where `zoneinfo` itself reads it."""
    ZoneInfo(zone)  # refuses names that are no zone, such as paths
    for folder in zoneinfo.TZPATH:
        file = Path(folder, zone)
        if file.is_file():
            return _last_line(file.read_bytes())
    return _last_line(resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes())


def _last_line(data: bytes) -> str:
    return data.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", errors="replace")


def _change(fields: list[str | None]) -> tuple[int, int, int, timedelta]:
    """Return month, week, weekday and wall time of `Mm.w.d/t`; two o'clock when not said."""
    month, week, weekday, clock = fields
    return int(month or 0), int(week or 0), int(weekday or 0), _span(clock or "2")


def _span(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = (*(int(part) for part in text.lstrip("+-").split(":")), 0, 0)[:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _offset(span: timedelta) -> str:
    """Return a UTC offset as iCalendar writes it, with seconds only where there are any."""
    total = int(span.total_seconds())
    sign, total = ("-", -total) if total < 0 else ("+", total)
    text = f"{sign}{total // 3600:02}{total // 60 % 60:02}"
    return f"{text}{total % 60:02}" if total % 60 else text
