"""What other people's programs read in a calendar part: vobject with dateutil, Home Assistant's parser, and one more.

Each gives the meetings as pairs of UTC instants, so that they can be compared; they share no code with each other.
"""

from datetime import UTC, datetime

import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from calendar_client import CalendarClient, Span

EVER = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC))


def readings(data: bytes, address: str) -> dict[str, list[Span]]:
    """Give by parser the meetings that a REQUEST says."""
    text = data.decode("utf-8")
    client = CalendarClient(address)
    client.take(data, "REQUEST")
    home = IcsCalendarStream.calendar_from_ics(text).timeline_tz(UTC)
    events = recurring_ical_events.of(Calendar.from_ical(text)).between(*EVER)
    return {
        "vobject": client.shows(),
        "ical": sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in home.included(*EVER)),
        "icalendar": sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in events),
    }


def accepted(data: bytes) -> None:
    """Let every parser read any part, and say so loudly when one cannot."""
    text = data.decode("utf-8")
    assert [part.errors for part in Calendar.from_ical(text).walk() if part.errors] == []
    assert IcsCalendarStream.calendar_from_ics(text).events != []
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
