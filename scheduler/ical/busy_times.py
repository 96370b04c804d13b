"""When somebody is busy, from a calendar they exported or publish: when, never what. Pure, and
meant for a child process.

The file is cut down first (`precut`), its own zones count (`file_zones`), what repeats is followed
by a library (`repeats`). One entry that cannot be read is named by its time and counts as busy
where that is known; the others count.
"""

import time as processor
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.ical.parse import Unreadable
from scheduler.ical.piece_values import (
    MOST_DATES,
    PieceReader,
    Stretch,
    sequence_number,
    takes_time,
    value_of,
)
from scheduler.ical.precut import Piece, cut
from scheduler.ical.repeats import Part, instances
from scheduler.kernel.untrusted.sandbox import Overrun, at_most

LARGEST = 12 * 1024 * 1024
"""Octets of a calendar that is read at all: the largest that people publish have about 10 MB."""
STRETCHES = 20_000
MOST_UNREAD = 200
ONE_ENTRY = 0.25
"""Seconds of processor time for what one entry repeats."""
ALL_ENTRIES = 1.0
"""Seconds for what all entries repeat."""

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
        megabytes = LARGEST // 1024**2
        raise Unreadable(f"the calendar is larger than {megabytes} MB; export less of it")
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
            later = max(held[1], end)
            held = held[0], later
            continue
        if held is not None:
            yield held
        held = begin, end
    if held is not None:
        yield held


class _Reading:
    """One calendar while it is read."""

    def __init__(self, zone: ZoneInfo, first: datetime, last: datetime, ours: str) -> None:
        self.first = first
        self.last = last
        self.ours = f"@{ours}"
        self.values = PieceReader(zone, first, last)
        self.stretches: list[Stretch] = []
        self.unread: list[Unread] = []
        self.repeating: dict[str, list[Part]] = defaultdict(list)

    def take(self, piece: Piece) -> None:
        """Take one piece: what happens once counts at once, what repeats is kept for later."""
        if piece.kind == "VFREEBUSY":
            self._free_busy(piece)
            return
        uid = value_of(piece, "UID")
        if uid.endswith(self.ours):
            return
        try:
            part = self._part(piece)
        except _BROKEN:
            self._not_read(piece, "its times or its repetition are broken")
            return
        if part.rules or part.more or part.meant is not None:
            name = uid or f"none {len(self.repeating)}"
            self.repeating[name].append(part)
        else:
            self._add(part.start, part.end)

    def follow_repeats(self) -> None:
        """Follow what repeats, an entry after the other, within the time there is for it."""
        until = processor.process_time() + ALL_ENTRIES
        for parts in self.repeating.values():
            left = until - processor.process_time()
            seconds = min(left, ONE_ENTRY)
            for group in _groups(parts):
                self._follow(group, seconds)

    def done(self) -> Busy:
        """Return what was found. Raises Unreadable for more than anybody's calendar holds."""
        found = tuple(joined(self.stretches))
        if len(found) > STRETCHES:
            raise Unreadable("the calendar holds too many appointments; export less of it")
        if len(self.unread) > MOST_UNREAD:
            raise Unreadable("most of the calendar cannot be read; export it anew")
        unread = tuple(self.unread)
        return Busy(found, unread)

    def _add(self, begin: datetime, end: datetime) -> None:
        starts = _instant(begin)
        ends = _instant(end)
        if ends <= starts:  # it begins in an hour that the clock skips
            length = end - begin
            ends = starts + length
        within_starts = max(starts, self.first)
        within_ends = min(ends, self.last)
        if within_starts < within_ends:
            stretch = within_starts, within_ends
            self.stretches.append(stretch)

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
        start = parts[0].start.astimezone(UTC)
        unread = Unread(start, why)
        self.unread.append(unread)
        for part in parts:
            self._add(part.start, part.end)

    def _not_read(self, piece: Piece, why: str) -> None:
        """Name an entry, and count it where its first line of time can be read."""
        try:
            moments = self.values.moments(piece, "DTSTART")
            start = self.values.aware(moments[0])
        except (Unreadable, *_BROKEN):
            self.unread.append(Unread(None, why))
            return
        unread = Unread(start.astimezone(UTC), why)
        self.unread.append(unread)
        try:
            end = self.values.end(piece, start)
        except _BROKEN:
            end = start + timedelta(hours=1)
        self._add(start, end)

    def _free_busy(self, piece: Piece) -> None:
        """Take the stretches of a VFREEBUSY that are not said to be free (RFC 5545 3.6.4)."""
        for line in piece.lines.get("FREEBUSY", []):
            head, _, text = line.rpartition(":")
            parameters = head.upper().replace('"', "")
            if "FBTYPE=FREE" in parameters.split(";"):
                continue
            values = text.split(",")
            for value in values[:MOST_DATES]:
                try:
                    begin, end = self.values.period(piece, head, value)
                except _BROKEN:
                    broken = Unread(None, "a stretch of it is broken")
                    self.unread.append(broken)
                else:
                    self._add(begin, end)

    def _part(self, piece: Piece) -> Part:
        """Return what a VEVENT says, its times aware. Raises Unreadable for an unknown zone."""
        values = self.values
        start = values.moments(piece, "DTSTART")[0]
        begin = values.aware(start)
        end = begin
        if takes_time(piece):
            # Both ends of one zone, so that the length is that of the wall clock.
            end = values.end(piece, begin).astimezone(begin.tzinfo)
        meant = values.moments(piece, "RECURRENCE-ID")
        less = values.moments(piece, "EXDATE")
        if not isinstance(start, datetime):
            less = [values.aware(moment) for moment in less]
        return Part(
            begin,
            max(end, begin),
            rules=_rules(piece),
            more=tuple(values.listed(piece, "RDATE")),
            less=tuple(less),
            meant=values.aware(meant[0]) if meant else None,
            is_day_meant=bool(meant) and not isinstance(meant[0], datetime),
            onward=_is_onward(piece),
            sequence=sequence_number(piece),
        )


def _groups(parts: list[Part]) -> list[list[Part]]:
    """Return the entries of one UID, each with all instances that stand apart."""
    mains = [part for part in parts if part.meant is None]
    others = [part for part in parts if part.meant is not None]
    if not mains:
        return [others]
    return [[main, *_meant_by_day(others, main)] for main in mains]


def _meant_by_day(others: list[Part], main: Part) -> list[Part]:
    """Return the instances that stand apart; one that names its day alone means the hour of the
    entry on it.
    """
    found = []
    for part in others:
        if part.is_day_meant and part.meant is not None:
            hour = main.start.timetz()
            meant = datetime.combine(part.meant.date(), hour)
            part = replace(part, meant=meant)
        found.append(part)
    return found


def _rules(piece: Piece) -> tuple[str, ...]:
    rules = []
    for line in piece.lines.get("RRULE", []):
        rule = line.rpartition(":")[2]
        rules.append(rule.strip())
    return tuple(rules)


def _is_onward(piece: Piece) -> bool:
    """True if an instance stands for all that follow it, too (RFC 5545 3.2.13)."""
    ids = piece.lines.get("RECURRENCE-ID", [""])
    parameters = ids[0].upper().replace('"', "")
    return "RANGE=THISANDFUTURE" in parameters


def _instant(moment: datetime) -> datetime:
    """Return a moment in UTC; one beyond the last day there is, or before the first, as that."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        latest = datetime.max.replace(tzinfo=UTC)
        if moment.year > 1:
            return latest
        return datetime.min.replace(tzinfo=UTC)
