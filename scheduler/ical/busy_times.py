"""When somebody is busy, from a calendar they exported or publish: when, never what. Pure, and
meant for a child process.

The file is cut down first (`precut`), its own zones count (`file_zones`), what repeats is followed
by a library (`repeats`). One entry that cannot be read is named by its time and counts as busy
where that is known; the others count.
"""

import time as processor
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.ical.file_zones import Zones
from scheduler.ical.foreign_values import read_length, read_moment, read_period
from scheduler.ical.parse import Unreadable
from scheduler.ical.precut import File, Piece, cut
from scheduler.ical.repeats import Moment, Part, Period, instances
from scheduler.kernel.untrusted.sandbox import Overrun, at_most

LARGEST = 12 * 1024 * 1024
"""Octets of a calendar that is read at all: the largest that people publish have about 10 MB."""
STRETCHES = 20_000
MOST_DATES = 20_000
"""Dates that one entry may list."""
MOST_UNREAD = 200
ONE_ENTRY = 0.25
"""Seconds of processor time for what one entry repeats."""
ALL_ENTRIES = 1.0
"""Seconds for what all entries repeat."""

Stretch = tuple[datetime, datetime]
_BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that could not be read: when it begins, None if that is not known, and why not."""

    starts_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Busy:
    """What a calendar says: stretches in UTC, joined and in order, and the entries not read."""

    stretches: tuple[Stretch, ...]
    unread: tuple[Unread, ...] = ()


def read_busy(data: bytes, *, zone: str, first: datetime, last: datetime, ours: str) -> Busy:
    """Return when the owner is busy between the instants `first` and `last`.

    `zone` is where days and times without a zone are meant; entries whose UID ends in `@ours` are
    our own and left out. Raises Unreadable, with what to do, for what is no calendar and for a time
    zone that nobody knows.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"the calendar is larger than {LARGEST // 1024**2} MB; export less of it")
    reading = _Reading(ZoneInfo(zone), first, last, ours)
    for piece in cut(data, first=first, last=last):
        reading.take(piece)
    reading.follow_repeats()
    return reading.done()


def joined(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Return stretches that neither touch nor overlap, in order."""
    held: Stretch | None = None
    for begin, end in sorted(stretches):
        if held is not None and begin <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held is not None:
            yield held
        held = begin, end
    if held is not None:
        yield held


class _Reading:
    """One calendar while it is read."""

    def __init__(self, zone: ZoneInfo, first: datetime, last: datetime, ours: str) -> None:
        self.zone, self.first, self.last = zone, first, last
        self.ours = f"@{ours}"
        self.stretches: list[Stretch] = []
        self.unread: list[Unread] = []
        self.repeating: dict[str, list[Part]] = defaultdict(list)
        self.zones: dict[int, tuple[File, Zones]] = {}

    def take(self, piece: Piece) -> None:
        """Take one piece: what happens once counts at once, what repeats is kept for later."""
        if piece.kind == "VFREEBUSY":
            self._free_busy(piece)
            return
        uid = _value(piece, "UID")
        if uid.endswith(self.ours):
            return
        try:
            part = self._part(piece)
        except _BROKEN:
            self._not_read(piece, "its times or its repetition are broken")
            return
        if part.rules or part.more or part.meant is not None:
            self.repeating[uid or f"none {len(self.repeating)}"].append(part)
        else:
            self._add(part.start, part.end)

    def follow_repeats(self) -> None:
        """Follow what repeats, an entry after the other, within the time there is for it."""
        until = processor.process_time() + ALL_ENTRIES
        for parts in self.repeating.values():
            left = min(until - processor.process_time(), ONE_ENTRY)
            mains = [part for part in parts if part.meant is None]
            others = [part for part in parts if part.meant is not None]
            for group in [[main, *others] for main in mains] or [others]:
                self._follow(group, left)

    def done(self) -> Busy:
        """Return what was found. Raises Unreadable for more than anybody's calendar holds."""
        found = tuple(joined(self.stretches))
        if len(found) > STRETCHES:
            raise Unreadable("the calendar holds too many appointments; export less of it")
        if len(self.unread) > MOST_UNREAD:
            raise Unreadable("most of the calendar cannot be read; export it anew")
        return Busy(found, tuple(self.unread))

    def _add(self, begin: datetime, end: datetime) -> None:
        starts, ends = begin.astimezone(UTC), end.astimezone(UTC)
        if ends <= starts:  # it begins in an hour that the clock skips
            ends = starts + (end - begin)
        if starts < self.last and ends > self.first and starts < ends:
            self.stretches.append((max(starts, self.first), min(ends, self.last)))

    def _follow(self, parts: list[Part], seconds: float) -> None:
        """Add the instances of one entry; where they cannot be told, the times it names itself."""
        try:
            if seconds <= 0:
                raise Overrun("the calendar repeats too much")
            with at_most(seconds):
                found = list(instances(parts, self.first, self.last))
        except Overrun:
            self._named(parts, "its repetition cannot be followed")
        except Unreadable as error:
            self._named(parts, str(error))
        except _BROKEN:
            self._named(parts, "its repetition is broken")
        else:
            for begin, end in found:
                self._add(begin, end)

    def _named(self, parts: list[Part], why: str) -> None:
        self.unread.append(Unread(parts[0].start.astimezone(UTC), why))
        for part in parts:
            self._add(part.start, part.end)

    def _not_read(self, piece: Piece, why: str) -> None:
        """Name an entry, and count it where its first line of time can be read."""
        try:
            start = self._aware(self._moments(piece, "DTSTART")[0])
        except (Unreadable, *_BROKEN):
            self.unread.append(Unread(None, why))
            return
        self.unread.append(Unread(start.astimezone(UTC), why))
        try:
            self._add(start, self._end(piece, start))
        except _BROKEN:
            self._add(start, start + timedelta(hours=1))

    def _free_busy(self, piece: Piece) -> None:
        """Take the stretches of a VFREEBUSY that are not said to be free (RFC 5545 3.6.4)."""
        for line in piece.lines.get("FREEBUSY", []):
            head, _, values = line.rpartition(":")
            if "FBTYPE=FREE" in head.upper().replace('"', "").split(";"):
                continue
            for value in values.split(",")[:MOST_DATES]:
                try:
                    begin, length = read_period(value.strip())
                    self._add(*_period(self._aware(begin), length, self._aware))
                except _BROKEN:
                    self.unread.append(Unread(None, "a stretch of it is broken"))

    def _part(self, piece: Piece) -> Part:
        """Return what a VEVENT says, its times aware. Raises Unreadable for an unknown zone."""
        start, *_ = self._moments(piece, "DTSTART")
        begin = self._aware(start)
        end = self._end(piece, begin) if _takes_time(piece) else begin
        meant, *_ = [*self._moments(piece, "RECURRENCE-ID"), None]
        ids = piece.lines.get("RECURRENCE-ID", [""])
        own = begin.tzinfo
        assert own is not None
        less = self._moments(piece, "EXDATE")
        return Part(
            begin,
            max(end.astimezone(own), begin),
            rules=tuple(rule.rpartition(":")[2].strip() for rule in piece.lines.get("RRULE", [])),
            more=tuple(self._listed(piece, "RDATE")),
            less=tuple(less if isinstance(start, datetime) else map(self._aware, less)),
            meant=None if meant is None else self._aware(meant),
            onward="RANGE=THISANDFUTURE" in ids[0].upper().replace('"', ""),
            sequence=_number(_value(piece, "SEQUENCE")),
        )

    def _end(self, piece: Piece, begin: datetime) -> datetime:
        ends = self._moments(piece, "DTEND")
        if ends:
            return self._aware(ends[0])
        if "DURATION" in piece.lines:
            return begin + read_length(_value(piece, "DURATION"))
        is_day = not isinstance(self._moments(piece, "DTSTART")[0], datetime)
        return begin + timedelta(days=int(is_day))

    def _moments(self, piece: Piece, name: str) -> list[Moment]:
        """Return the days and aware times of a property."""
        return [moment for moment in self._read(piece, name) if isinstance(moment, date)]

    def _listed(self, piece: Piece, name: str) -> Iterator[datetime | Period]:
        """Return the times and periods that a property lists."""
        for moment in self._read(piece, name):
            if isinstance(moment, tuple):
                begin, end = _period(self._aware(moment[0]), moment[1], self._aware)
                yield begin, end
            else:
                yield self._aware(moment)

    def _read(self, piece: Piece, name: str) -> Iterator[Any]:
        """Return the values of a property, wall times in the zone that its TZID means."""
        for line in piece.lines.get(name, []):
            head, _, values = line.rpartition(":")
            zone = self._zone(piece, head)
            for value in values.split(",")[:MOST_DATES]:
                moment = read_moment(value.strip())
                if isinstance(moment, tuple):
                    yield _placed(moment[0], zone), _placed(moment[1], zone)
                else:
                    yield _placed(moment, zone)

    def _zone(self, piece: Piece, head: str) -> tzinfo:
        """Return the zone of a line's parameters; a TZID may hold a colon without quotes."""
        begins = head.upper().find(";TZID=")
        if begins < 0:
            return self.zone
        value = head[begins + 6 :]
        name = value[1:].partition('"')[0] if value.startswith('"') else value.partition(";")[0]
        known = self.zones.get(id(piece.file))
        if known is None:
            zones = Zones(piece.file.zones, self.first, self.last)
            known = self.zones[id(piece.file)] = piece.file, zones
        return known[1].find(name)

    def _aware(self, moment: Moment) -> datetime:
        if isinstance(moment, datetime):
            return moment
        return datetime.combine(moment, time(), self.zone)


def _placed(moment: Any, zone: tzinfo) -> Any:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    return moment


def _period(begin: datetime, end: Any, aware: Any) -> Stretch:
    return (begin, begin + end) if isinstance(end, timedelta) else (begin, aware(end))


def _takes_time(piece: Piece) -> bool:
    """True unless an entry is shown as free or is off."""
    return (
        _value(piece, "TRANSP").upper() != "TRANSPARENT"
        and _value(piece, "STATUS").upper() != "CANCELLED"
        and _value(piece, "X-MICROSOFT-CDO-BUSYSTATUS").upper() != "FREE"
    )


def _value(piece: Piece, name: str) -> str:
    lines = piece.lines.get(name)
    return lines[0].rpartition(":")[2].strip() if lines else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
