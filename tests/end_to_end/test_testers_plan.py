"""A tester's plan for calendars, item by item, read by everybody's parsers. The father stands
by.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from calendar_client import Span
from foreign import accepted, expansions, readings
from household import NOW, stand_up
from invitations.sync.test_announce import calendar, letters, message, words
from invitations.test_life import shift, step, unfolded, weekly
from scheduler import consents
from scheduler.feeds.render import Known, render
from scheduler.ical import Entry, Party, request
from scheduler.invitations.letters.invitation_letter import entry_of
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.itip import follow
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.programs import Kind
from scheduler.programs.models import Program
from scheduler.sessions.models import Status

BEFORE = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
OURS, DANA = Party("calendar@sp-cal.example", "SP Calendar"), Party("m@family.example")
MONDAYS_WEDNESDAYS_FRIDAYS = [
    *(
        "2027-02-22T23:00",
        "2027-02-24T23:00",
        "2027-02-26T23:00",
        "2027-03-01T23:00",
        "2027-03-03T23:00",
    ),
    *("2027-03-05T23:00", "2027-03-08T23:00", "2027-03-10T23:00", "2027-03-12T23:00"),
    *(
        "2027-03-18T23:00",
        "2027-03-19T22:00",
    ),  # the 15th is a holiday; the 17th is on the 18th at 19:00
    *("2027-03-22T22:00", "2027-03-24T22:00"),  # the 26th is cancelled
    "2027-03-27T14:00",  # one extra, a Saturday at 10:00
    *(
        "2027-03-29T22:00",
        "2027-03-31T22:00",
        "2027-04-02T22:00",
        "2027-04-05T22:00",
        "2027-04-07T22:00",
    ),
    *("2027-04-09T22:00", "2027-04-12T22:00", "2027-04-14T22:00", "2027-04-16T22:00"),
]
"""By hand: 18:00 in New York is 23:00Z until 2027-03-13 and 22:00Z from the 14th on."""
WEDNESDAYS = [
    *(
        "2027-02-24T23:00",
        "2027-03-03T23:00",
        "2027-03-10T23:00",
        "2027-03-18T23:00",
        "2027-03-24T22:00",
    ),
    *("2027-03-31T22:00", "2027-04-07T22:00", "2027-04-14T22:00"),
]


def instants(lines: list[str], minutes: int = 60) -> list[Span]:
    starts = [datetime.fromisoformat(line).replace(tzinfo=UTC) for line in lines]
    return [(at, at + timedelta(minutes=minutes)) for at in starts]


def walls(days: str, weeks: int = 8) -> list[datetime]:
    """Return the starts of the plan as the clinic writes them: weekday names, at 18:00, from
    2027-02-22 on.
    """
    first = datetime(2027, 2, 22, 18, 0)
    every = [first + timedelta(days=day) for day in range(7 * weeks)]
    return [at for at in every if f"{at:%a}" in days]


def changed(starts: list[datetime]) -> list[datetime]:
    """Skip the holiday, move one, cancel one."""
    gone = {datetime(2027, 3, 15, 18, 0), datetime(2027, 3, 26, 18, 0)}
    moved = {datetime(2027, 3, 17, 18, 0): datetime(2027, 3, 18, 19, 0)}
    return sorted(moved.get(at, at) for at in starts if at not in gone)


def told(
    starts: list[datetime], zone: str, *, sequence: int | None = None, shown: Content | None = None
) -> bytes:
    """Return the REQUEST that tells a parent of these starts."""
    meetings = tuple(
        Meeting(at, 60, at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), f"s{number}")
        for number, at in enumerate(starts)
    )
    wanted = Content("Appointment", zone, True, meetings)
    found = follow(shown, wanted, shown=shown, sequence=sequence, withdrawn=False, now=BEFORE)
    assert found is not None
    entry = entry_of(found.content, uid="u1@sp-cal.example", sequence=found.sequence, stamp=BEFORE)
    return request(entry, organizer=OURS, attendee=DANA)


def subscribed(starts: list[datetime], extra: list[datetime], zone: str) -> bytes:
    """Return the feed of these starts, those of `extra` under a name of their own."""
    known = [
        Known(uid, series, "Appointment", zone, start, start + timedelta(minutes=60), 1, BEFORE)
        for those, uid, series in (
            (starts, "u1@sp-cal.example", True),
            (extra, "u2@sp-cal.example", False),
        )
        for start in (at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for at in those)
    ]
    return render(known, language=None, now=BEFORE).body


def agreed(data: bytes) -> list[Span]:
    """Return what every reader reads; they must agree. A feed is not shown to an attendee's
    client.
    """
    accepted(data)
    first, *others = (
        readings(data, DANA.address) if b"METHOD" in data else expansions(data)
    ).values()
    assert all(each == first for each in others)
    return first


def test_1_plan_of_eight_weeks_in_the_feed_and_a_parents_invitation() -> None:
    feed = subscribed(
        changed(walls("Mon Wed Fri")), [datetime(2027, 3, 27, 10, 0)], "America/New_York"
    )
    parent = told(changed(walls("Wed")), "America/New_York")

    assert agreed(feed) == instants(MONDAYS_WEDNESDAYS_FRIDAYS)
    assert agreed(parent) == instants(WEDNESDAYS)


@pytest.mark.parametrize(
    "zone", ["Europe/London", "Australia/Sydney", "America/Phoenix", "Asia/Kolkata"]
)
@pytest.mark.parametrize("weeks", [3, 5, 6, 8], ids="until week {}".format)
def test_2_same_plan_elsewhere_to_the_week_of_the_change(zone: str, weeks: int) -> None:
    """America changes on 14 March (week 3), Europe on 28 March (week 5), Australia on 4 April (week
    6).
    """
    starts = changed(walls("Mon Wed Fri", weeks))
    meant = [at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for at in starts]

    for data in (told(starts, zone), subscribed(starts, [], zone)):
        assert [start for start, _ in agreed(data)] == meant


def test_3_life_of_one_invitation(sqlite_app: Flask) -> None:
    """Where the RFC lets a change of text keep its SEQUENCE, ours rises as well, so that no two are
    ever confused.
    """
    home, mother, aunt = stand_up(), "m@family.example", "a@family.example"
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = weekly(home)
    lives = [step(0)]
    db.session.scalars(select(Program)).one().outward_title = "Talk"
    lives.append(step(1))
    for minute, days in ((2, 1), (3, 1)):
        for each in sessions:
            shift(each, days)
        lives.append(step(minute))
    shift(sessions[2], 1)
    lives.append(step(4))
    sessions[3].status = Status.CANCELLED
    lives.append(step(5))
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    lives.append(step(6))
    consents.revoke(person=home.mother, patient=home.jordan, by="sam", now=NOW)
    lives.append(step(7))
    for each in sessions:
        each.status = Status.CANCELLED
    lives.append(step(8))

    hers = [(mother, "REQUEST", "CONFIRMED", number) for number in range(6)]
    theirs = [
        (aunt, "REQUEST", "CONFIRMED", 0),
        (mother, "CANCEL", "", 6),
        (aunt, "CANCEL", "CANCELLED", 1),
    ]
    assert lives == [[each] for each in (*hers, *theirs)]
    for address in (mother, aunt):
        mine = [letter for letter in letters() if letter.address == address]
        assert len({letter.uid for letter in mine}) == 1
        stamps = [re.findall(rb"DTSTAMP:(\w+)", calendar(letter))[0] for letter in mine]
        assert stamps == sorted(set(stamps))
        for letter in mine:
            accepted(calendar(letter))
            asked = {
                line.rpartition(":")[2] for line in unfolded(letter) if line.startswith("ATTENDEE")
            }
            (part,) = [
                each
                for each in message(letter).walk()
                if each.get_content_type() == "text/calendar"
            ]
            assert (asked, part.get_param("method")) == ({address}, shown_method(letter))


def shown_method(letter: Letter) -> str:
    return next(line for line in unfolded(letter) if line.startswith("METHOD:")).removeprefix(
        "METHOD:"
    )


@pytest.mark.parametrize(
    "said",
    [
        *(
            pytest.param("x" * (number - 8) + "😀😀", id=f"emoji at {number}")
            for number in (74, 75, 76)
        ),
        pytest.param("a, b; c\\d\\n\n\r\ne\rf", id="marks and breaks"),
        pytest.param("bell\x07", id="control"),
        pytest.param("שלום ثم 你好", id="right to left"),
        pytest.param("long " * 400, id="2000 letters"),
    ],
)
def test_4_names_and_texts(said: str) -> None:
    entry = Entry(
        uid="u1@sp-cal.example",
        sequence=0,
        stamp=BEFORE,
        changed=BEFORE,
        zone="America/New_York",
        start=datetime(2027, 3, 1, 18, 0),
        minutes=60,
        title=said[:80],
        description=said,
    )
    data = request(entry, organizer=Party(OURS.address, 'Doe, "JJ" Jane^x'), attendee=DANA)

    assert agreed(data) == instants(["2027-03-01T23:00"])
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|(?<!\r)\n", data)


def test_5_mail_says_the_same_in_every_part_to_one_reader(sqlite_app: Flask) -> None:
    home = stand_up()
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    weekly(home)
    step(0)

    hers, theirs = sorted(letters(), key=lambda letter: letter.address, reverse=True)
    for mine, other in ((hers, theirs), (theirs, hers)):
        data = calendar(mine)
        assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
        assert [each.addr_spec for each in message(mine)["To"].addresses] == [mine.address]
        assert (message(mine)["Cc"], message(mine)["Bcc"]) == (None, None)
        dates = [line for line in words(mine).splitlines() if line.startswith("  Tue ")]
        assert len(dates) == len(readings(data, mine.address)["vobject"]) == 5
        everything = mine.mime + data + words(mine).encode()
        assert not [one for one in (other.address, other.uid or "-") if one.encode() in everything]


MUTANTS: dict[str, Callable[[bytes], bytes]] = {
    "LF only": lambda data: data.replace(b"\r\n", b"\n"),
    "long line": lambda data: data.replace(b"\r\n ", b""),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "no UTF-8": lambda data: data.replace(b"Appointment", b"App\xff"),
    "control character": lambda data: data.replace(b"Appointment", b"App\x07"),
    "no UID": lambda data: re.sub(rb"UID:.*\r\n", b"", data),
    "no DTSTAMP": lambda data: re.sub(rb"DTSTAMP:.*\r\n", b"", data),
    "no PRODID": lambda data: re.sub(rb"PRODID:.*\r\n", b"", data),
    "unclosed": lambda data: data.replace(b"END:VEVENT\r\n", b""),
    "no zone": lambda data: re.sub(
        rb"BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n", b"", data, flags=re.DOTALL
    ),
    "local UNTIL": lambda data: re.sub(rb"(UNTIL=\w+)Z", rb"\1", data),
    "EXDATE a day": lambda data: re.sub(
        rb"EXDATE;TZID=[^:]*:(\d+)T\d+", rb"EXDATE;VALUE=DATE:\1", data
    ),
    "no such weekday": lambda data: data.replace(b"BYDAY=MO", b"BYDAY=MOO"),
    "end and duration": lambda data: data.replace(b"DTEND;", b"DURATION:PT1H\r\nDTEND;"),
    "offset in the start": lambda data: re.sub(rb"(DTSTART;TZID=[^\r]*)", rb"\1-0500", data),
}


def test_8_whole_sample_passes() -> None:
    assert agreed(told(changed(walls("Mon Wed Fri")), "America/New_York")) != []


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=list(MUTANTS))
def test_8_every_mutant_is_refused(mutant: Callable[[bytes], bytes]) -> None:
    """Judges that let everything pass would prove nothing."""
    whole = told(changed(walls("Mon Wed Fri")), "America/New_York")
    broken = mutant(whole)
    assert broken != whole

    with pytest.raises(Exception):  # noqa: B017 -- every parser has an error of its own
        agreed(broken)
