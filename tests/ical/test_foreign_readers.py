"""Other people's parsers read every artefact and must understand what was meant."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from icalendar.parser import Contentlines

import icaljs
from foreign import EVER
from scheduler.ical import Entry, Party, to_utc

ZONES = [
    *(
        "America/New_York",
        "America/Los_Angeles",
        "America/Phoenix",
        "Pacific/Honolulu",
        "America/St_Johns",
    ),
    *("Europe/London", "Europe/Dublin", "Asia/Kolkata", "Australia/Sydney", "Australia/Lord_Howe"),
    *("Pacific/Auckland", "Asia/Beirut", "Etc/UTC"),
]
NASTY = [
    'a,b;c\\d "e": f',
    "x" * 60 + "😀" * 10,
    "x" * 65 + "😀",
    "x" * 66 + "😀",
    "x" * 67 + "😀",
    "bell\x07 null\x00 end",
    "tail\\",
    "\\n is not a line",
    "שלום ثم 你好",
    "^' ^n ^^ caret",
]
KINDS = ["request", "single", "cancel", "uninvite", "dates", "feed", "empty", "reply"]


def properties(data: bytes) -> list[tuple[str, str, str]]:
    """Return name, sorted parameters and value of every line, in an order no writer chose, rules
    part by part.
    """
    found = [line.parts() for line in Contentlines.from_ical(data.decode()) if line]
    parts = [
        (name, sorted(given.items()), sorted(value.split(";"))) for name, given, value in found
    ]
    return sorted((name, str(given), ";".join(pieces)) for name, given, pieces in parts)


@pytest.mark.parametrize("kind", KINDS)
def test_form_of_the_stream(artefacts: Callable[..., dict[str, bytes]], kind: str) -> None:
    """CRLF everywhere, no line over 75 octets, no control characters, no byte order mark."""
    data = artefacts(title=" ".join(NASTY), name='Doe, "JJ" Jane^x')[kind]

    lines = data.split(b"\r\n")

    assert (lines[0], lines[-1]) == (b"BEGIN:VCALENDAR", b"")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
    assert all(0 < len(line) <= 75 for line in lines[:-1])
    assert [line.decode() for line in lines]


@pytest.mark.parametrize("kind", KINDS)
def test_icalendar_finds_nothing_broken(
    artefacts: Callable[..., dict[str, bytes]], kind: str
) -> None:
    calendar = Calendar.from_ical(artefacts(title=" ".join(NASTY), name='Doe, "JJ" Jane^x')[kind])

    assert [component.errors for component in calendar.walk() if component.errors] == []


@pytest.mark.parametrize("kind", KINDS)
def test_icalendar_would_write_the_same_properties(
    artefacts: Callable[..., dict[str, bytes]], kind: str
) -> None:
    """The library is the oracle of the handwritten text: read and written again by it, nothing is
    different.
    """
    data = artefacts(title=" ".join(NASTY), name='Doe, "JJ" Jane^x')[kind]

    assert properties(Calendar.from_ical(data).to_ical()) == properties(data)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "empty"])
def test_vobject_reads_and_validates(artefacts: Callable[..., dict[str, bytes]], kind: str) -> None:
    calendar = vobject.readOne(artefacts()[kind].decode())

    assert calendar.validate(raiseException=True)


@pytest.mark.parametrize("kind", KINDS)
def test_home_assistant_reads(artefacts: Callable[..., dict[str, bytes]], kind: str) -> None:
    calendar = IcsCalendarStream.calendar_from_ics(artefacts()[kind].decode())

    expected = {"empty": 0, "request": 2, "dates": 2, "feed": 3}.get(kind, 1)
    assert len(calendar.events) == expected


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"empty", "dates"}])
@pytest.mark.parametrize("zone", ZONES)
def test_thunderbird_reads_the_same_meetings_where_node_is_there(
    artefacts: Callable[..., dict[str, bytes]], zone: str, kind: str
) -> None:
    """ical.js, whose zones are those of the file itself; without node icalendar's own expansion
    stands alone.
    """
    data = artefacts(zone)[kind]
    events = recurring_ical_events.of(Calendar.from_ical(data)).between(*EVER)
    meant = sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in events)

    assert (icaljs.meetings(data) if icaljs.is_there() else meant) == meant


@pytest.mark.parametrize("title", NASTY)
def test_title_survives_every_reader(
    artefacts: Callable[..., dict[str, bytes]], title: str
) -> None:
    text = artefacts(title=title)["single"].decode()
    meant = re.sub(r"[\x00-\x1f]", "", title)

    assert str(Calendar.from_ical(text).walk("VEVENT")[0]["SUMMARY"]) == meant
    assert vobject.readOne(text).vevent.summary.value == meant
    assert IcsCalendarStream.calendar_from_ics(text).events[0].summary == meant


@pytest.mark.parametrize(
    "name", ['Doe, "JJ" Jane^x', "Lee; Dana: mother", "Ördög 😀", "D\x00a\r\nna"]
)
def test_name_survives_every_reader(artefacts: Callable[..., dict[str, bytes]], name: str) -> None:
    """vobject does not know RFC 6868, so only a name without quotes and carets is asked of it."""
    text = artefacts(name=name)["single"].decode()
    meant = name.replace("\x00", "").replace("\r\n", " ")

    assert Calendar.from_ical(text).walk("VEVENT")[0]["ATTENDEE"].params["CN"] == meant
    assert IcsCalendarStream.calendar_from_ics(text).events[0].attendees[0].common_name in (
        meant,
        meant.replace("^", "^^").replace('"', "^'"),
    )


@pytest.mark.parametrize("zone", ZONES)
def test_meetings_of_a_series_in_any_zone(
    artefacts: Callable[..., dict[str, bytes]], series: Callable[..., Entry], zone: str
) -> None:
    """Every reader finds the same instants, those of the wall times, over both changes of
    clocks.
    """
    data = artefacts(zone)["request"]
    meant = [to_utc(at, zone) for at in series(zone=zone).starts()]
    window = (datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))

    oracle = recurring_ical_events.of(Calendar.from_ical(data)).between(*window)
    home_assistant = IcsCalendarStream.calendar_from_ics(data.decode()).timeline_tz(UTC)

    assert sorted(event.start.astimezone(UTC) for event in oracle) == meant
    assert [event.dtstart.astimezone(UTC) for event in home_assistant.included(*window)] == meant


def test_meetings_in_new_york_are_these_instants(
    artefacts: Callable[..., dict[str, bytes]],
) -> None:
    """18:00 is 23:00Z until 2027-03-14 and 22:00Z after; the 15th is off, the 17th is on the 18th
    at 19:00.
    """
    calendar = Calendar.from_ical(artefacts()["request"])

    found = recurring_ical_events.of(calendar).between((2027, 3, 8), (2027, 3, 22))

    assert sorted(f"{event.start.astimezone(UTC):%m-%d %H:%MZ}" for event in found) == [
        "03-08 23:00Z",
        "03-10 23:00Z",
        "03-12 23:00Z",
        "03-18 23:00Z",
        "03-19 22:00Z",
    ]


def test_nobody_else_stands_in_an_invitation(
    artefacts: Callable[..., dict[str, bytes]], practice: Party, dana: Party
) -> None:
    """Dana's former husband, who has no consent, is nowhere; neither is anybody but Dana and the
    practice.
    """
    written = artefacts()

    addresses = {
        kind: set(re.findall(rb"[\w.']+@family\.example", data)) for kind, data in written.items()
    }

    assert addresses == {
        kind: set() if kind in ("feed", "empty") else {b"dana@family.example"} for kind in KINDS
    }
