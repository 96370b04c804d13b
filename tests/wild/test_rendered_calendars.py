"""What we send, as calendar programs take it: each file of the folder says an entry, and what its
invitation, cancellation, feed or letter must be. Other people's parsers read every one.
"""

import email
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from foreign import accepted, expansions
from scheduler.ical import (
    Entry,
    Override,
    Party,
    WeeklyRule,
    cancel,
    cancel_dates,
    feed,
    request,
)
from scheduler.outbox.mime_message import CalendarPart, Sender, compose

FILES = sorted((Path(__file__).parent / "rendered").glob("*.json"))
MADE = datetime(2027, 2, 1, 12, tzinfo=UTC)
US = Party("calendar@fh-cal.example", "FH Calendar")
USUAL: dict[str, Any] = {
    "uid": "5a1c@fh-cal.example",
    "sequence": 0,
    "zone": "America/New_York",
    "start": "2027-02-22T18:00",
    "minutes": 90,
    "title": "Appointment",
}


def times(said: list[str]) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(at) for at in said)


def entry_of(said: dict[str, Any], made: datetime) -> Entry:
    """The entry of a case, made at a moment; what it does not say is as usual."""
    fields = USUAL | said | {"stamp": made, "changed": MADE}
    fields["start"] = datetime.fromisoformat(fields["start"])
    fields["without"] = times(said.get("without", []))
    if "rule" in said:
        interval, days, until = said["rule"]
        fields["rule"] = WeeklyRule(interval, tuple(days), datetime.fromisoformat(until))
    moved = []
    for original, start, minutes, sequence in said.get("moved", []):
        moved.append(Override(*times([original, start]), minutes, sequence))
    fields["moved"] = tuple(moved)
    return Entry(**fields)


def rendered(case: dict[str, Any], made: datetime) -> bytes:
    """The calendar text that a case asks for."""
    entry = entry_of(case.get("entry", {}), made)
    asked, _, dates = case["as"].partition(" ")
    if asked == "feed":
        return feed([entry], name="FH Calendar")
    them = Party(case.get("address", "dana@family.example"), case.get("name", "Dana Lee"))
    if asked == "request":
        return request(entry, organizer=US, attendee=them)
    if asked == "dates":
        return cancel_dates(entry, times(dates.split()), organizer=US, attendee=them)
    return cancel(entry, organizer=US, attendee=them, whole=asked == "cancel")


def mailed(calendar: bytes) -> dict[str, str]:
    """What is said above the calendar in the letter that carries it."""
    method = "CANCEL" if b"METHOD:CANCEL" in calendar else "REQUEST"
    data = compose(
        sender=Sender(US.name, US.address),
        recipient="dana@family.example",
        subject="Appointment",
        text="Hello",
        html="<p>Hello</p>",
        message_id="<a@fh-cal.example>",
        now=MADE,
        calendar=CalendarPart(calendar, method),
    )
    *_words, part = email.message_from_bytes(data).walk()
    assert part.get_payload(decode=True) == calendar
    return {name: " ".join(value.split()) for name, value in part.items()}


def told(data: bytes) -> list[str]:
    """The meetings, as every parser of others reads them."""
    readings = expansions(data)
    first = readings.pop("ical")
    assert readings == dict.fromkeys(readings, first)
    return [f"{begin:%Y-%m-%d %H:%M}/{end:%Y-%m-%d %H:%M}" for begin, end in first]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_calendar_goes_out_as_stands_beside_it(file: Path) -> None:
    case: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    right: dict[str, Any] = case["right"]
    data = rendered(case, MADE)
    lines = data.decode("utf-8").replace("\r\n ", "").split("\r\n")

    accepted(data)
    assert [line for line in right.get("lines", []) if line not in lines] == []
    never = tuple(right.get("never", []))
    assert [line for line in lines if line.startswith(never)] == []
    places = [lines.index(line) for line in right.get("in_order", [])]
    assert places == sorted(places)
    read = Calendar.from_ical(data).walk("VEVENT")[0]
    for name, value in right.get("reads", {}).items():
        assert str(read[name]) == value
    if "meetings" in right:
        assert told(data) == right["meetings"]
    if right.get("same_a_day_later"):
        assert rendered(case, MADE + timedelta(days=1)) == data
    if "part" in right:
        assert mailed(data) == right["part"]
