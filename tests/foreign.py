"""What other people's programs read in a calendar part: vobject with dateutil, Home Assistant's
parser, icalendar's expansion, and where node is there Thunderbird's parser.

Each gives the meetings as pairs of UTC instants, so that they can be compared; they share no code
with each other.
"""

import re
from datetime import UTC, datetime

import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

import icaljs
from calendar_client import CalendarClient, Span

EVER = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC))


def readings(data: bytes, address: str) -> dict[str, list[Span]]:
    """Return by parser the meetings that a REQUEST says."""
    client = CalendarClient(address)
    client.take(data, "REQUEST")
    return {"vobject": client.shows()} | expansions(data)


def expansions(data: bytes) -> dict[str, list[Span]]:
    """Return by parser the meetings of any calendar text."""
    text = data.decode("utf-8")
    home = IcsCalendarStream.calendar_from_ics(text).timeline_tz(UTC)
    events = recurring_ical_events.of(Calendar.from_ical(text)).between(*EVER)
    javascript = {"ical.js": icaljs.meetings(data)} if icaljs.is_there() else {}
    return javascript | {
        "ical": sorted(
            (one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in home.included(*EVER)
        ),
        "icalendar": sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in events),
    }


def accepted(data: bytes) -> None:
    """Let every parser read any part, and say so loudly when one cannot, or when the stream has not
    its form.
    """
    text = data.decode("utf-8")
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    named = {
        one.partition("=")[2] for one in re.findall(r";TZID=[^:\r]+", text.replace("\r\n ", ""))
    }
    assert named == set(re.findall(r"^TZID:([^\r]+)", text, re.M))
    assert vobject.readOne(text).validate(raiseException=True)
    assert [part.errors for part in Calendar.from_ical(text).walk() if part.errors] == []
    assert bool(IcsCalendarStream.calendar_from_ics(text).events) is ("BEGIN:VEVENT" in text)
    if icaljs.is_there():
        icaljs.meetings(data)
