"""Clinicians bring their own calendar: when they are busy is kept, what it is never, and plans keep
clear of it.
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from household import ZONE, Household
from scheduler.busy import busy_times, calendar_of, forget, upload
from scheduler.busy.models import BusyTime
from scheduler.ical import read_busy
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.sandbox import Overrun, apart

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
FIRST, LAST = NOW - timedelta(days=7), NOW + timedelta(days=400)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"


def calendar(*events: str, head: str = HEAD) -> bytes:
    """A calendar of these entries, each given as its lines."""
    inside = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}@home\r\nSUMMARY:Dentist\r\n{event}\r\nEND:VEVENT\r\n"
        if "UID:" not in event
        else f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    return f"{head}{inside}END:VCALENDAR\r\n".encode()


def read(*events: str) -> list[str]:
    """What is read, as UTC from – to."""
    found = read_busy(calendar(*events), zone=ZONE, first=FIRST, last=LAST, ours="sp-cal.example")
    return [f"{begin:%m-%d %H:%M} {end:%m-%d %H:%M}" for begin, end in found.stretches]


@pytest.mark.parametrize(
    ("event", "times"),
    [
        ("DTSTART:20270302T140000Z\r\nDTEND:20270302T150000Z", ["03-02 14:00 03-02 15:00"]),
        ("DTSTART:20270302T090000\r\nDURATION:PT30M", ["03-02 14:00 03-02 14:30"]),
        (
            "DTSTART;TZID=Europe/London:20270302T090000\r\nDTEND;TZID=Europe/London:20270302T100000",
            ["03-02 09:00 03-02 10:00"],
        ),
        (
            'DTSTART;TZID="Eastern Standard Time":20270302T090000\r\nDURATION:PT1H',
            ["03-02 14:00 03-02 15:00"],
        ),
        ("DTSTART;VALUE=DATE:20270302\r\nDTEND;VALUE=DATE:20270304", ["03-02 05:00 03-04 05:00"]),
        ("DTSTART;VALUE=DATE:20270302", ["03-02 05:00 03-03 05:00"]),
        ("DTSTART:20270302T140000Z", []),
        ("DTSTART:20270302T140000Z\r\nDURATION:PT1H\r\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20270302T140000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED", []),
        ("DTSTART:20270302T140000Z\r\nDURATION:PT1H\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20260302T140000Z\r\nDURATION:PT1H", []),
        ("UID:a@sp-cal.example\r\nDTSTART:20270302T140000Z\r\nDURATION:PT1H", []),
    ],
    ids=[
        "utc",
        "floating",
        "zone",
        "windows",
        "days",
        "day",
        "no length",
        "free",
        "off",
        "shown free",
        "past",
        "ours",
    ],
)
def test_what_takes_time_is_read(event: str, times: list[str]) -> None:
    assert read(event) == times


def test_rule_keeps_its_wall_time_over_a_clock_change() -> None:
    zone = "TZID=America/New_York"
    rule = (
        f"DTSTART;{zone}:20270308T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
        f"EXDATE;{zone}:20270315T090000"
    )

    assert read(rule) == ["03-08 14:00 03-08 15:00", "03-22 13:00 03-22 14:00"]


def test_date_that_is_elsewhere_is_where_it_is() -> None:
    rule = (
        "UID:a@home\r\nDTSTART:20270302T140000Z\r\nDURATION:PT1H\r\n"
        "RRULE:FREQ=DAILY;UNTIL=20270303T140000Z"
    )
    moved = (
        "UID:a@home\r\nRECURRENCE-ID:20270303T140000Z\r\nDTSTART:20270303T180000Z\r\nDURATION:PT1H"
    )

    assert read(rule, moved) == ["03-02 14:00 03-02 15:00", "03-03 18:00 03-03 19:00"]


def test_times_that_touch_are_one() -> None:
    events = [f"DTSTART:20270302T{hour}0000Z\r\nDURATION:PT1H" for hour in (14, 15, 18)]

    assert read(*events) == ["03-02 14:00 03-02 16:00", "03-02 18:00 03-02 19:00"]


START = "DTSTART:20270302T140000Z\r\nDURATION:PT1H\r\n"
BAD = {
    "no calendar": b"hello",
    "cut off": calendar(START.strip())[:-20],
    "too large": calendar(START + "DESCRIPTION:" + "x" * 12 * 1024**2),
    "message": calendar(START.strip(), head=f"{HEAD}METHOD:CANCEL\r\n"),
    "hundreds of broken rules": calendar(*[f"{START}RRULE:FREQ=DAILY;INTERVAL=0"] * 201),
    "nested": calendar(START + "BEGIN:VALARM\r\n" * 5000),
    "unknown zone": calendar("DTSTART;TZID=Nowhere/Land:20270302T140000\r\nDURATION:PT1H"),
}


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    """Rivera has brought a calendar with one hour in it."""
    home = sqlite_home
    upload(home.rivera, calendar(START.strip()), by="rivera", now=NOW)
    db.session.commit()
    return home


@pytest.mark.parametrize("bad", BAD)
def test_bad_calendar_is_refused_and_the_old_one_stays(home: Household, bad: str) -> None:
    with pytest.raises(InputError):
        upload(home.rivera, BAD[bad], by="rivera", now=NOW)

    assert len(busy_times(FIRST, LAST)) == 1


ODD = {
    "seconds": (f"{START}RRULE:FREQ=SECONDLY", 1),
    "every minute": (f"{START}RRULE:FREQ=MINUTELY", 1),
    "no step": (f"{START}RRULE:FREQ=DAILY;INTERVAL=0", 1),
    "never": (f"{START}RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1),
    "no rule": (f"{START}RRULE:FREQ=NOW", 1),
    "no start": ("DURATION:PT1H", 0),
}


@pytest.mark.parametrize("odd", ODD)
def test_entry_that_cannot_be_read_is_named_and_the_rest_counts(home: Household, odd: str) -> None:
    event, times = ODD[odd]
    other = "DTSTART:20270304T140000Z\r\nDURATION:PT1H"

    count = upload(home.rivera, calendar(event, other), by="rivera", now=NOW)

    known = calendar_of(home.rivera)
    assert known is not None
    begins = [entry.starts_at for entry in known.unread or ()]
    assert (count, begins) == (
        1 + times,
        [datetime(2027, 3, 2, 14, tzinfo=UTC) if times else None],
    )


def hang(data: bytes) -> None:
    """What a hostile file might bring about."""
    while data:
        pass


def swell(data: bytes) -> int:
    """And the other thing."""
    return len(data * 2**31)


@pytest.mark.parametrize("deed", [hang, swell])
def test_child_that_hangs_or_swells_is_ended(deed: object) -> None:
    with pytest.raises(Overrun):
        apart(deed, b"xx", int)  # type: ignore[arg-type]


def test_newer_calendar_takes_the_place_of_the_older(home: Household) -> None:
    upload(
        home.rivera,
        calendar("DTSTART;VALUE=DATE:20270310\r\nDTEND;VALUE=DATE:20270313"),
        by="rivera",
        now=NOW,
    )

    assert [
        (key, begin.day, (end - begin).days) for key, (begin, end) in busy_times(FIRST, LAST)
    ] == [
        ("rivera", 10, 1),
        ("rivera", 11, 1),
        ("rivera", 12, 1),
    ]


def test_nothing_is_kept_of_what_it_is(home: Household) -> None:
    row = db.session.scalars(select(BusyTime)).one()

    assert set(row.__table__.columns.keys()) == {"id", "person_id", "starts_at", "ends_at"}


def test_forgotten_calendar_is_gone(home: Household) -> None:
    forget(home.rivera, by="rivera", now=NOW)

    assert (busy_times(FIRST, LAST), calendar_of(home.rivera)) == ([], None)


def test_only_clinicians_calendars_are_kept(home: Household) -> None:
    with pytest.raises(InputError):
        upload(home.father, calendar(START.strip()), by="x", now=NOW)
