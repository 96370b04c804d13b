"""A finished message is what calendar programs and mail servers want (icalendar.md F1 to F5)."""

import email
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest

from scheduler.kernel.errors import InputError
from scheduler.outbox import CalendarPart, Sender, compose

NOW = datetime(2027, 2, 26, 14, 0, tzinfo=UTC)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Cita – ñandú\r\nEND:VCALENDAR\r\n".encode()


def letter(recipient: str = "dana@family.example", subject: str = "Appointment") -> bytes:
    return compose(
        sender=Sender("HL Scheduling", "calendar@hl-sched.example"),
        recipient=recipient,
        subject=subject,
        text="Appointment\n",
        html="<p>Appointment</p>",
        message_id="<abc@hl-sched.example>",
        now=NOW,
        calendar=CalendarPart(CALENDAR, "REQUEST"),
    )


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_parts_stand_in_the_order_that_shows_buttons() -> None:
    message = parsed(letter())

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_calendar_part_names_method_charset_and_component_and_is_no_attachment() -> None:
    *_, part = parsed(letter()).iter_parts()

    assert dict(part["Content-Type"].params) == {
        "charset": "UTF-8",
        "method": "REQUEST",
        "component": "VEVENT",
    }
    assert part["Content-Disposition"] is None


def test_calendar_part_decodes_to_the_very_bytes_it_was_given() -> None:
    *_, part = parsed(letter()).iter_parts()

    assert part.get_payload(decode=True) == CALENDAR


def test_headers_say_who_and_nothing_more() -> None:
    message = parsed(letter())

    assert {
        name: str(message[name])
        for name in ("From", "To", "Subject", "Auto-Submitted", "Message-ID")
    } == {
        "From": "HL Scheduling <calendar@hl-sched.example>",
        "To": "dana@family.example",
        "Subject": "Appointment",
        "Auto-Submitted": "auto-generated",
        "Message-ID": "<abc@hl-sched.example>",
    }
    assert message["Cc"] is None


def test_same_letter_twice_is_the_same_but_for_the_boundary() -> None:
    first, second = parsed(letter()), parsed(letter())

    assert [p.get_payload(decode=True) for p in first.walk()] == [
        p.get_payload(decode=True) for p in second.walk()
    ]


@pytest.mark.parametrize(
    "recipient", ["a@b.example\r\nBcc: x@y.example", "two@b.example, three@b.example", ""]
)
def test_address_that_would_smuggle_a_header_is_refused(recipient: str) -> None:
    with pytest.raises(InputError):
        letter(recipient)


def test_subject_with_a_line_break_is_refused() -> None:
    with pytest.raises(InputError):
        letter(subject="Appointment\r\nBcc: x@y.example")


def test_domain_beyond_ascii_stands_in_ascii_in_the_header() -> None:
    content = letter(recipient="dana@bücher.example")

    assert b"To: dana@xn--bcher-kva.example\r\n" in content
    assert content.isascii()


def test_name_beyond_ascii_stands_in_its_own_letters_in_the_header() -> None:
    content = letter(recipient="ñandú@família.example")

    assert "To: ñandú@xn--famlia-5va.example\r\n".encode() in content
