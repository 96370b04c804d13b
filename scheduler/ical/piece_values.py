"""The values of one entry of a calendar from outside, its times aware. Pure.

A calendar's own zones count before any name; days and times without a zone are meant where the
reader is.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.ical.file_zones import Zones
from scheduler.ical.foreign_values import read_length, read_moment, read_period
from scheduler.ical.precut import File, Piece
from scheduler.ical.repeats import Moment, Period

TZID = ";TZID="
MOST_DATES = 20_000
"""Dates that one entry may list."""
LISTS = frozenset({"EXDATE", "RDATE"})

Stretch = tuple[datetime, datetime]


class PieceReader:
    """Reads the entries of one stream; each of its calendars may define zones of its own."""

    def __init__(self, zone: ZoneInfo, first: datetime, last: datetime) -> None:
        self.zone = zone
        self.first = first
        self.last = last
        self.zones: dict[int, tuple[File, Zones]] = {}

    def moments(self, piece: Piece, name: str) -> list[Moment]:
        """Return the days and aware times of a property."""
        values = self._values(piece, name)
        return [moment for moment in values if isinstance(moment, date)]

    def listed(self, piece: Piece, name: str) -> Iterator[datetime | Period]:
        """Return the times and periods that a property lists."""
        for moment in self._values(piece, name):
            if isinstance(moment, tuple):
                begin, length = moment
                yield self._stretch(begin, length)
            else:
                yield self.aware(moment)

    def end(self, piece: Piece, begin: datetime) -> datetime:
        """Return when an entry ends that begins at `begin`: as it says, else by RFC 5545 3.6.1.

        A day that ends as it begins is that day. Raises ValueError for an end before the begin.
        """
        starts = self.moments(piece, "DTSTART")
        is_day = not isinstance(starts[0], datetime)
        end = begin + timedelta(days=1) if is_day else begin
        ends = self.moments(piece, "DTEND")
        if ends:
            said = self.aware(ends[0])
            end = max(end, said) if is_day and said == begin else said
        elif "DURATION" in piece.lines:
            end = begin + read_length(value_of(piece, "DURATION"))
        if end < begin:
            raise ValueError("it ends before it begins")
        return end

    def period(self, piece: Piece, head: str, text: str) -> Stretch:
        """Return the stretch that a period of a line says: in UTC (RFC 5545 3.8.2.6), or as some
        write it by the wall clock. Raises ValueError.
        """
        zone = self._zone(piece, head)
        begin, length = read_period(text)
        return self._stretch(_placed(begin, zone), _placed(length, zone))

    def aware(self, moment: Moment) -> datetime:
        """Return a time as it is, and of a day its first moment where the reader is."""
        if isinstance(moment, datetime):
            return moment
        return datetime.combine(moment, time(), self.zone)

    def _stretch(self, begin: Moment, end: Any) -> Stretch:
        start = self.aware(begin)
        if isinstance(end, timedelta):
            return start, start + end
        return start, self.aware(end)

    def _values(self, piece: Piece, name: str) -> Iterator[Any]:
        """Return the values of a property, wall times in the zone that its TZID means."""
        for line in piece.lines.get(name, []):
            head, _, text = line.rpartition(":")
            zone = self._zone(piece, head)
            values = text.split(",")
            for value in values[:MOST_DATES]:
                if name in LISTS and not value.strip():
                    continue
                moment = read_moment(value.strip())
                if isinstance(moment, tuple):
                    begin, end = moment
                    yield _placed(begin, zone), _placed(end, zone)
                else:
                    yield _placed(moment, zone)

    def _zone(self, piece: Piece, head: str) -> tzinfo:
        """Return the zone of a line's parameters; a TZID may hold a colon without quotes."""
        begins = head.upper().find(TZID)
        if begins < 0:
            return self.zone
        value = head[begins + len(TZID) :]
        if value.startswith('"'):
            name, _, _ = value[1:].partition('"')
        else:
            name, _, _ = value.partition(";")
        return self._zones_of(piece.file).find(name)

    def _zones_of(self, file: File) -> Zones:
        known = self.zones.get(id(file))
        if known is not None:
            _, zones = known
            return zones
        zones = Zones(file.zones, self.first, self.last)
        self.zones[id(file)] = file, zones
        return zones


def value_of(piece: Piece, name: str) -> str:
    """Return the value of an entry's property, "" when it has none."""
    lines = piece.lines.get(name)
    if not lines:
        return ""
    value = lines[0].rpartition(":")[2]
    return value.strip()


def takes_time(piece: Piece) -> bool:
    """True unless an entry is shown as free or is off."""
    return (
        value_of(piece, "TRANSP").upper() != "TRANSPARENT"
        and value_of(piece, "STATUS").upper() != "CANCELLED"
        and value_of(piece, "X-MICROSOFT-CDO-BUSYSTATUS").upper() != "FREE"
    )


def sequence_number(piece: Piece) -> int:
    """Return the SEQUENCE of an entry, 0 where it says none that is one."""
    text = value_of(piece, "SEQUENCE")
    if text.isdecimal() and len(text) < 10:
        return int(text)
    return 0


def _placed(moment: Any, zone: tzinfo) -> Any:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=zone)
