from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.ical import (
    Entry,
    Party,
    Received,
    Unreadable,
    parse_reply,
    reply,
    request,
    summarise,
    to_utc,
)

STAMP = datetime(2027, 2, 3, 10, 0, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/Dublin", "Australia/Sydney", "Asia/Kolkata", "Etc/UTC")


def test_summary_of_a_single_invitation(
    entry: Callable[..., Entry], practice: Party, dana: Party
) -> None:
    data = request(entry(sequence=2, link="https://a.example/j"), organizer=practice, attendee=dana)
    start = datetime(2027, 2, 22, 23, 0, tzinfo=UTC)

    assert summarise(data) == Received(
        method="REQUEST",
        uid="5a1c@hl-sched.example",
        sequence=2,
        title="Appointment",
        description="https://a.example/j",
        location="Online",
        status="CONFIRMED",
        times=((start, start + timedelta(minutes=90)),),
        rule=None,
        organizer=practice,
        attendees=(dana,),
        partstat="NEEDS-ACTION",
    )


@pytest.mark.parametrize("zone", ZONES)
def test_summary_of_a_series_lists_every_meeting(
    artefacts: Callable[..., dict[str, bytes]], series: Callable[..., Entry], zone: str
) -> None:
    found = summarise(artefacts(zone)["request"])

    assert [start for start, _ in found.times] == [
        to_utc(at, zone) for at in series(zone=zone).starts()
    ]
    assert {end - start for start, end in found.times} == {
        timedelta(minutes=90),
        timedelta(minutes=60),
    }


@pytest.mark.parametrize(
    ("kind", "status", "meetings"), [("cancel", "CANCELLED", 23), ("uninvite", None, 23)]
)
def test_summary_of_a_cancellation(
    artefacts: Callable[..., dict[str, bytes]], kind: str, status: str | None, meetings: int
) -> None:
    found = summarise(artefacts()[kind])

    assert (found.method, found.status, len(found.times), found.partstat) == (
        "CANCEL",
        status,
        meetings,
        None,
    )


def test_summary_of_cancelled_dates_lists_only_them(
    artefacts: Callable[..., dict[str, bytes]],
) -> None:
    assert [f"{start:%m-%d %H:%M}" for start, _ in summarise(artefacts()["dates"]).times] == [
        "03-01 23:00",
        "03-18 23:00",
    ]


@pytest.mark.parametrize(
    ("rule", "meetings"),
    [
        ("FREQ=SECONDLY", 1),
        ("FREQ=DAILY;COUNT=1000000000", 1),
        ("FREQ=WEEKLY", 1),
        ("FREQ=WEEKLY;UNTIL=20270316T030000;BYDAY=MO", 4),
        ("FREQ=WEEKLY;INTERVAL=52;UNTIL=20270316T030000Z", 1),
    ],
)
def test_summary_of_a_strangers_rule_follows_only_weeks_with_an_end(
    artefacts: Callable[..., dict[str, bytes]], rule: str, meetings: int
) -> None:
    data = (
        artefacts()["single"]
        .replace(b"20271109T", b"20270222T")
        .replace(b"CLASS:", f"RRULE:{rule}\r\nCLASS:".encode())
    )

    assert len(summarise(data).times) == meetings


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;UNTIL=21990316T030000Z;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=0;UNTIL=20280316T030000Z",
        "FREQ=WEEKLY;INTERVAL=99;UNTIL=20280316T030000Z",
    ],
)
def test_summary_of_a_rule_beyond_reason_is_unreadable(
    artefacts: Callable[..., dict[str, bytes]], rule: str
) -> None:
    data = artefacts()["single"].replace(b"CLASS:", f"RRULE:{rule}\r\nCLASS:".encode())

    with pytest.raises(Unreadable):
        summarise(data)


@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_reply_to_everything_comes_back(
    series: Callable[..., Entry], practice: Party, dana: Party, said: str
) -> None:
    data = request(series(sequence=4), organizer=practice, attendee=dana)

    found = parse_reply(
        reply(data, attendee=dana, answer=said, stamp=STAMP, comment="Thanks; see you,\nDana")
    )

    assert (found.method, found.uid, found.recurrence) == ("REPLY", "5a1c@hl-sched.example", None)
    assert (found.attendee, found.partstat, found.sequence) == ("dana@family.example", said, 4)
    assert (found.stamp, found.comment) == (STAMP, "Thanks; see you,\nDana")


@pytest.mark.parametrize("zone", ZONES)
def test_reply_to_one_date_comes_back_as_its_instant(
    artefacts: Callable[..., dict[str, bytes]], dana: Party, zone: str
) -> None:
    date = to_utc(datetime(2027, 4, 5, 18, 0), zone)

    written = reply(
        artefacts(zone)["request"], attendee=dana, answer="DECLINED", stamp=STAMP, recurrence=date
    )

    assert parse_reply(written).recurrence == date


def test_reply_to_a_feed_is_not_possible(
    artefacts: Callable[..., dict[str, bytes]], dana: Party
) -> None:
    with pytest.raises(Unreadable):
        reply(artefacts()["feed"], attendee=dana, answer="ACCEPTED", stamp=STAMP)
