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
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.ical.calendar_component import Entry
from scheduler.ical.lines import line

_NAME = r"<[A-Za-z0-9+-]+>|[A-Za-z]+"
_OFFSET = r"[+-]?\d{1,3}(?::\d\d){0,2}"
_CHANGE = rf"M(\d\d?)\.([1-5])\.([0-6])(?:/({_OFFSET}))?"
_FOOTER = re.compile(rf"({_NAME})({_OFFSET})(?:({_NAME})({_OFFSET})?,{_CHANGE},{_CHANGE})?")
_UTC_NAMES = frozenset(
    {"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"}
)
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
            return datetime(year, 1, 1)  # noqa: DTZ001
        first, days = calendar.monthrange(year, self.month)
        first_such = 1 + (self.weekday - 1 - first) % 7
        day = first_such + 7 * (self.week - 1)
        if day > days:
            day -= 7
        midnight = datetime(year, self.month, day)  # noqa: DTZ001
        return midnight + self.clock


def to_utc(at: datetime, zone: str) -> datetime:
    """Return the instant of a naive wall time of `zone`; the first of two where the hour is
    doubled.
    """
    return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def steady(at: datetime, minutes: int, zone: str) -> bool:
    """True if a meeting of wall time has one reading: no skipped or doubled hour touches it."""
    place = ZoneInfo(zone)
    until = at + timedelta(minutes=minutes)
    offsets = set()
    for end in (at, until):
        for fold in (0, 1):
            local = end.replace(tzinfo=place, fold=fold)
            offsets.add(local.utcoffset())
    return len(offsets) == 1


def expressible(zone: str, first: date, last: date) -> bool:
    """True if the yearly rule tells the truth about `zone` in all months from `first` to
    `last`.
    """
    year = first.year
    month = first.month
    while (year, month) <= (last.year, last.month):
        if not _agrees(zone, year, month):
            return False
        month += 1
        if month > 12:
            month = 1
            year += 1
    return True


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
        whole_year = Observance("STANDARD", name.strip("<>"), usual, usual)
        return (whole_year,)
    summer = usual + timedelta(hours=1)
    if other_offset:
        summer = -_span(other_offset)
    # Dublin's footer calls winter the exception; Outlook wants DAYLIGHT to be the larger offset.
    kinds = ("STANDARD", "DAYLIGHT")
    if summer < usual:
        kinds = ("DAYLIGHT", "STANDARD")
    ends = _side(kinds[0], name, before=summer, after=usual, change=changes[4:])
    begins = _side(kinds[1], other, before=usual, after=summer, change=changes[:4])
    for side in (ends, begins):
        if not timedelta() <= side.clock < timedelta(days=1):
            return ()
    if begins.kind == "STANDARD":
        return (begins, ends)
    return (ends, begins)


def written_zone(entry: Entry) -> str | None:
    """Return the zone name to write with, None for instants in UTC.

    Raises ValueError for a series in a zone that no yearly rule expresses over its dates.
    """
    if entry.zone in _UTC_NAMES:
        # Home Assistant's parser loses an override whose RECURRENCE-ID ends in Z.
        return "Etc/UTC" if entry.rule else None
    if _is_expressible(entry):
        return entry.zone
    if entry.rule:
        raise ValueError(
            f"no series can be written in {entry.zone} over these dates: send single entries"
        )
    return None


def _is_expressible(entry: Entry) -> bool:
    zone = entry.zone
    meetings = [(at, entry.minutes) for at in entry.instances()]
    for override in entry.moved:
        moved = override.start, override.minutes
        meetings.append(moved)
    first, _ = min(meetings)
    last, _ = max(meetings)
    first_day = first.date()
    last_day = last.date()
    if not expressible(zone, first_day, last_day):
        return False
    return all(steady(at, minutes, zone) for at, minutes in meetings)


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
    looked_at = [first + timedelta(days=number) for number in range(-1, 33)]
    begin = looked_at[0]
    end = looked_at[-1]
    for onset in onsets:
        just_before = onset - timedelta(seconds=1)
        for edge in (just_before, onset):
            if begin <= edge <= end:
                looked_at.append(edge)
    place = ZoneInfo(zone)
    for at in looked_at:
        number = bisect_right(onsets, at)
        _, by_rule = changes[number - 1]
        local = at.astimezone(place)
        if local.utcoffset() != by_rule:
            return False
    return True


def _changes_near(zone: str, year: int) -> list[tuple[datetime, timedelta]]:
    """Return the changes by the yearly rule in a year and those beside it: the instant, and the
    offset from then on.
    """
    changes = []
    for side in observances(zone):
        for near in (year - 1, year, year + 1):
            naive = side.onset(near) - side.before
            instant = naive.replace(tzinfo=UTC)
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
    pieces = zone.split("/")
    shipped = resources.files("tzdata").joinpath("zoneinfo", *pieces)
    return _last_line(shipped.read_bytes())


def _last_line(data: bytes) -> str:
    return data.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", errors="replace")


def _span(text: str) -> timedelta:
    span = timedelta()
    unit = timedelta(hours=1)
    plain = text.lstrip("+-")
    for number in plain.split(":"):
        span += int(number) * unit
        unit /= 60
    if text.startswith("-"):
        return -span
    return span


def _offset(span: timedelta) -> str:
    """Return a UTC offset as iCalendar writes it, with seconds only where there are any."""
    total = int(span.total_seconds())
    sign = "-" if total < 0 else "+"
    minutes, seconds = divmod(abs(total), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{sign}{hours:02}{minutes:02}"
    if seconds:
        return f"{text}{seconds:02}"
    return text
