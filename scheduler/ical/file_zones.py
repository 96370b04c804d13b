"""The time zones that a calendar from outside speaks of: as the file itself defines them. Pure.

A VTIMEZONE in the file counts before any name (RFC 5545 3.2.19, 3.6.5): "Eastern Standard Time" is
what the file says it is. Its rules are followed near the window only, wherever they began.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Timezone

from scheduler.ical.foreign_values import known_zone
from scheduler.ical.parse import LARGEST, Unreadable, every
from scheduler.ical.repeats import nearer, rule_of, rule_text

BEFORE = timedelta(days=800)
"""How long before the window the last change of a clock is looked for."""
BEYOND = timedelta(days=400)
MOST_LINES = 2_000
_BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
EARLIEST = datetime(1, 1, 3, tzinfo=UTC).replace(tzinfo=None)
"""Outlook lets rules begin in 1601, others in the year 1; one offset earlier there is no time."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change of a zone's clock: the instant, without a zone, and the offsets around it."""

    at: datetime
    before: timedelta
    after: timedelta


class FileZone(tzinfo):
    """A zone by the changes of its clock; before the first and after the last nothing changes."""

    def __init__(self, name: str, changes: list[Change]) -> None:
        self.name = name
        self.changes = sorted(changes)
        self.instants: list[datetime] = []
        self.walls: list[datetime] = []
        self.seconds: list[datetime] = []
        # A doubled hour is its first reading and a skipped one its offset before (RFC 5545 3.3.5).
        for change in self.changes:
            ahead = max(change.before, change.after)
            behind = min(change.before, change.after)
            self.instants.append(change.at)
            self.walls.append(change.at + ahead)
            self.seconds.append(change.at + behind)

    def utcoffset(self, at: datetime | None) -> timedelta:
        """Return how far the wall clock is ahead of UTC at a wall time."""
        if at is None:
            return timedelta()
        wall = at.replace(tzinfo=None)
        known = self.seconds if at.fold else self.walls
        number = bisect_right(known, wall)
        return self._after(number)

    def dst(self, at: datetime | None) -> timedelta:
        """Return nothing: which half of the year is the usual one makes no difference here."""
        return timedelta()

    def tzname(self, at: datetime | None) -> str:
        """Return the name that the file gives the zone."""
        return self.name

    def fromutc(self, at: datetime) -> datetime:
        """Return the wall time of an instant, the second of two where the hour is doubled."""
        instant = at.replace(tzinfo=None)
        number = bisect_right(self.instants, instant)
        wall = instant + self._after(number)
        first = wall.replace(tzinfo=self, fold=0)
        read = wall - self.utcoffset(first)
        if read == instant:
            return first
        return first.replace(fold=1)

    def _after(self, number: int) -> timedelta:
        if number == 0:
            return self.changes[0].before
        return self.changes[number - 1].after


class Zones:
    """Finds the zones of one VCALENDAR, each once."""

    def __init__(self, defined: dict[str, list[str]], first: datetime, last: datetime) -> None:
        self.defined = defined
        self.first = first
        self.last = last
        self.found: dict[str, tzinfo | None] = {}

    def find(self, tzid: str) -> tzinfo:
        """Return the zone of a TZID. Raises Unreadable, naming it, for one that is neither defined
        in the file nor known by its name.
        """
        name = tzid.strip().strip('"')
        if name not in self.found:
            defined = self._defined(name)
            self.found[name] = defined or known_zone(name)
        zone = self.found[name]
        if zone is None:
            shown = name[:60]
            raise Unreadable(
                f"the time zone {shown!r} is not known; export the calendar with a named zone"
            )
        return zone

    def _defined(self, name: str) -> tzinfo | None:
        lines = self.defined.get(name)
        if lines is None or len(lines) > MOST_LINES:
            return None
        text = "\r\n".join([*lines, ""])
        try:
            changes = self._all_changes(name, text)
        except _BROKEN:
            return None
        if not changes:
            return None
        return FileZone(name, changes)

    def _all_changes(self, name: str, text: str) -> list[Change]:
        """Return the changes that a VTIMEZONE makes; none where its name says more than it does."""
        defined = Timezone.from_ical(text)
        usual = defined.walk("STANDARD")
        summer = defined.walk("DAYLIGHT")
        sides = [*usual, *summer]
        if _is_one_years(sides) and known_zone(name) is not None:
            return []
        changes: list[Change] = []
        for side in sides:
            changes.extend(self._changes(side))
        return changes

    def _changes(self, side: Any) -> Iterator[Change]:
        """Return the changes that one side of a zone's year makes, near the window."""
        before = side["TZOFFSETFROM"].td
        after = side["TZOFFSETTO"].td
        starts: datetime = side["DTSTART"].dt.replace(tzinfo=None)
        walls = {starts}
        for rule in every(side, "RRULE"):
            text = rule_text(rule)
            walls.update(self._onsets(starts, text))
        for dates in every(side, "RDATE"):
            for listed in dates.dts:
                wall = listed.dt.replace(tzinfo=None)
                walls.add(wall)
        for wall in sorted(walls):
            instant = max(wall, EARLIEST) - before
            yield Change(instant, before, after)

    def _onsets(self, starts: datetime, text: str) -> list[datetime]:
        begin = self.first - BEFORE
        end = self.last + BEYOND
        low = begin.replace(tzinfo=None)
        high = end.replace(tzinfo=None)
        rule = rule_of(text, UTC, until=end)
        near = nearer(starts, rule, low)
        if near is None:
            return []
        moved, rule = near
        ends = rule.pop("UNTIL", [high])
        until = ends[0].replace(tzinfo=None)
        found = rrulestr(rule_text(rule), dtstart=moved)
        onsets = found.between(low, high, inc=True)
        return [onset for onset in onsets if onset <= until]


def _is_one_years(sides: list[Any]) -> bool:
    """True for changes without a rule: some write those of one year only, and a name that all the
    world knows says more.
    """
    for side in sides:
        if "RRULE" in side:
            return False
    return len(sides) > 1


_ZONED = re.compile(
    r'(?i)^(RECURRENCE-ID|DTSTART|DTEND)((?:;[^:;]*)*?);TZID=("[^"]*"|[^";:]*)((?:;[^:]*)?)'
    r":(\d{8}T\d{6})$"
)
AROUND = timedelta(days=2)


def in_utc(data: bytes) -> bytes:
    """Return a calendar message with the times of zones that it defines itself as instants; as it
    is where it defines none, or none that can be read.
    """
    if b"BEGIN:VTIMEZONE" not in data.upper() or len(data) > LARGEST:
        return data
    text = data.decode("utf-8-sig", errors="replace")
    one_ending = re.sub(r"\r\n?", "\n", text)
    unfolded = re.sub(r"\n[ \t]", "", one_ending)
    lines = unfolded.split("\n")
    zones = _zones_near(lines)
    if zones is None:
        return data
    told = []
    for line in lines:
        written = _told(line, zones)
        told.append(written)
    whole = "\r\n".join(told)
    return whole.encode()


def _zones_near(lines: list[str]) -> Zones | None:
    """Return the zones that are defined, around the times that are told; None without a time."""
    defined = _zones_defined(lines)
    times = []
    for line in lines:
        found = _ZONED.match(line)
        if found is None:
            continue
        try:
            wall = datetime.fromisoformat(found.group(5))
        except ValueError:
            return None
        times.append(wall.replace(tzinfo=UTC))
    if not times:
        return None
    try:
        first = min(times) - AROUND
        last = max(times) + AROUND
    except OverflowError:
        return None
    return Zones(defined, first, last)


def _zones_defined(lines: list[str]) -> dict[str, list[str]]:
    """Return the lines of each VTIMEZONE by the name it gives itself."""
    defined: dict[str, list[str]] = {}
    block: list[str] | None = None
    name = ""
    for line in lines:
        upper = line.strip().upper()
        if upper == "BEGIN:VTIMEZONE":
            block = []
        if block is not None:
            block.append(line)
            if upper.startswith("TZID"):
                name = line.partition(":")[2].strip().strip('"')
        if upper == "END:VTIMEZONE" and block is not None:
            defined.setdefault(name, block)
            block = None
    return defined


def _told(line: str, zones: Zones) -> str:
    """Return a line with its time as an instant, if its zone is one of those defined."""
    found = _ZONED.match(line)
    if found is None:
        return line
    name, before, tzid, after, wall = found.groups()
    if tzid.strip('"') not in zones.defined:
        return line
    try:
        zone = zones.find(tzid)
        local = datetime.fromisoformat(wall)
        there = local.replace(tzinfo=zone)
        at = there.astimezone(UTC)
    except (Unreadable, *_BROKEN):
        return line
    return f"{name}{before}{after}:{at:%Y%m%dT%H%M%SZ}"
