"""The door for mailed replies: our address alone, and only what the invited say changes
anything.
"""

import email
import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from fakes.postgres import free_port
from household import NOW, Household, stand_up
from scheduler import ical
from scheduler.invitations import announce
from scheduler.invitations.model.models import AnswerGiven
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.worker.lmtp_server import MOST_BYTES, ReplyDoor

OURS = "calendar@sp-cal.example"
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def calendar(app: Flask) -> bytes:
    """The mother is invited to one appointment; gives the calendar part of her letter. The father
    is not.
    """
    home: Household = stand_up()
    home.consent()
    home.appointment(1)
    announce(by="command", now=NOW)
    db.session.commit()
    letter = db.session.scalars(select(Letter)).one()
    assert letter.address == "m@family.example"
    (part,) = [
        one
        for one in email.message_from_bytes(letter.mime).walk()
        if one.get_content_subtype() == "calendar"
    ]
    return bytes(part.get_payload(decode=True))


@pytest.fixture
def door(app: Flask) -> Iterator[smtplib.LMTP]:
    """A conversation with the door, as the practice's own mail server has it."""
    url = f"lmtp://127.0.0.1:{free_port()}"
    standing = ReplyDoor(app.app_context, url)
    standing.start()
    with turned_to(lambda: LATER), smtplib.LMTP(standing.hostname, standing.port) as talk:
        yield talk
    standing.stop()


def reply(calendar: bytes, who: str = "m@family.example") -> bytes:
    said = ical.reply(
        calendar, attendee=ical.Party(who), answer="ACCEPTED", stamp=NOW + timedelta(minutes=1)
    )
    message = EmailMessage()
    message["From"], message["To"] = who, OURS
    message.set_content("Yes")
    message.add_alternative(said, maintype="text", subtype="calendar", params={"method": "REPLY"})
    return message.as_bytes()


def answers() -> list[str]:
    db.session.rollback()
    return [f"{row.way} {row.answer.value}" for row in db.session.scalars(select(AnswerGiven))]


@pytest.mark.parametrize("address", [OURS, OURS.upper()])
def test_reply_to_our_address_is_taken(calendar: bytes, door: smtplib.LMTP, address: str) -> None:
    db.session.remove()

    assert door.sendmail("m@family.example", [address], reply(calendar)) == {}
    assert answers() == ["mail ACCEPTED"]


@pytest.mark.parametrize(
    "address", ["rivera@sp-cal.example", "calendar@sp-cal.example.evil", "postmaster"]
)
def test_every_other_address_is_refused(calendar: bytes, door: smtplib.LMTP, address: str) -> None:
    db.session.remove()

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        door.sendmail("m@family.example", [address], reply(calendar))

    assert refused.value.recipients == {address: (550, b"5.1.1 no such address here")}
    assert answers() == []


def test_reply_of_somebody_not_invited_is_taken_and_changes_nothing(
    calendar: bytes, door: smtplib.LMTP
) -> None:
    db.session.remove()

    assert door.sendmail("f@family.example", [OURS], reply(calendar, "f@family.example")) == {}
    assert answers() == []


@pytest.mark.parametrize(
    "content", [b"", b"Subject: hello\r\n\r\nhow are you?", b"\xff\x00\xfe\r\n\r\n\x80"]
)
def test_what_cannot_be_read_is_taken_and_never_answered(
    calendar: bytes, door: smtplib.LMTP, content: bytes
) -> None:
    db.session.remove()

    assert door.sendmail("m@family.example", [OURS], content) == {}
    assert answers() == []
    assert len(db.session.scalars(select(Letter)).all()) == 1


def test_mail_that_is_too_large_is_refused(calendar: bytes, door: smtplib.LMTP) -> None:
    db.session.remove()

    with pytest.raises(smtplib.SMTPResponseException) as refused:
        door.sendmail(
            "m@family.example",
            [OURS],
            b"x" * 60 + b"\r\n" + (b"y" * 70 + b"\r\n") * (MOST_BYTES // 72 + 1),
        )

    assert refused.value.smtp_code == 552


def test_mail_that_takes_long_holds_no_other(app: Flask, calendar: bytes) -> None:
    is_slow, begun, may_go_on = Event(), Event(), Event()

    @contextmanager
    def context() -> Iterator[None]:
        """The first mail read once `is_slow` is set waits until it may go on."""
        if is_slow.is_set() and not begun.is_set():
            begun.set()
            may_go_on.wait(60)
        with app.app_context():
            yield

    db.session.remove()
    standing = ReplyDoor(context, f"lmtp://127.0.0.1:{free_port()}")
    standing.start()
    place = standing.hostname, standing.port
    with (
        turned_to(lambda: LATER),
        smtplib.LMTP(*place, timeout=60) as slow,
        smtplib.LMTP(*place, timeout=10) as other,
        ThreadPoolExecutor(1) as beside,
    ):
        slow.ehlo()
        slow.mail("m@family.example")
        slow.rcpt(OURS)
        is_slow.set()
        answer = beside.submit(slow.data, b"nonsense")
        try:
            assert begun.wait(30)
            assert other.sendmail("m@family.example", [OURS], reply(calendar)) == {}
        finally:
            may_go_on.set()
        assert answer.result()[0] == 250
    standing.stop()

    assert answers() == ["mail ACCEPTED"]


def test_mail_comes_again_when_the_database_cannot_be_asked_whose_it_is() -> None:
    @contextmanager
    def away() -> Iterator[None]:
        raise OSError("the database\nis away")
        yield

    standing = ReplyDoor(away, f"lmtp://127.0.0.1:{free_port()}")
    standing.start()
    with smtplib.LMTP(standing.hostname, standing.port, timeout=10) as door:
        door.ehlo()
        door.mail("m@family.example")
        answer = door.rcpt(OURS)
    standing.stop()

    assert answer == (451, b"4.3.0 try again later")


def test_door_goes_on_after_a_bad_letter(calendar: bytes, door: smtplib.LMTP) -> None:
    db.session.remove()
    door.sendmail("m@family.example", [OURS], b"nonsense")

    assert door.sendmail("m@family.example", [OURS], reply(calendar)) == {}
    assert answers() == ["mail ACCEPTED"]
