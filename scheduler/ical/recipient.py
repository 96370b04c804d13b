"""What the calendar program of an invited person does with a message: show it, and answer it.
Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Component

from scheduler.ical.calendar_component import DAYS, Party, WeeklyRule
from scheduler.ical.foreign_values import known_zone
from scheduler.ical.lines import line, text_line
from scheduler.ical.outward_text import DESCRIPTION_LIMIT, SUMMARY_LIMIT, safe_text
from scheduler.ical.parse import (
    Unreadable,
    every,
    instant,
    one,
    opened,
    partstat_of,
    party_of,
    recurrence_of,
    sequence_of,
    text_of,
)
from scheduler.ical.serialize import calendar_of, person_line, utc_line

_MEETINGS = 400
_SHORT = tuple(day[:2].upper() for day in DAYS)


@dataclass(frozen=True, slots=True)
class Received:
    """What a calendar program would show of a message: `times` are aware starts and ends, in
    order.
    """

    method: str
    uid: str
    sequence: int
    title: str
    description: str
    location: str
    status: str | None
    times: tuple[tuple[datetime, datetime], ...]
    rule: str | None
    organizer: Party | None
    attendees: tuple[Party, ...]
    partstat: str | None


def summarise(data: bytes) -> Received:
    """Read a message as a calendar program would show it, at most 400 meetings of it. Raises
    Unreadable.
    """
    calendar, events = opened(data)
    first = events[0]
    invited = every(first, "ATTENDEE")
    attendees = [party_of(attendee) for attendee in invited]
    partstat = None
    if len(invited) == 1:
        partstat = partstat_of(invited[0])
    organizer = one(first, "ORGANIZER")
    rule = one(first, "RRULE")
    return Received(
        method=text_of(calendar, "METHOD", 20).upper(),
        uid=text_of(first, "UID", 255),
        sequence=sequence_of(first) or 0,
        title=text_of(first, "SUMMARY", SUMMARY_LIMIT),
        description=text_of(first, "DESCRIPTION", DESCRIPTION_LIMIT, lines=True),
        location=text_of(first, "LOCATION", DESCRIPTION_LIMIT),
        status=text_of(first, "STATUS", 20).upper() or None,
        times=_times(events),
        rule=None if rule is None else rule.to_ical().decode(),
        organizer=None if organizer is None else party_of(organizer),
        attendees=tuple(attendees),
        partstat=partstat,
    )


def asks_for_answer(data: bytes) -> bool:
    """True if a message asks for an answer to any of its dates (RSVP=TRUE). Raises Unreadable."""
    _calendar, events = opened(data)
    for event in events:
        for attendee in every(event, "ATTENDEE"):
            if str(attendee.params.get("RSVP", "")).upper() == "TRUE":
                return True
    return False


def reply(
    request: bytes,
    *,
    attendee: Party,
    answer: str,
    stamp: datetime,
    recurrence: datetime | None = None,
    comment: str = "",
) -> bytes:
    """Return the METHOD:REPLY of `attendee` (ACCEPTED, DECLINED, TENTATIVE) to the bytes of a
    REQUEST.

    `recurrence` is the instant of the one instance meant, None for all. Raises Unreadable for a bad
    REQUEST.
    """
    asked = summarise(request)
    if asked.organizer is None or not asked.times:
        raise Unreadable("there is nothing to answer")
    first, last = asked.times[0]
    start = recurrence or first
    said = safe_text(comment, limit=DESCRIPTION_LIMIT, lines=True)
    lines = [
        line("BEGIN", "VEVENT"),
        line("UID", asked.uid),
        utc_line("DTSTAMP", stamp),
        line("SEQUENCE", str(asked.sequence)),
        person_line("ORGANIZER", asked.organizer),
        person_line("ATTENDEE", attendee, PARTSTAT=answer),
        *([utc_line("RECURRENCE-ID", recurrence)] if recurrence else []),
        utc_line("DTSTART", start),
        utc_line("DTEND", start + (last - first)),
        text_line("SUMMARY", asked.title),
        *([text_line("COMMENT", said)] if said else []),
        line("END", "VEVENT"),
    ]
    return calendar_of([line("METHOD", "REPLY"), *lines])


def _times(events: list[Component]) -> tuple[tuple[datetime, datetime], ...]:
    try:
        meetings = _meetings(events)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Unreadable("the dates of the message are broken") from error
    times = sorted(meetings.values())
    return tuple(times[:_MEETINGS])


def _meetings(events: list[Component]) -> dict[datetime, tuple[datetime, datetime]]:
    """Return start and end of each meeting by its original start; only weekly rules with an end are
    followed.
    """
    meetings: dict[datetime, tuple[datetime, datetime]] = {}
    for event in sorted(events, key=lambda event: "RECURRENCE-ID" in event):
        start = one(event, "DTSTART")
        first = instant(start)
        if start is None or first is None:
            continue
        length = _length(event, first)
        if "RECURRENCE-ID" in event:
            original = recurrence_of(event) or first
            last = first + length
            meetings[original] = (first, last)
            continue
        tzid = str(start.params.get("X-TZID", ""))
        zone = known_zone(tzid)
        for at in _instances(event, first, zone):
            meetings[at] = (at, at + length)
    return meetings


def _length(event: Component, first: datetime) -> timedelta:
    last = instant(one(event, "DTEND"))
    if last is not None:
        return last - first
    said: timedelta = getattr(one(event, "DURATION"), "dt", timedelta())
    return said


def _instances(event: Component, first: datetime, zone: ZoneInfo | None) -> Iterator[datetime]:
    """Return the starts of an event, following a weekly rule of at most three years, else only the
    first.
    """
    rule = one(event, "RRULE") or {}
    place = zone or UTC
    ends = rule.get("UNTIL") or [None]
    until = ends[0]
    is_weekly = rule.get("FREQ") == ["WEEKLY"]
    if not is_weekly or not isinstance(until, datetime):
        yield first
        return
    last = until
    if until.tzinfo:
        last = until.astimezone(place).replace(tzinfo=None)
    start = first.astimezone(place).replace(tzinfo=None)
    if last - start > timedelta(days=1100):
        raise Unreadable("the rule of the message goes on for too long")
    intervals = rule.get("INTERVAL", [1])
    days = _days(rule, start)
    weekly = WeeklyRule(int(intervals[0]), days, last)
    gone = _exceptions(event, place)
    walls = weekly.instances(start)
    for wall in walls[:_MEETINGS]:
        instance = _in(wall, place)
        if instance not in gone:
            yield instance


def _exceptions(event: Component, place: tzinfo) -> set[datetime]:
    gone = set()
    for dates in every(event, "EXDATE"):
        for date in dates.dts:
            instant_off = _in(date.dt, place)
            gone.add(instant_off)
    return gone


def _in(at: datetime, place: tzinfo) -> datetime:
    """Return the instant of a date-time of the message, wall time of `place` unless it says
    otherwise.
    """
    if at.tzinfo is None:
        at = at.replace(tzinfo=place)
    return at.astimezone(UTC)


def _days(rule: Any, start: datetime) -> tuple[str, ...]:
    own = _SHORT[start.weekday()]
    days = []
    for said in rule.get("BYDAY", [own]):
        number = _SHORT.index(said[-2:])
        days.append(DAYS[number])
    return tuple(days)
