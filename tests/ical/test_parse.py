"""Answers as Gmail, Outlook, Apple, Thunderbird and Proton send them, and as an attacker would."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.ical import Reply, Unreadable, parse_replies, parse_reply
from scheduler.kernel.errors import InputError

UID = "5a1c@hl-sched.example"
NINTH = datetime(2027, 3, 8, 23, 0, tzinfo=UTC)


def answer(*lines: str, method: str = "REPLY", attendee: str = "") -> bytes:
    """Write a bare answer of Dana with further lines in its VEVENT."""
    who = attendee or "ATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@family.example"
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//EN", f"METHOD:{method}"]
    text += ["BEGIN:VEVENT", f"UID:{UID}", who, *lines, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(text).encode()


def test_reply_as_gmail_sends_it() -> None:
    data = answer(
        "DTSTART:20270222T230000Z",
        "DTEND:20270223T003000Z",
        "DTSTAMP:20270203T101112Z",
        "ORGANIZER;CN=HL Scheduling:mailto:calendar@hl-sched.example",
        "SEQUENCE:2",
        "STATUS:CONFIRMED",
        "SUMMARY:Appointment",
        attendee="ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN=dana@family.exam\r\n"
        " ple;X-NUM-GUESTS=0:mailto:dana@family.example",
    )

    assert parse_reply(data) == Reply(
        method="REPLY",
        uid=UID,
        recurrence=None,
        attendee="dana@family.example",
        partstat="DECLINED",
        sequence=2,
        stamp=datetime(2027, 2, 3, 10, 11, 12, tzinfo=UTC),
        comment=None,
    )


def test_reply_as_outlook_sends_it_without_organizer_and_in_windows_words() -> None:
    data = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:Microsoft Exchange Server "
        "2010\r\nVERSION:2.0\r\n"
        "BEGIN:VTIMEZONE\r\nTZID:Eastern Standard "
        "Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\n"
        "TZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\r\n"
        "END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
        'ATTENDEE;PARTSTAT=TENTATIVE;CN="Lee: Dana":MAILTO:Dana@Family.Example\r\n'
        "COMMENT;LANGUAGE=en-US:Not sure yet\\n\\n\r\n"
        f"UID:{UID}\r\nRECURRENCE-ID;TZID=Eastern Standard Time:20270308T180000\r\n"
        "SUMMARY;LANGUAGE=en-US:Tentative: Appointment\r\nDTSTART;TZID=Eastern Standard "
        "Time:20270308T180000\r\n"
        "DTEND;TZID=Eastern Standard Time:20270308T193000\r\nCLASS:PUBLIC\r\nPRIORITY:5\r\n"
        "DTSTAMP:20270203T101112Z\r\nSEQUENCE:0\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:0\r\n"
        "BEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\nTRIGGER;RELATED=START:-PT15M\r\nACTION:DISPLAY\r\nEND:VALARM\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()

    found = parse_reply(data)

    assert (found.attendee, found.partstat, found.recurrence) == (
        "dana@family.example",
        "TENTATIVE",
        NINTH,
    )
    assert found.comment == "Not sure yet"


@pytest.mark.parametrize(
    "named",
    [
        "RECURRENCE-ID:20270308T230000Z",
        "RECURRENCE-ID;TZID=America/New_York:20270308T180000",
        'RECURRENCE-ID;TZID="America/New_York":20270308T180000',
        "RECURRENCE-ID;TZID=Central Standard Time:20270308T170000",
        "RECURRENCE-ID;TZID=Europe/London:20270308T230000",
        "RECURRENCE-ID;TZID=/freeassociation.sourceforge.net/America/New_York:20270308T180000",
        "RECURRENCE-ID;TZID=/mozilla.org/20050126_1/America/New_York:20270308T180000",
        "RECURRENCE-ID;VALUE=DATE-TIME:20270308T230000Z",
    ],
)
def test_reply_to_one_date_is_read_as_the_same_instant(named: str) -> None:
    assert parse_reply(answer(named)).recurrence == NINTH


@pytest.mark.parametrize(
    "named",
    [
        "RECURRENCE-ID;TZID=Customized Time Zone:20270308T180000",
        "RECURRENCE-ID:20270308T180000",
        "RECURRENCE-ID;VALUE=DATE:20270308",
        "RECURRENCE-ID:tomorrow",
        "RECURRENCE-ID:99991231T235959Z",
        "RECURRENCE-ID;TZID=../../etc/passwd:20270308T180000",
    ],
)
def test_reply_to_a_date_that_is_not_known_is_not_taken_for_the_series(named: str) -> None:
    with pytest.raises(Unreadable, match="names a date"):
        parse_reply(answer(named))


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@family.example", "dana@family.example"),
        ("ATTENDEE;PARTSTAT=ACCEPTED:MAILTO: Dana@FAMILY.example", "dana@family.example"),
        ("ATTENDEE;PARTSTAT=ACCEPTED:dana@family.example", "dana@family.example"),
        (
            "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=dana@family.example:invalid:nomail",
            "dana@family.example",
        ),
        (
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:j%C3%B6rg@xn--mller-kva.example",
            "jörg@müller.example",
        ),
    ],
)
def test_reply_from_an_address_however_written(written: str, address: str) -> None:
    assert parse_reply(answer(attendee=written)).attendee == address


@pytest.mark.parametrize(
    ("line", "sequence"),
    [("SEQUENCE:7", 7), ("SEQUENCE:1789999999999", None), ("SEQUENCE:x", None), ("", None)],
)
def test_reply_with_and_without_a_usable_sequence(line: str, sequence: int | None) -> None:
    assert parse_reply(answer(*filter(None, [line]))).sequence == sequence


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REFRESH", "reply"])
def test_method_is_told_in_capitals(method: str) -> None:
    assert parse_reply(answer(method=method)).method == method.upper()


def test_reply_of_several_dates_gives_one_value_each() -> None:
    """Apple sends the answer to the series and to single dates in one message."""
    data = answer(
        "END:VEVENT",
        "BEGIN:VEVENT",
        f"UID:{UID}",
        "RECURRENCE-ID:20270308T230000Z",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:dana@family.example",
    )

    assert [(each.recurrence, each.partstat) for each in parse_replies(data)] == [
        (None, "ACCEPTED"),
        (NINTH, "DECLINED"),
    ]


def test_reply_with_lf_and_a_byte_order_mark_is_read() -> None:
    data = b"\xef\xbb\xbf" + answer("SUMMARY:Accepted").replace(b"\r\n", b"\n")

    assert parse_reply(data).partstat == "ACCEPTED"


def test_comment_is_kept_as_safe_text() -> None:
    data = answer("COMMENT:<b>Hi</b>\\, I \x07am\u202e late\\nDana")

    assert parse_reply(data).comment == "<b>Hi</b>, I am late\nDana"


def test_broken_octets_in_a_comment_do_not_lose_the_answer() -> None:
    data = answer("COMMENT:caf?").replace(b"caf?", b"caf\xe9")

    assert (parse_reply(data).partstat, parse_reply(data).comment) == ("ACCEPTED", "caf\ufffd")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cut off"),
        (b"\x00\x01\x02", "cut off"),
        (b"Hello Dana", "cut off"),
        (answer().removesuffix(b"END:VCALENDAR\r\n"), "cut off"),
        (answer().replace(b"END:VEVENT\r\n", b""), "unbalanced"),
        (answer() + answer(), "broken"),
        (answer().replace(b"METHOD:REPLY\r\n", b""), "METHOD"),
        (answer().replace(b"UID:5a1c@hl-sched.example\r\n", b""), "exactly one UID"),
        (
            answer("END:VEVENT", "BEGIN:VEVENT", "UID:other", "ATTENDEE:mailto:a@b.example"),
            "exactly one UID",
        ),
        (answer("ATTENDEE;PARTSTAT=ACCEPTED:mailto:pat@family.example"), "exactly one attendee"),
        (answer(attendee="SUMMARY:Nobody"), "exactly one attendee"),
        (answer(attendee="ATTENDEE;PARTSTAT=ACCEPTED:urn:uuid:1234"), "no mail address"),
        (answer("COMMENT:" + "x" * 300_000), "too large"),
        (answer("COMMENT:" + "x" * 20_000), "too long"),
        (answer(*["COMMENT:x"] * 6_000), "too long"),
        (answer(*["BEGIN:VALARM", "END:VALARM"] * 200), "too many parts"),
        (answer(*["BEGIN:VALARM"] * 20, *["END:VALARM"] * 20), "too many parts"),
    ],
)
def test_answer_that_is_not_certain_is_unreadable(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        parse_reply(data)


def test_zone_definitions_and_rules_of_strangers_are_not_run() -> None:
    """A zone that changes every second since the year 1, and a rule that never ends, cost
    nothing.
    """
    zone = (
        b"BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:00010101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
        b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    data = answer("DTSTART:00010101T000000Z", "RRULE:FREQ=SECONDLY;INTERVAL=0").replace(
        b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT"
    )

    assert parse_reply(data).partstat == "ACCEPTED"


@given(st.binary(max_size=300))
def test_any_octets_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        parse_reply(data)


@given(st.data())
def test_an_answer_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    whole = answer(
        "RECURRENCE-ID:20270308T230000Z",
        "SEQUENCE:1",
        "DTSTAMP:20270203T101112Z",
        "COMMENT:Hi\\, Bo",
    )
    at = data.draw(st.integers(0, len(whole)))
    damaged = (
        whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + data.draw(st.integers(0, 6)) :]
    )

    try:
        found = [each.uid != "" for each in parse_replies(damaged)]
    except Unreadable:
        found = [True]

    assert all(found)


def test_reply_of_a_fake_calendar_around_ours_is_the_same_as_read(
    artefacts: Callable[..., dict[str, bytes]],
) -> None:
    """What this program itself writes as an answer, it reads."""
    found = parse_reply(artefacts()["reply"])

    assert (found.uid, found.attendee, found.partstat, found.sequence) == (
        UID,
        "dana@family.example",
        "ACCEPTED",
        0,
    )
