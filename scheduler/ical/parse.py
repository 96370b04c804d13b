"""Calendar text from outside, read with suspicion, and the answers in it. Pure.

What comes in is cut down before the library sees it: one VCALENDAR, its VEVENTs without anything
inside them, only the properties named here. Zone definitions of others are never run, foreign rules
never expanded without bound.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component

from scheduler.ical.calendar_component import SEQUENCES, Party
from scheduler.ical.foreign_values import known_zone
from scheduler.ical.lines import bare_address
from scheduler.ical.outward_text import DESCRIPTION_LIMIT, NAME_LIMIT, safe_text
from scheduler.kernel.errors import InputError

LARGEST = 256 * 1024
"""Octets of a calendar part that are read at all."""
_COMPONENTS = 100
_LINES = 5_000
_LONGEST_LINE = 16_384
_KEPT = frozenset(
    {
        "VERSION",
        "PRODID",
        "METHOD",
        "UID",
        "RECURRENCE-ID",
        "ATTENDEE",
        "ORGANIZER",
        "SEQUENCE",
        "DTSTAMP",
        "COMMENT",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "STATUS",
        "TRANSP",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
    }
)
_BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
_READ = (["VCALENDAR"], ["VCALENDAR", "VEVENT"])
"""The components whose lines are read."""
_TZID = re.compile(r"(?i)^((?:DTSTART|DTEND|EXDATE|RECURRENCE-ID)(?:;[^:]*?)?);TZID=")


class Unreadable(InputError):
    """A calendar message that cannot be understood for certain; a person has to look."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one VEVENT of an answer says; `attendee` is a bare lower-case address, instants are in
    UTC.

    `recurrence` is the original start of the one instance meant, None for the whole entry.
    """

    method: str
    uid: str
    recurrence: datetime | None
    attendee: str
    partstat: str | None
    sequence: int | None
    stamp: datetime | None
    comment: str | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    """The time proposed by a COUNTER; what other answers say here means nothing."""
    others: tuple[str, ...] = ()
    """Further addresses that a COUNTER names."""


def parse_reply(data: bytes) -> Reply:
    """Read an answer; where it speaks of several dates, the first of `parse_replies`. Raises
    Unreadable.
    """
    return parse_replies(data)[0]


def parse_replies(data: bytes, *, method: str = "") -> tuple[Reply, ...]:
    """Read an answer: one value for the series and for each single date it names.

    ORGANIZER, SEQUENCE and DTSTAMP may be missing (RFC 5546 3.2.3, outlook.com); `method` is the
    Content-Type's, for what says none itself (RFC 6047 2.4). Raises Unreadable.
    """
    calendar, events = opened(data)
    said = text_of(calendar, "METHOD", 20) or method.strip()
    if not said:
        raise Unreadable("the calendar message has no METHOD")
    replies = [_reply(said.upper(), event) for event in events]
    return tuple(replies)


def opened(data: bytes) -> tuple[Component, list[Component]]:
    """Parse what is left of `data` when all that is not needed is cut away."""
    if len(data) > LARGEST:
        raise Unreadable("the calendar message is too large")
    text = data.decode("utf-8-sig", errors="replace")
    lines = [*needed(text), ""]
    try:
        calendar = Calendar.from_ical("\r\n".join(lines))
    except _BROKEN as error:
        raise Unreadable("the calendar message is broken") from error
    events = calendar.walk("VEVENT")
    uids = {text_of(event, "UID", 255) for event in events}
    if len(uids) != 1 or "" in uids:
        raise Unreadable("a calendar message speaks of exactly one UID")
    return calendar, events


def needed(text: str, *, most_lines: int = _LINES, components: int = _COMPONENTS) -> Iterator[str]:
    """Return the unfolded lines of the VCALENDAR and its VEVENTs that are read here; Unreadable
    when unbalanced.
    """
    inside: list[str] = []
    begun = 0
    for line in _unfolded(text, most_lines):
        name = re.split("[;:]", line, maxsplit=1)[0].strip().upper()
        value = line.partition(":")[2].strip().upper()
        is_read = inside in _READ
        if name == "BEGIN":
            inside.append(value)
            begun += 1
            is_read = inside in _READ
        elif name == "END":
            _leave(inside, value)
        elif name not in _KEPT:
            continue
        if is_read:
            # The library is not to guess at zones, nor to warn about them: they are found here, in
            # `known_zone`.
            yield _TZID.sub(r"\1;X-TZID=", line, count=1)
        if begun > components or len(inside) > 4:
            raise Unreadable("the calendar message has too many parts")
    if inside or begun == 0:
        raise Unreadable("the calendar message is cut off")


def _unfolded(text: str, most_lines: int) -> list[str]:
    """Return the lines of a message, folds undone (RFC 5545 3.1), whatever ends them."""
    one_ending = re.sub(r"\r\n?", "\n", text)
    unfolded = re.sub(r"\n[ \t]", "", one_ending)
    lines = unfolded.split("\n")
    longest = max(map(len, lines))
    if len(lines) > most_lines or longest > _LONGEST_LINE:
        raise Unreadable("the calendar message is too long")
    return lines


def _leave(inside: list[str], component: str) -> None:
    """End the innermost component; Unreadable when it is another."""
    if not inside or inside.pop() != component:
        raise Unreadable("the calendar message is unbalanced")


def _reply(method: str, event: Component) -> Reply:
    attendees = every(event, "ATTENDEE")
    counter = method == "COUNTER"
    most = _COMPONENTS if counter else 1
    if not 1 <= len(attendees) <= most:
        raise Unreadable("an answer comes from exactly one attendee")
    party, *others = map(party_of, attendees)
    if "@" not in party.address:
        raise Unreadable("the attendee of an answer is no mail address")
    starts_at, ends_at = _span(event) if counter else (None, None)
    return Reply(
        method=method,
        uid=text_of(event, "UID", 255),
        recurrence=recurrence_of(event),
        attendee=party.address,
        partstat=partstat_of(attendees[0]),
        sequence=sequence_of(event),
        stamp=instant(one(event, "DTSTAMP"), floating=UTC),
        comment=_comment_of(event, attendees[0]),
        starts_at=starts_at,
        ends_at=ends_at,
        others=tuple(other.address for other in others),
    )


def _comment_of(event: Component, attendee: Any) -> str | None:
    """Return what the attendee says besides; Google puts it beside the address."""
    said = text_of(event, "COMMENT", DESCRIPTION_LIMIT, lines=True)
    beside = str(attendee.params.get("X-RESPONSE-COMMENT", ""))
    return said or safe_text(beside, limit=DESCRIPTION_LIMIT, lines=True) or None


def _span(event: Component) -> tuple[datetime | None, datetime | None]:
    """Return the instants a proposal begins and ends, either None where it does not say one (RFC
    5546 3.2.7).
    """
    start = instant(one(event, "DTSTART"))
    end = instant(one(event, "DTEND"))
    if start is None or end is not None:
        return start, end
    duration = one(event, "DURATION")
    length = getattr(duration, "dt", None)
    if not isinstance(length, timedelta):
        return start, None
    if not timedelta() < length < timedelta(days=1):
        return start, None
    return start, start + length


def recurrence_of(event: Component) -> datetime | None:
    """Return the instance meant; an unknown one is an error, since the whole series would be
    answered instead.
    """
    broken = {name for name, _ in event.errors}
    if "RECURRENCE-ID" not in event and "RECURRENCE-ID" not in broken:
        return None
    at = instant(one(event, "RECURRENCE-ID"))
    if at is None:
        raise Unreadable("the answer names a date in a zone that is not known")
    return at


def instant(value: Any, floating: Any = None) -> datetime | None:
    """Return the UTC instant of a date-time property; None for a date, an unknown zone and years
    out of all reason.
    """
    at = getattr(value, "dt", None)
    if not isinstance(at, datetime) or not 1970 <= at.year <= 2200:
        return None
    if at.tzinfo is None:
        tzid = str(value.params.get("X-TZID", ""))
        zone = known_zone(tzid) or floating
        if zone is None:
            return None
        at = at.replace(tzinfo=zone)
    return at.astimezone(UTC)


def every(component: Component, name: str) -> list[Any]:
    """Return the readable values of a property, in order."""
    values = component.get(name, [])
    if not isinstance(values, list):
        values = [values]
    return [value for value in values if not _is_broken(value)]


def _is_broken(value: Any) -> bool:
    return type(value).__name__ == "vBroken"


def one(component: Component, name: str) -> Any | None:
    """Return the first readable value of a property, None when there is none."""
    return next(iter(every(component, name)), None)


def text_of(component: Component, name: str, limit: int, *, lines: bool = False) -> str:
    """Return a text property made safe to store and show, at most `limit` characters, "" when
    missing.
    """
    value = one(component, name) or ""
    return safe_text(str(value), limit=limit, lines=lines)


def sequence_of(event: Component) -> int | None:
    """Return SEQUENCE where it is one, None otherwise."""
    value = one(event, "SEQUENCE")
    if isinstance(value, int) and 0 <= value < SEQUENCES:
        return int(value)
    return None


def party_of(value: Any) -> Party:
    """Return the person of a property; Apple puts the address into EMAIL where the URI is none."""
    uri = str(value)
    email = str(value.params.get("EMAIL", ""))
    if email and "@" not in uri:
        uri = email
    name = str(value.params.get("CN", ""))
    address = bare_address(uri)
    return Party(address, safe_text(name, limit=NAME_LIMIT))


def partstat_of(value: Any) -> str | None:
    """Return the PARTSTAT of an attendee in capitals, None when not said."""
    said = str(value.params.get("PARTSTAT", ""))
    return said.strip().upper() or None
