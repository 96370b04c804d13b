"""Letters that come back: a task for staff, no try elsewhere; the father without consent hears of
nothing.
"""

from email.message import EmailMessage

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import Outcome, announce, receive
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.tasks.models import Task

STATUS = (
    "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; m@family.example\r\nAction: "
    "{action}\r\n"
    "Status: 5.1.1\r\n\r\n"
)


@pytest.fixture
def home(home: Household) -> Household:
    """A mother has been invited, and her letter has left."""
    home.consent()
    home.appointment(1)
    announce(by="command", now=NOW)
    letter = the_letter()
    letter.state, letter.sent_at = LetterState.SENT, NOW
    db.session.flush()
    return home


def the_letter() -> Letter:
    return db.session.scalars(select(Letter)).one()


def report(message_id: str, *, action: str = "failed", whole: bool = True) -> bytes:
    """A report of a mail server about one of our letters (RFC 3464)."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    back = f"Message-ID: {message_id}\r\nSubject: Appointment\r\n\r\n"
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: calendar@sp-cal.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNobody there.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{STATUS.format(action=action)}"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{back}\r\n--b--\r\n"
    ).encode()


def tasks() -> list[str]:
    return list(db.session.scalars(select(Task.words)))


@pytest.mark.parametrize("whole", [True, False], ids=["the letter", "its headers"])
def test_letter_that_came_back_is_a_task_once_a_day(home: Household, whole: bool) -> None:
    data = report(the_letter().message_id, whole=whole)
    answers = [receive(data, by="reply", now=NOW).outcome for _ in range(2)]

    assert answers == [Outcome.NOT_A_REPLY] * 2
    (said,) = tasks()
    assert said.startswith(
        "A letter to m@family.example came back (5.1.1). Ask for the right address; try no other"
    )
    assert "may be a breach" in said
    assert (the_letter().state, the_letter().address) == (LetterState.SENT, "m@family.example")


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered"])
def test_report_that_a_letter_only_waits_is_no_task(home: Household, action: str) -> None:
    receive(report(the_letter().message_id, action=action), by="reply", now=NOW)

    assert tasks() == []


def test_report_about_a_letter_that_was_never_ours_is_no_task(home: Household) -> None:
    for forged in (
        "<0123@sp-cal.example>",
        the_letter().message_id.replace("sp-cal", "elsewhere"),
    ):
        receive(report(forged), by="reply", now=NOW)

    assert tasks() == []


def test_report_that_names_no_letter_is_about_the_newest_to_that_address(home: Household) -> None:
    receive(report(""), by="reply", now=NOW)

    assert [said[:46] for said in tasks()] == ["A letter to m@family.example came back (5.1.1)"]


def test_person_who_writes_to_us_brings_no_letter_back(home: Household) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "m@family.example", "Re: Appointment"
    mail.set_content(f"Status: failed, {the_letter().message_id}")
    receive(mail.as_bytes(), by="reply", now=NOW)

    assert list(db.session.scalars(select(Task.kind))) == ["mail_answered"]
