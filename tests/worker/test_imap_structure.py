"""What servers say of the parts of a mail, and the mail made of those that may say something."""

import email
from email import policy

import pytest

from scheduler.worker.imap_structure import MOST_OCTETS, put_together, wanted_parts

PHOTO = '("IMAGE" "HEIC" ("NAME" "photo.heic") NIL NIL "BASE64" 31600000)'
ANSWER = '("TEXT" "CALENDAR" ("METHOD" "REPLY" "CHARSET" "UTF-8") NIL NIL "7BIT" 1000 20)'
WORDS = '("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" 12 1 NIL NIL NIL)'


def numbers(structure: str) -> list[str]:
    said = [f"1 (UID 7 BODYSTRUCTURE {structure})".encode()]
    return [part.number for part in wanted_parts(said)[1]]


@pytest.mark.parametrize(
    ("structure", "found"),
    [
        (f'({PHOTO}{ANSWER} "MIXED" ("BOUNDARY" "x") NIL NIL)', ["2"]),
        (f'(({WORDS}{ANSWER} "ALTERNATIVE"){PHOTO} "MIXED")', ["1.1", "1.2"]),
        (ANSWER, ["1"]),
        (
            '(("APPLICATION" "OCTET-STREAM" ("NAME" "Invite.ICS") NIL NIL "BASE64" 900)'
            f'{PHOTO} "MIXED")',
            ["1"],
        ),
        (
            '(("APPLICATION" "OCTET-STREAM" NIL NIL NIL "BASE64" 900 NIL '
            f'("ATTACHMENT" ("FILENAME" "a.ics"))){PHOTO} "MIXED")',
            ["1"],
        ),
        (f'({PHOTO} "MIXED")', []),
        ('("TEXT" "CALENDAR" NIL NIL NIL "7BIT" NIL)', []),
        (f'("TEXT" "CALENDAR" NIL NIL NIL "7BIT" {MOST_OCTETS + 1})', []),
        ("", []),
        ("NIL", []),
        ("(((((", []),
        (")))", []),
        ("(" * 5000, []),
        ("()", []),
    ],
)
def test_parts_that_may_say_something_are_found(structure: str, found: list[str]) -> None:
    assert numbers(structure) == found


def test_name_in_a_literal_is_read() -> None:
    said = [
        (b'1 (UID 7 BODYSTRUCTURE (("APPLICATION" "OCTET-STREAM" ("NAME" {8}', b'a "x.ics'),
        f') NIL NIL "BASE64" 900){PHOTO} "MIXED"))'.encode(),
    ]

    assert [part.name for part in wanted_parts(said)[1]] == ['a "x.ics']


def test_mail_is_put_together_of_its_parts() -> None:
    head = (
        b"From: m@family.example\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\n"
        b"Subject: Accepted\r\n\r\n"
    )
    fields = b"Content-Type: text/calendar; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n"

    whole = email.message_from_bytes(
        put_together(head, "mixed", [(fields, b"QkVHSU4=\r\n")]), policy=policy.default
    )

    (part,) = whole.iter_parts()  # type: ignore[attr-defined]
    assert (whole["From"], whole["Subject"]) == ("m@family.example", "Accepted")
    assert (part.get_content_type(), part.get_payload(decode=True)) == ("text/calendar", b"BEGIN")
