"""Calendar entries as bytes: invitations, cancellations (RFC 5546, one attendee each) and feeds.
Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from scheduler.ical.calendar_component import (
    DAYS,
    NOTHING_KNOWN,
    OPEN,
    Entry,
    Known,
    Override,
    Party,
    told_apart,
)
from scheduler.ical.lines import line, mailto, text_line
from scheduler.ical.outward_text import DESCRIPTION_LIMIT, NAME_LIMIT, SUMMARY_LIMIT, safe_text
from scheduler.ical.zones import to_utc, vtimezone, written_zone

PRODUCT = "-//Kinfold//Appointments//EN"
_NO_COUNTER = line("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")


def request(
    entry: Entry,
    *,
    organizer: Party,
    attendee: Party,
    counters: bool = False,
    known: Known = NOTHING_KNOWN,
) -> bytes:
    """Return the METHOD:REQUEST that tells `attendee` the whole entry, each instance with what is
    known of their answer.

    `counters`: another time may be proposed; without it Outlook is told to offer none (MS-OXCICAL
    2.1.3.1.1.20.38). Raises ValueError for a series in a zone that no yearly rule expresses over
    its dates.
    """
    tzid = written_zone(entry)

    def people(original: datetime) -> list[bytes]:
        lines = [person_line("ORGANIZER", organizer)]
        lines.append(_asked(attendee, known, original))
        if not counters:
            lines.append(_NO_COUNTER)
        return lines

    events = [_master(entry, tzid, people(entry.start), entry.stamp)]
    for override in told_apart(entry, known):
        asked = people(override.original)
        events.append(_instance(entry, override, tzid, asked, entry.stamp))
    return _message("REQUEST", tzid, events)


def _asked(attendee: Party, known: Known, original: datetime) -> bytes:
    """Return the ATTENDEE of an instance; an answer is asked for only where there is none."""
    partstat = known.of(original)
    said = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": partstat}
    if known.asks and partstat == OPEN:
        said["RSVP"] = "TRUE"
    return person_line("ATTENDEE", attendee, **said, CUTYPE="INDIVIDUAL")


def cancel(entry: Entry, *, organizer: Party, attendee: Party, whole: bool) -> bytes:
    """Return the METHOD:CANCEL of an entry, all dates of it, with the SEQUENCE that the entry has.

    `whole`: the meeting itself is off; otherwise only `attendee` is no longer invited (RFC 5546
    3.2.5).
    """
    tzid = written_zone(entry)
    people = (
        person_line("ORGANIZER", organizer),
        person_line("ATTENDEE", attendee),
    )
    lines = [
        *_frame(entry, entry.stamp, entry.sequence, people),
        *_span(entry.start, entry.minutes, entry.zone, tzid),
        *_recurrence(entry, tzid),
        *_state("CANCELLED" if whole else None, is_free=whole),
    ]
    event = _component("VEVENT", lines)
    return _message("CANCEL", tzid, [event])


def cancel_dates(
    entry: Entry,
    dates: Sequence[datetime],
    *,
    organizer: Party,
    attendee: Party,
    whole: bool = True,
) -> bytes:
    """Return the METHOD:CANCEL of single instances of a series, named by their original wall-clock
    starts.

    Raises ValueError when one of `dates` is no instance of the rule.
    """
    named = set(dates)
    strangers = named - set(entry.instances())
    if not named or strangers or entry.rule is None:
        raise ValueError("only instances of a series can be cancelled one by one")
    tzid = written_zone(entry)
    people = (
        person_line("ORGANIZER", organizer),
        person_line("ATTENDEE", attendee),
    )
    status = "CANCELLED" if whole else None
    moved = {override.original: override for override in entry.moved}
    events = []
    for original in sorted(named):
        usual = Override(original, original, entry.minutes)
        now = moved.get(original, usual)
        lines = [
            *_frame(entry, entry.stamp, entry.sequence, people),
            _moment("RECURRENCE-ID", original, entry.zone, tzid),
            *_span(now.start, now.minutes, entry.zone, tzid),
            *_state(status, is_free=whole),
        ]
        events.append(_component("VEVENT", lines))
    return _message("CANCEL", tzid, events)


COLOUR = "teal", "#0F5C5E"
"""How a subscribed calendar is drawn: a CSS name (RFC 7986 5.9), and what Apple's program reads."""


def feed(entries: Iterable[Entry], *, name: str, refresh: timedelta = timedelta(hours=4)) -> bytes:
    """Return a subscribed calendar: no method and no people, the same bytes for the same entries in
    any order.

    The calendar itself has no UID (RFC 7986 5.3 allows one): vdirsyncer names every entry by the
    first it finds, and would show one of all.
    """
    shown = safe_text(name, limit=SUMMARY_LIMIT)
    every = _duration(refresh)
    head = [
        text_line("NAME", shown),
        text_line("X-WR-CALNAME", shown),
        line("REFRESH-INTERVAL", every, VALUE="DURATION"),
        line("X-PUBLISHED-TTL", every),
        line("COLOR", COLOUR[0]),
        line("X-APPLE-CALENDAR-COLOR", COLOUR[1]),
    ]
    events: list[bytes] = []
    tzids: set[str] = set()
    for entry in sorted(entries, key=_first_instant):
        tzid = written_zone(entry)
        if tzid:
            tzids.add(tzid)
        events += _events(entry, tzid, (), entry.changed)
    zones = [vtimezone(tzid) for tzid in sorted(tzids)]
    return calendar_of([*head, *zones, *events])


def _first_instant(entry: Entry) -> tuple[datetime, str]:
    return to_utc(entry.start, entry.zone), entry.uid


def _duration(length: timedelta) -> str:
    """Return a duration in whole hours, or in minutes where it is none (RFC 5545 3.3.6)."""
    hours, rest = divmod(length, timedelta(hours=1))
    if rest:
        return f"PT{int(length.total_seconds()) // 60}M"
    return f"PT{hours}H"


def calendar_of(parts: Sequence[bytes]) -> bytes:
    """Return one VCALENDAR of ours around finished properties and components."""
    return _component("VCALENDAR", [line("VERSION", "2.0"), line("PRODID", PRODUCT), *parts])


def utc_line(name: str, at: datetime) -> bytes:
    """Return a date-time property as an instant, to the second."""
    return line(name, f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")


def person_line(name: str, party: Party, **parameters: str) -> bytes:
    """Return an ORGANIZER or ATTENDEE property: a bare mailto address and the shown name."""
    return line(
        name,
        mailto(party.address),
        CN=safe_text(party.name, limit=NAME_LIMIT),
        **parameters,
    )


def _message(method: str, tzid: str | None, events: list[bytes]) -> bytes:
    parts = [line("METHOD", method)]
    if tzid:
        parts.append(vtimezone(tzid))
    parts += events
    return calendar_of(parts)


def _events(
    entry: Entry, tzid: str | None, people: Sequence[bytes], stamp: datetime
) -> list[bytes]:
    """Return the VEVENT of an entry and one for each moved instance, each saying everything."""
    moved = sorted(entry.moved, key=lambda override: override.original)
    others = [_instance(entry, override, tzid, people, stamp) for override in moved]
    return [_master(entry, tzid, people, stamp), *others]


def _master(entry: Entry, tzid: str | None, people: Sequence[bytes], stamp: datetime) -> bytes:
    status = "CANCELLED" if entry.cancelled else "CONFIRMED"
    lines = [
        *_frame(entry, stamp, entry.sequence, people, declined=entry.declined),
        *_span(entry.start, entry.minutes, entry.zone, tzid),
        *_recurrence(entry, tzid),
        *_state(status, is_free=entry.cancelled or entry.declined),
        *_details(entry),
    ]
    return _component("VEVENT", lines)


def _instance(
    entry: Entry, override: Override, tzid: str | None, people: Sequence[bytes], stamp: datetime
) -> bytes:
    sequence = max(entry.sequence, override.sequence)
    lines = [
        *_frame(entry, stamp, sequence, people, declined=override.declined),
        _moment("RECURRENCE-ID", override.original, entry.zone, tzid),
        *_span(override.start, override.minutes, entry.zone, tzid),
        *_state("CONFIRMED", is_free=override.declined),
        *_details(entry),
    ]
    return _component("VEVENT", lines)


def _frame(
    entry: Entry, stamp: datetime, sequence: int, people: Sequence[bytes], declined: bool = False
) -> list[bytes]:
    title = entry.declined_title if declined else entry.title
    return [
        line("UID", entry.uid),
        utc_line("DTSTAMP", stamp),
        utc_line("LAST-MODIFIED", entry.changed),
        line("SEQUENCE", str(sequence)),
        *people,
        text_line("SUMMARY", safe_text(title, limit=SUMMARY_LIMIT)),
    ]


def _span(start: datetime, minutes: int, zone: str, tzid: str | None) -> list[bytes]:
    length = timedelta(minutes=minutes)
    if tzid is None:
        first = to_utc(start, zone)
        return [utc_line("DTSTART", first), utc_line("DTEND", first + length)]
    end = _moment("DTEND", start + length, zone, tzid)
    return [_moment("DTSTART", start, zone, tzid), end]


def _recurrence(entry: Entry, tzid: str | None) -> list[bytes]:
    """Return the rule, UNTIL as the instant of the last start (RFC 5545 3.3.10), and one EXDATE a
    line.
    """
    if entry.rule is None:
        return []
    weekly = entry.rule
    kept = [day for day in DAYS if day in weekly.days]
    days = ",".join(day[:2].upper() for day in kept)
    last = to_utc(weekly.until, entry.zone)
    until = f"{last:%Y%m%dT%H%M%SZ}"
    rule = f"FREQ=WEEKLY;UNTIL={until};INTERVAL={weekly.interval};BYDAY={days};WKST=MO"
    lines = [line("RRULE", rule)]
    for at in sorted(entry.without):
        hole = _moment("EXDATE", at, entry.zone, tzid)
        lines.append(hole)
    return lines


@cache
def _state(status: str | None, *, is_free: bool) -> tuple[bytes, ...]:
    lines = [
        line("CLASS", "PRIVATE"),
        line("TRANSP", "TRANSPARENT" if is_free else "OPAQUE"),
        line("X-MICROSOFT-CDO-BUSYSTATUS", "FREE" if is_free else "BUSY"),
    ]
    if status:
        lines.append(line("STATUS", status))
    return tuple(lines)


def _details(entry: Entry) -> list[bytes]:
    """Return the text and the ways to join; the link stands wherever one of the calendars shows
    it.
    """
    said = safe_text(entry.description, limit=DESCRIPTION_LIMIT, lines=True)
    texts = [part for part in (entry.link, said) if part]
    text = "\n\n".join(texts)
    lines = []
    if text:
        lines.append(text_line("DESCRIPTION", text))
    if entry.link:
        video = line(
            "CONFERENCE",
            entry.link,
            VALUE="URI",
            FEATURE="VIDEO",
            LABEL=entry.link_label,
        )
        lines += [
            text_line("LOCATION", entry.place),
            line("URL", entry.link),
            video,
        ]
    return lines


def _moment(name: str, at: datetime, zone: str, tzid: str | None) -> bytes:
    if tzid is None:
        return utc_line(name, to_utc(at, zone))
    return line(name, f"{at:%Y%m%dT%H%M%S}", TZID=tzid)


def _component(name: str, lines: Sequence[bytes]) -> bytes:
    return b"".join([line("BEGIN", name), *lines, line("END", name)])
