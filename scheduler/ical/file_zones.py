"""The time zones that a calendar from outside speaks of: as the file itself defines them. Pure.

A VTIMEZONE in the file counts before any name (RFC 5545 3.2.19, 3.6.5): "Eastern Standard Time" is
what the file says it is. Its rules are followed near the window only, wherever they began.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import available_timezones

from dateutil.rrule import rrulestr
from icalendar import Timezone

from scheduler.ical.parse import Unreadable, every, known_zone
from scheduler.ical.repeats import nearer, rule_of, rule_text

BEFORE = timedelta(days=800)
"""How long before the window the last change of a clock is looked for."""
BEYOND = timedelta(days=400)
MOST_LINES = 2_000
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
        self.instants = [change.at for change in self.changes]
        # A doubled hour is its first reading and a skipped one its offset before (RFC 5545 3.3.5).
        self.walls = [change.at + max(change.before, change.after) for change in self.changes]
        self.seconds = [change.at + min(change.before, change.after) for change in self.changes]

    def utcoffset(self, at: datetime | None) -> timedelta:
        """Return how far the wall clock is ahead of UTC at a wall time."""
        if at is None:
            return timedelta()
        wall = at.replace(tzinfo=None)
        return self._after(bisect_right(self.seconds if at.fold else self.walls, wall))

    def dst(self, at: datetime | None) -> timedelta:
        """Return nothing: which half of the year is the usual one makes no difference here."""
        return timedelta()

    def tzname(self, at: datetime | None) -> str:
        """Return the name that the file gives the zone."""
        return self.name

    def fromutc(self, at: datetime) -> datetime:
        """Return the wall time of an instant, the second of two where the hour is doubled."""
        instant = at.replace(tzinfo=None)
        wall = instant + self._after(bisect_right(self.instants, instant))
        first = wall.replace(tzinfo=self, fold=0)
        is_second = wall - self.utcoffset(first) != instant
        return first.replace(fold=int(is_second))

    def _after(self, number: int) -> timedelta:
        return self.changes[number - 1].after if number else self.changes[0].before


class Zones:
    """Finds the zones of one VCALENDAR, each once."""

    def __init__(self, defined: dict[str, list[str]], first: datetime, last: datetime) -> None:
        self.defined = defined
        self.first, self.last = first, last
        self.found: dict[str, tzinfo | None] = {}

    def find(self, tzid: str) -> tzinfo:
        """Return the zone of a TZID. Raises Unreadable, naming it, for one that is neither defined
        in the file nor known by its name.
        """
        name = tzid.strip().strip('"')
        if name not in self.found:
            self.found[name] = self._defined(name) or known_zone(name)
        zone = self.found[name]
        if zone is None:
            raise Unreadable(
                f"the time zone {name[:60]!r} is not known; export the calendar with a named zone"
            )
        return zone

    def _defined(self, name: str) -> tzinfo | None:
        lines = self.defined.get(name)
        if lines is None or len(lines) > MOST_LINES:
            return None
        try:
            defined = Timezone.from_ical("\r\n".join([*lines, ""]))
            sides = [*defined.walk("STANDARD"), *defined.walk("DAYLIGHT")]
            if _is_one_years(sides) and name in available_timezones():
                return None
            changes = [change for side in sides for change in self._changes(side)]
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError):
            return None
        return FileZone(name, changes) if changes else None

    def _changes(self, side: Any) -> Iterator[Change]:
        """Return the changes that one side of a zone's year makes, near the window."""
        before, after = side["TZOFFSETFROM"].td, side["TZOFFSETTO"].td
        starts: datetime = side["DTSTART"].dt.replace(tzinfo=None)
        walls = [starts]
        for rule in every(side, "RRULE"):
            walls += self._onsets(starts, rule_text(rule))
        for dates in every(side, "RDATE"):
            walls += [date.dt.replace(tzinfo=None) for date in dates.dts]
        for wall in sorted(set(walls)):
            yield Change(max(wall, EARLIEST) - before, before, after)

    def _onsets(self, starts: datetime, text: str) -> list[datetime]:
        low = (self.first - BEFORE).replace(tzinfo=None)
        high = (self.last + BEYOND).replace(tzinfo=None)
        rule = rule_of(text, UTC, until=self.last + BEYOND)
        near = nearer(starts, rule, low)
        if near is None:
            return []
        moved, rule = near
        until = rule.pop("UNTIL", [high])[0].replace(tzinfo=None)
        onsets = rrulestr(rule_text(rule), dtstart=moved).between(low, high, inc=True)
        return [onset for onset in onsets if onset <= until]


def _is_one_years(sides: list[Any]) -> bool:
    """True for changes without a rule: some write those of one year only, and a name that all the
    world knows says more.
    """
    return len(sides) > 1 and not any("RRULE" in side for side in sides)
