"""What follows from (told, wanted, now), down to the lines that leave: a row for every number that
this decides.

B: identity and versions (RFC 5546 2.1.4). D: invitations (3.2.2). E: changes and cancellations
(3.2.5).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.ical import Party, cancel, cancel_dates, request
from scheduler.invitations.letters.invitation_letter import entry_of
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.itip import Message, Method, follow

ZONE = "America/New_York"
FIRST = datetime(2027, 3, 9, 18, 0)
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
AFTER_TWO = NOW + timedelta(days=16)
OVER = NOW + timedelta(days=60)
DANA = Party("dana@family.example")
OURS = "calendar@sp-cal.example"


def meeting(week: int, *, days: int = 0, minutes: int = 60) -> Meeting:
    start = FIRST + timedelta(weeks=week, days=days)
    return Meeting(start, minutes, start.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC), f"s{week}")


def content(*meetings: Meeting, series: bool = True) -> Content:
    words = ("https://sp-cal.example", OURS)
    return Content("Appointment", ZONE, series, tuple(sorted(meetings)), *words)


FOUR = content(*(meeting(week) for week in range(4)))
EXCEPTED = content(meeting(0), meeting(1, days=1), meeting(3), meeting(4))
LATE = content(meeting(0), meeting(1), meeting(2), meeting(3, days=1))
ONE = content(meeting(0), series=False)
ONE_ON = content(meeting(0, days=1), series=False)


def lines(message: Message) -> list[str]:
    """Return the lines that leave for a message, unfolded and without their zone."""
    words = (
        {}
        if message.method is not Method.REQUEST
        else {"link": "https://sp-cal.example/i/x", "description": "d"}
    )
    entry = entry_of(
        message.content, uid="u1@sp-cal.example", sequence=message.sequence, stamp=NOW, **words
    )
    people = {"organizer": Party(message.content.sender), "attendee": DANA}
    if message.method is Method.REQUEST:
        data = request(entry, **people)
    elif message.method is Method.CANCEL:
        data = cancel(entry, **people, whole=message.whole)
    else:
        data = cancel_dates(entry, message.dates, **people, whole=message.whole)
    text = data.decode().replace("\r\n ", "")
    before, _, after = text.partition("BEGIN:VTIMEZONE")
    return (before + after.partition("END:VTIMEZONE")[2]).split("\r\n")


@dataclass(frozen=True)
class Row:
    """What was told and what is wanted; the method that follows (None: nothing), lines it has,
    words it lacks.
    """

    told: Content | None
    wanted: Content | None
    method: str | None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    now: datetime = NOW
    withdrawn: bool = False
    sequence: int | None = 3
    shown: Content | None = None
    """What the calendar shows, where that is not what was told."""


AT = f";TZID={ZONE}:"
NEXT, SAME, FIRST_EVER = "SEQUENCE:4", "SEQUENCE:3", "SEQUENCE:0"
ASKED = (
    "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CUTYPE=INDIVIDUAL"
    ":mailto:dana@family.example"
)
TABLE = {
    "B5-first-is-zero": Row(None, ONE, "REQUEST", (FIRST_EVER,), sequence=None),
    "B5-moved": Row(ONE, ONE_ON, "REQUEST", (NEXT, f"DTSTART{AT}20270310T180000")),
    "B5-shortened": Row(
        ONE,
        content(meeting(0, minutes=45), series=False),
        "REQUEST",
        (NEXT, f"DTEND{AT}20270309T184500"),
    ),
    "B5-one-date-more": Row(FOUR, content(*FOUR.meetings, meeting(4)), "REQUEST", (NEXT,)),
    "B5-one-date-less": Row(
        FOUR, content(*FOUR.meetings[:2], FOUR.meetings[3]), "REQUEST", (NEXT,)
    ),
    "B5-one-date-moved": Row(
        FOUR, content(*FOUR.meetings[:3], meeting(3, days=1)), "REQUEST", (NEXT,)
    ),
    "B5-other-place": Row(ONE, replace(ONE, place="https://new.example"), "REQUEST", (NEXT,)),
    "B6-cancelled": Row(ONE, None, "CANCEL", (NEXT,)),
    "B6-removed": Row(ONE, None, "CANCEL", (NEXT,), withdrawn=True),
    "B6-dates-cancelled": Row(FOUR, None, "CANCEL", (NEXT,), withdrawn=True, now=AFTER_TWO),
    "B7-only-rises": Row(ONE, ONE_ON, "REQUEST", ("SEQUENCE:2147483647",), sequence=2**31 - 2),
    "B8-override-as-the-series": Row(FOUR, LATE, "REQUEST", (NEXT, NEXT), ("SEQUENCE:0",)),
    "B9-stamp-is-the-moment-it-is-made": Row(
        ONE, ONE_ON, "REQUEST", (f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}",)
    ),
    "B11-stamps-in-UTC": Row(
        ONE, ONE_ON, "REQUEST", (f"LAST-MODIFIED:{NOW:%Y%m%dT%H%M%SZ}",), ("DTSTAMP;",)
    ),
    "D1-what-a-request-has": Row(
        None,
        ONE,
        "REQUEST",
        (
            "METHOD:REQUEST",
            ASKED,
            f"ORGANIZER:mailto:{OURS}",
            "UID:u1@sp-cal.example",
            "SUMMARY:Appointment",
            f"DTSTART{AT}20270309T180000",
            "STATUS:CONFIRMED",
        ),
        ("REQUEST-STATUS",),
        sequence=None,
    ),
    "D2-one-UID": Row(FOUR, LATE, "REQUEST", ("UID:u1@sp-cal.example",) * 2),
    "D3-bare-addresses": Row(
        None, ONE, "REQUEST", (f"ORGANIZER:mailto:{OURS}",), ("<", "mailto: "), sequence=None
    ),
    "D4-organizer-stays": Row(ONE, ONE_ON, "REQUEST", (f"ORGANIZER:mailto:{OURS}",)),
    "D6-recipient-is-asked": Row(None, ONE, "REQUEST", (ASKED,), sequence=None),
    "D7-nobody-else": Row(FOUR, LATE, "REQUEST", (ASKED, ASKED)),
    "D10-new-time-asks-anew": Row(ONE, ONE_ON, "REQUEST", (NEXT, ASKED)),
    "D10-new-title-is-a-new-version": Row(
        ONE, replace(ONE, title="Talk"), "REQUEST", ("SUMMARY:Talk",)
    ),
    "D11-series-goes-out-whole": Row(
        FOUR,
        EXCEPTED,
        "REQUEST",
        (
            "RRULE:FREQ=WEEKLY;UNTIL=20270406T220000Z;INTERVAL=1;BYDAY=TU;WKST=MO",
            f"EXDATE{AT}20270323T180000",
            f"RECURRENCE-ID{AT}20270316T180000",
            f"DTSTART{AT}20270317T180000",
        ),
    ),
    "D12-one-changed-date-goes-with-its-series": Row(
        FOUR, LATE, "REQUEST", (f"RECURRENCE-ID{AT}20270330T180000", f"DTSTART{AT}20270309T180000")
    ),
    "D14-neutral-and-private": Row(
        None, ONE, "REQUEST", ("SUMMARY:Appointment", "CLASS:PRIVATE"), sequence=None
    ),
    "D15-no-alarm": Row(ONE, ONE_ON, "REQUEST", (), ("VALARM",)),
    "D15-no-alarm-in-a-cancellation": Row(ONE, None, "CANCEL", (), ("VALARM",)),
    "E1-cancel-is-a-cancel": Row(
        ONE,
        None,
        "CANCEL",
        (
            "METHOD:CANCEL",
            "UID:u1@sp-cal.example",
            f"ORGANIZER:mailto:{OURS}",
            "ATTENDEE:mailto:dana@family.example",
        ),
    ),
    "E2-off-for-all": Row(ONE, None, "CANCEL", ("STATUS:CANCELLED",)),
    "E2-only-this-person": Row(ONE, None, "CANCEL", (), ("\nSTATUS:",), withdrawn=True),
    "E3-whole-series": Row(FOUR, None, "CANCEL", ("STATUS:CANCELLED",), ("RECURRENCE-ID",)),
    "E3-dates-by-name": Row(
        FOUR,
        None,
        "CANCEL",
        (f"RECURRENCE-ID{AT}20270323T180000", f"RECURRENCE-ID{AT}20270330T180000"),
        ("RRULE", f"DTSTART{AT}20270309"),
        now=AFTER_TWO,
        withdrawn=True,
    ),
    "E4-cancel-repeats-when": Row(
        FOUR,
        None,
        "CANCEL",
        (
            f"DTSTART{AT}20270309T180000",
            f"DTEND{AT}20270309T190000",
            "SUMMARY:Appointment",
            "RRULE:FREQ=WEEKLY;UNTIL=20270330T220000Z;INTERVAL=1;BYDAY=TU;WKST=MO",
        ),
    ),
    "E5-removed-though-nothing-else-changed": Row(
        ONE, None, "CANCEL", ("METHOD:CANCEL",), withdrawn=True
    ),
    "E5-nobody-who-sees-no-change": Row(FOUR, FOUR, None),
    "E6-added-gets-what-is": Row(
        None, EXCEPTED, "REQUEST", (FIRST_EVER, f"EXDATE{AT}20270323T180000"), sequence=None
    ),
    "E7-moved-date-by-its-first-start": Row(
        LATE,
        None,
        "CANCEL",
        (f"RECURRENCE-ID{AT}20270330T180000", f"DTSTART{AT}20270331T180000"),
        now=AFTER_TWO,
        withdrawn=True,
    ),
    "E8-series-cut-short-keeps-its-past": Row(
        FOUR,
        None,
        "REQUEST",
        ("RRULE:FREQ=WEEKLY;UNTIL=20270316T220000Z;INTERVAL=1;BYDAY=TU;WKST=MO",),
        ("CANCELLED", "EXDATE"),
        now=AFTER_TWO,
    ),
    "E8-what-is-over-stays": Row(FOUR, None, None, now=OVER),
    "E8-what-is-over-stays-after-withdrawal": Row(ONE, None, None, now=OVER, withdrawn=True),
    "E8-time-passes": Row(FOUR, content(*FOUR.meetings[2:]), None, now=AFTER_TWO),
    "E9-from-what-arrived-to-what-is": Row(
        content(meeting(0, days=2), series=False),
        ONE_ON,
        "REQUEST",
        (NEXT, f"DTSTART{AT}20270310T180000"),
        shown=ONE,
    ),
    "E9-back-to-what-arrived": Row(ONE_ON, ONE, None, shown=ONE),
    "E9-the-same-again": Row(ONE, ONE, None),
    "E10-other-organizer": Row(
        ONE,
        replace(ONE, sender="desk@sp-cal.example"),
        "REQUEST",
        (NEXT, "ORGANIZER:mailto:desk@sp-cal.example"),
    ),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=list(TABLE))
def test_message_follows_to_the_line(row: Row) -> None:
    shown = row.shown or row.told
    message = follow(
        row.told,
        row.wanted,
        shown=shown,
        sequence=row.sequence,
        withdrawn=row.withdrawn,
        now=row.now,
    )

    if message is None:
        assert row.method is None
        return
    left = lines(message)
    assert f"METHOD:{row.method}" in left
    assert [(one, left.count(one)) for one in row.has if left.count(one) < row.has.count(one)] == []
    assert [one for one in row.lacks if one in "\n".join(left)] == []


def test_five_moves_are_five_versions() -> None:
    """B7."""
    told, numbers = ONE, [0]
    for days in range(1, 6):
        wanted = content(meeting(0, days=days), series=False)
        message = follow(told, wanted, shown=told, sequence=numbers[-1], withdrawn=False, now=NOW)
        assert message is not None and message.told is not None
        told, numbers = message.told, [*numbers, message.sequence]

    assert numbers == [0, 1, 2, 3, 4, 5]
