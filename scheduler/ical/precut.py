"""A calendar of any size cut down to what says when somebody is busy in a window. Pure.

A calendar program exports years: one pass over the octets keeps the few lines that matter and drops
entries that are wholly past or wholly later, so that neither size nor age costs anything and long
texts, pictures and attachments are never read.
"""

import codecs
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from scheduler.ical.foreign_values import read_length
from scheduler.ical.parse import Unreadable

MOST_DEEP = 4
"""How far components may be nested: an alarm in an entry is three."""
SLACK = timedelta(days=3)
"""Zones differ by 26 hours, and a day without a zone may lie anywhere."""

_NAMES = (
    rb"BEGIN|END|METHOD|UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE"
    rb"|TRANSP|STATUS|X-MICROSOFT-CDO-BUSYSTATUS|FREEBUSY|TZID|TZOFFSETFROM|TZOFFSETTO"
)
_LINES = re.compile(rb"\n(?i:(" + _NAMES + rb")([;:][^\n]*))")
_ONCE = re.compile(
    rb"(?i)\nBEGIN:VEVENT(?=\n)"
    rb"(?:\n(?!BEGIN|END|RRULE|RDATE|RECURRENCE-ID)[^\n]*)*+"
    rb"\nEND:VEVENT(?=\n)"
)
"""An entry that happens once; most of what is past is such."""
_STARTS = re.compile(rb"(?i)\nDTSTART(?:;[^\n]*)?:(\d{8})[^:\n]*\n")
_ENDS = re.compile(rb"(?i)\nDTEND(?:;[^\n]*)?:(\d{8})[^:\n]*\n")
_LENGTH = re.compile(rb"(?i)\nDURATION:([^\n]*)\n")
_SAYS_ITS_END = re.compile(rb"(?i)\n(?:DTEND|DURATION)[;:]")
_READ = frozenset({b"VEVENT", b"VFREEBUSY"})
_DATE = re.compile(rb"\d{8}")


@dataclass(slots=True)
class File:
    """One VCALENDAR of a stream: the zones it defines, as their lines by TZID."""

    zones: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """One VEVENT or VFREEBUSY: the lines that matter by property name, each from its first `;` or
    `:` on, and the file they stand in.
    """

    kind: str
    lines: dict[str, list[str]]
    file: File


def cut(data: bytes, *, first: datetime, last: datetime) -> list[Piece]:
    """Return what may matter between the instants `first` and `last`, in the order of the stream.

    Several VCALENDAR objects may follow each other (RFC 5545 3.4). Raises Unreadable for what is
    no calendar, is cut off, or is a message rather than a calendar.
    """
    plain = _in_octets_of_utf8(data).removeprefix(b"\xef\xbb\xbf")
    plain = plain.replace(b"\r\n", b"\n")
    plain = plain.replace(b"\r", b"\n")
    unfolded = re.sub(rb"\n[ \t]", b"", b"\n" + plain)
    cutter = _Cutter(first, last)
    ahead = _without_past(unfolded + b"\n", cutter.past)
    for found in _LINES.finditer(ahead):
        name = found[1].upper()
        cutter.take(name, found[2])
    return cutter.done()


def _in_octets_of_utf8(data: bytes) -> bytes:
    """Return a file that begins with the mark of UTF-16, as Windows saves text, in UTF-8."""
    if data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        try:
            return data.decode("utf-16").encode()
        except UnicodeError as error:
            raise Unreadable("the calendar is broken; export it anew") from error
    return data


def _without_past(text: bytes, past: bytes) -> bytes:
    """Return the text without entries that happened once, before the day `past`: the quick way for
    the many, while `_Cutter` looks at the others line by line.
    """

    def kept(entry: re.Match[bytes]) -> bytes:
        whole = entry[0]
        return b"" if _is_past(whole, past) else whole

    return _ONCE.sub(kept, text)


def _is_past(entry: bytes, past: bytes) -> bool:
    """True if an entry that happened once ended before the day `past`."""
    starts = _STARTS.search(entry)
    if starts is None or starts[1] >= past:
        return False
    ends = _ENDS.search(entry)
    if ends is not None:
        return ends[1] < past
    length = _LENGTH.search(entry)
    if length is not None:
        return starts[1] < _day_before(past, length[1])
    if _SAYS_ITS_END.search(entry):
        return False
    return starts[1] < _day_before(past, b"PT0S")


@lru_cache(maxsize=10_000)
def _day_before(past: bytes, length: bytes) -> bytes:
    """Return the day from which on an entry of a length may reach the day `past`; "" for a length
    that cannot be read.
    """
    try:
        span = read_length(_text(length))
        day = datetime.strptime(_text(past), "%Y%m%d")  # noqa: DTZ007
        before = day - max(span, timedelta()) - timedelta(days=1)
    except (ValueError, OverflowError):
        return b""
    return f"{before:%Y%m%d}".encode()


class _Cutter:
    """Takes the lines of a stream one after the other."""

    def __init__(self, first: datetime, last: datetime) -> None:
        past = first - SLACK
        later = last + SLACK
        self.past = f"{past:%Y%m%d}".encode()
        self.later = f"{later:%Y%m%d}".encode()
        self.file = File()
        self.inside: list[bytes] = []
        self.lines: dict[bytes, list[bytes]] = {}
        self.zone: list[str] = []
        self.pieces: list[Piece] = []
        self.files = 0

    def take(self, name: bytes, rest: bytes) -> None:
        """Take one line: its name in capitals, and what follows it."""
        if name == b"BEGIN":
            kind = rest[1:].strip()
            self._begin(kind.upper())
        elif name == b"END":
            kind = rest[1:].strip()
            self._end(kind.upper())
        elif not self.inside:
            return
        elif b"VTIMEZONE" in self.inside:
            self.zone.append(_text(name + rest))
        elif self.inside[-1] in _READ:
            values = self.lines.setdefault(name, [])
            values.append(rest)
        elif name == b"METHOD" and self.inside[-1] == b"VCALENDAR":
            _require_calendar(_value(rest).upper())

    def done(self) -> list[Piece]:
        """Return what was kept. Raises Unreadable for half a calendar."""
        if self.inside or not self.files:
            raise Unreadable("this is no whole calendar: it is cut off, or something else")
        return self.pieces

    def _begin(self, kind: bytes) -> None:
        if not self.inside:
            if kind != b"VCALENDAR":
                raise Unreadable("the calendar is broken; export it anew")
            self.file = File()
            self.files += 1
        self.inside.append(kind)
        if len(self.inside) > MOST_DEEP:
            raise Unreadable("the calendar has parts within parts; export it anew")
        if kind in _READ:
            self.lines = {}
        if kind == b"VTIMEZONE":
            self.zone = []
        if b"VTIMEZONE" in self.inside:
            self.zone.append(_text(b"BEGIN:" + kind))

    def _end(self, kind: bytes) -> None:
        if not self.inside or self.inside[-1] != kind:
            raise Unreadable("the calendar is broken; export it anew")
        if b"VTIMEZONE" in self.inside:
            self.zone.append(_text(b"END:" + kind))
        self.inside.pop()
        if kind == b"VTIMEZONE":
            tzid = _tzid(self.zone)
            self.file.zones.setdefault(tzid, self.zone)
            return
        is_kept = kind == b"VFREEBUSY"
        if kind == b"VEVENT":
            is_kept = self._matters()
        if is_kept:
            self._keep(kind)

    def _keep(self, kind: bytes) -> None:
        lines: dict[str, list[str]] = {}
        for octets, values in self.lines.items():
            name = _text(octets)
            lines[name] = [_text(rest) for rest in values]
        name = _text(kind)
        piece = Piece(name, lines, self.file)
        self.pieces.append(piece)

    def _matters(self) -> bool:
        """True unless an entry lies wholly before or after the window, whatever its zone."""
        starts = _date(self.lines.get(b"DTSTART"))
        if starts is None:
            return True
        ids = self.lines.get(b"RECURRENCE-ID")
        meant = _date(ids) or starts
        if min(starts, meant) > self.later:
            return False
        if not self._is_over(max(starts, meant)):
            return True
        return self._goes_on()

    def _is_over(self, day: bytes) -> bool:
        """True if an entry of a day ends before the window."""
        if b"DTEND" in self.lines:
            ends = _date(self.lines[b"DTEND"])
            if ends is None:
                return False
            return max(day, ends) < self.past
        lengths = self.lines.get(b"DURATION") or [b":PT0S"]
        length = _value(lengths[0])
        return day < _day_before(self.past, length)

    def _goes_on(self) -> bool:
        """True if what an entry says reaches beyond its own times."""
        if b"RRULE" in self.lines or b"RDATE" in self.lines:
            return True
        ids = self.lines.get(b"RECURRENCE-ID", ())
        return any(b"RANGE=" in rest.upper() for rest in ids)


def _require_calendar(method: bytes) -> None:
    if method not in {b"", b"PUBLISH"}:
        raise Unreadable(
            "this is a message about an appointment, not a calendar; export the calendar itself"
        )


def _date(values: list[bytes] | None) -> bytes | None:
    """Return the eight digits of a date property's day, None when there are none."""
    if not values:
        return None
    first = values[0]
    begin = first.rfind(b":") + 1
    found = _DATE.match(first, begin)
    if found is None:
        return None
    return found[0]


def _value(rest: bytes) -> bytes:
    """Return the value of a line, its parameters left out."""
    begin = rest.rfind(b":") + 1
    return rest[begin:].strip()


def _tzid(lines: list[str]) -> str:
    """Return the TZID that a VTIMEZONE gives itself, "" when it gives none."""
    for line in lines:
        if line.upper().startswith("TZID"):
            value = line.partition(":")[2]
            return value.strip().strip('"')
    return ""


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", errors="replace")
