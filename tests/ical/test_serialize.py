"""What the artefacts say, line by line; `test_foreign_readers.py` asks other programs what they
understand.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.ical import Entry, Override, Party, WeeklyRule, cancel, cancel_dates, feed, request


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def values(data: bytes, name: str) -> list[str]:
    """Return every line of a property, parameters and value, without its name."""
    return [
        line[len(name) + 1 :]
        for line in unfolded(data)
        if line.startswith((f"{name}:", f"{name};"))
    ]


def event(data: bytes, number: int = 0) -> list[str]:
    """Return the lines of one VEVENT."""
    return (
        "\n".join(unfolded(data))
        .split("BEGIN:VEVENT\n")[number + 1]
        .split("\nEND:VEVENT")[0]
        .split("\n")
    )


def test_request_of_a_single_appointment(
    entry: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    data = request(
        entry(
            link="https://hl-sched.example/j/a1",
            description="Bring water; or tea.",
        ),
        organizer=practice,
        attendee=dana,
    )

    assert unfolded(data)[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kinfold//Appointments//EN",
        "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
    ]
    assert event(data) == [
        "UID:5a1c@hl-sched.example",
        "DTSTAMP:20270201T120000Z",
        "LAST-MODIFIED:20270130T093000Z",
        "SEQUENCE:0",
        "ORGANIZER;CN=HL Scheduling:mailto:calendar@hl-sched.example",
        "ATTENDEE;CN=Dana "
        "Lee;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CUTYPE=INDIVIDUAL"
        ":mailto:dana@family.example",
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
        "SUMMARY:Appointment",
        "DTSTART;TZID=America/New_York:20270222T180000",
        "DTEND;TZID=America/New_York:20270222T193000",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "STATUS:CONFIRMED",
        "DESCRIPTION:https://hl-sched.example/j/a1\\n\\nBring water\\; or tea.",
        "LOCATION:Online",
        "URL:https://hl-sched.example/j/a1",
        "CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Join:https://hl-sched.example/j/a1",
    ]


def test_request_of_a_series_says_rule_exceptions_and_moved_instances(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    """UNTIL is the instant of the last start, after the change of clocks; the rest is wall time of
    one zone.
    """
    data = request(series(), organizer=practice, attendee=dana)

    assert (
        values(data, "RRULE")[-1]
        == "FREQ=WEEKLY;UNTIL=20270416T220000Z;INTERVAL=1;BYDAY=MO,WE,FR;WKST=MO"
    )
    assert values(data, "EXDATE") == ["TZID=America/New_York:20270315T180000"]
    assert values(data, "RECURRENCE-ID") == ["TZID=America/New_York:20270317T180000"]
    assert values(data, "DTSTART")[-2:] == [
        "TZID=America/New_York:20270222T180000",
        "TZID=America/New_York:20270318T190000",
    ]
    assert values(data, "TZID") == ["America/New_York"]


def test_request_of_a_moved_instance_repeats_everything_but_the_rule(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    data = request(series(), organizer=practice, attendee=dana)
    varying = ("DTSTART", "DTEND", "RRULE", "EXDATE", "RECURRENCE-ID")

    master, moved = (
        [line for line in event(data, number) if not line.startswith(varying)] for number in (0, 1)
    )

    assert moved == master


@pytest.mark.parametrize(("master", "own", "written"), [(4, 2, ["4", "4"]), (1, 3, ["1", "3"])])
def test_request_gives_a_moved_instance_at_least_the_sequence_of_the_series(
    series: Callable[..., Entry],
    practice: Party,
    dana: Party,
    master: int,
    own: int,
    written: list[str],
) -> None:
    moved = (Override(datetime(2027, 3, 17, 18), datetime(2027, 3, 18, 19), 60, sequence=own),)

    data = request(series(sequence=master, moved=moved), organizer=practice, attendee=dana)

    assert values(data, "SEQUENCE") == written


def test_request_names_one_attendee_only(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    data = request(series(moved=()), organizer=practice, attendee=Party("Dana@Family.example", ""))

    assert [line.rpartition("mailto:")[2] for line in values(data, "ATTENDEE")] == [
        "dana@family.example"
    ]
    assert "CN=" not in values(data, "ATTENDEE")[0]


def test_request_with_an_address_as_organizer_that_is_none_is_refused(
    entry: Callable[..., Entry], dana: Party
) -> None:
    with pytest.raises(ValueError, match="mail address"):
        request(entry(), organizer=Party("HL <calendar@hl-sched.example>"), attendee=dana)


@pytest.mark.parametrize("zone", ["Asia/Jerusalem", "America/Santiago", "UTC"])
def test_request_in_a_zone_without_a_yearly_rule_gives_instants(
    entry: Callable[..., Entry], practice: Party, dana: Party, zone: str
) -> None:
    data = request(entry(zone=zone), organizer=practice, attendee=dana)

    hour = {"Asia/Jerusalem": 16, "America/Santiago": 21, "UTC": 18}[zone]
    assert values(data, "DTSTART") == [f"20270222T{hour}0000Z"]
    assert b"VTIMEZONE" not in data


def test_request_of_a_series_in_such_a_zone_is_refused(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    with pytest.raises(ValueError, match="single entries"):
        request(series(zone="Asia/Jerusalem"), organizer=practice, attendee=dana)


def test_request_of_a_session_over_the_change_of_clocks_keeps_its_length(
    entry: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    data = request(
        entry(start=datetime(2027, 3, 14, 1, 30), minutes=60), organizer=practice, attendee=dana
    )

    assert (values(data, "DTSTART"), values(data, "DTEND")) == (
        ["20270314T063000Z"],
        ["20270314T073000Z"],
    )


def test_cancel_of_the_whole_meeting_says_so(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    data = cancel(series(sequence=6), organizer=practice, attendee=dana, whole=True)

    assert event(data) == [
        "UID:5a1c@hl-sched.example",
        "DTSTAMP:20270201T120000Z",
        "LAST-MODIFIED:20270130T093000Z",
        "SEQUENCE:6",
        "ORGANIZER;CN=HL Scheduling:mailto:calendar@hl-sched.example",
        "ATTENDEE;CN=Dana Lee:mailto:dana@family.example",
        "SUMMARY:Appointment",
        "DTSTART;TZID=America/New_York:20270222T180000",
        "DTEND;TZID=America/New_York:20270222T193000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270416T220000Z;INTERVAL=1;BYDAY=MO,WE,FR;WKST=MO",
        "EXDATE;TZID=America/New_York:20270315T180000",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "STATUS:CANCELLED",
    ]
    assert values(data, "METHOD") == ["CANCEL"]


def test_cancel_for_one_person_has_no_status(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    """The meeting goes on without Dana; a STATUS would strike it out for everybody (RFC 5546
    3.2.5).
    """
    data = cancel(series(), organizer=practice, attendee=dana, whole=False)

    assert values(data, "STATUS") == []


def test_cancel_no_longer_carries_the_link(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    letters = [
        cancel(series(), organizer=practice, attendee=dana, whole=False),
        cancel_dates(series(), [datetime(2027, 3, 1, 18)], organizer=practice, attendee=dana),
    ]

    assert [b"/j/a1b2" in letter for letter in letters] == [False, False]


def test_cancel_dates_names_each_by_its_original_start(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    """The moved one is found by where it was, and shown where it now is; the series itself is not
    touched.
    """
    dates = [datetime(2027, 3, 17, 18), datetime(2027, 3, 1, 18)]

    data = cancel_dates(series(sequence=5), dates, organizer=practice, attendee=dana)

    assert values(data, "RECURRENCE-ID") == [
        "TZID=America/New_York:20270301T180000",
        "TZID=America/New_York:20270317T180000",
    ]
    assert values(data, "DTSTART")[-1] == "TZID=America/New_York:20270318T190000"
    assert values(data, "STATUS") == ["CANCELLED", "CANCELLED"]
    assert values(data, "SEQUENCE") == ["5", "5"]
    assert not [line for line in event(data) if line.startswith("RRULE")]


def test_cancel_dates_for_one_person_has_no_status(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    dates = [datetime(2027, 3, 1, 18)]

    assert (
        values(
            cancel_dates(series(), dates, organizer=practice, attendee=dana, whole=False), "STATUS"
        )
        == []
    )


def test_cancel_dates_that_are_no_instances_are_refused(
    series: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    with pytest.raises(ValueError, match="instances"):
        cancel_dates(series(), [datetime(2027, 3, 2, 18)], organizer=practice, attendee=dana)


def test_feed_has_no_method_and_no_people(series: Callable[..., Entry]) -> None:
    data = feed([series()], name="Appointments")

    assert [values(data, name) for name in ("METHOD", "ORGANIZER", "ATTENDEE")] == [[], [], []]
    assert b"VALARM" not in data


def test_feed_names_itself_and_its_pace(series: Callable[..., Entry]) -> None:
    assert unfolded(feed([], name="Dana's, appointments")) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kinfold//Appointments//EN",
        "NAME:Dana's\\, appointments",
        "X-WR-CALNAME:Dana's\\, appointments",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "COLOR:teal",
        "X-APPLE-CALENDAR-COLOR:#0F5C5E",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize(
    ("refresh", "written"), [(timedelta(days=7), "PT168H"), (timedelta(minutes=90), "PT90M")]
)
def test_feed_at_another_pace(refresh: timedelta, written: str) -> None:
    data = feed([], name="A", refresh=refresh)

    assert values(data, "X-PUBLISHED-TTL") == [written]


def test_feed_is_the_same_bytes_whenever_and_in_whatever_order(entry: Callable[..., Entry]) -> None:
    """Only what an entry says and when that last changed counts, not when the feed is made."""
    later = datetime(2027, 2, 9, tzinfo=UTC)
    one, other = entry(uid="b"), entry(uid="a", start=datetime(2027, 2, 23, 9, 0))
    same = entry(uid="b", stamp=later)

    first = feed([one, other], name="A")

    assert feed([other, same], name="A") == first
    assert values(first, "DTSTAMP") == values(first, "LAST-MODIFIED") == ["20270130T093000Z"] * 2


def test_feed_is_sorted_by_instant_and_uid(entry: Callable[..., Entry]) -> None:
    """18:00 in London is before 18:00 in New York."""
    entries = [entry(uid="c"), entry(uid="b"), entry(uid="z", zone="Europe/London")]

    data = feed(entries, name="A")

    assert values(data, "UID") == ["z", "b", "c"]
    assert values(data, "TZID") == ["America/New_York", "Europe/London"]


def test_feed_changes_with_anything_seen(entry: Callable[..., Entry]) -> None:
    changes = [
        {},
        {"title": "Visit"},
        {"minutes": 60},
        {"link": "https://a.example/"},
        {"sequence": 1},
    ]

    assert len({feed([entry(**each)], name="A") for each in changes}) == len(changes)


def test_rule_of_every_other_week(
    entry: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    rule = WeeklyRule(2, ("wed", "mon"), datetime(2027, 3, 10, 18))

    data = request(entry(rule=rule), organizer=practice, attendee=dana)

    assert (
        values(data, "RRULE")[-1]
        == "FREQ=WEEKLY;UNTIL=20270310T230000Z;INTERVAL=2;BYDAY=MO,WE;WKST=MO"
    )


def test_link_is_never_cut(entry: Callable[..., Entry], practice: Party, dana: Party) -> None:
    link = "https://hl-sched.example/j/" + "x" * 400

    data = request(entry(link=link, description="y" * 3000), organizer=practice, attendee=dana)

    assert (values(data, "LOCATION"), values(data, "URL")) == (["Online"], [link])
    assert len(values(data, "DESCRIPTION")[0]) == len(link) + len("\\n\\n") + 2000
