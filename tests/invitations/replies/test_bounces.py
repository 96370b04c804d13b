"""Letters that come back: a task for staff, no try elsewhere; the father without consent hears of
nothing.
"""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import (
    Outcome,
    announce,
    receive,
    take_off_mended,
    try_address_again,
)
from scheduler.kernel.database import db
from scheduler.outbox import (
    ReturnPaths,
    claim,
    closed_addresses,
    return_address,
    use_return_paths,
)
from scheduler.outbox.addresses.closed_addresses import CLOSED
from scheduler.outbox.models import Letter, LetterState
from scheduler.tasks.models import Task

MINUTE = timedelta(minutes=1)
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


NO_NAME = (
    "From: {sender}\r\nTo: {to}\r\nReturn-Path: <>\r\nSubject: Returned\r\n\r\n"
    "Hi. This is the qmail-send program at mx.example.\r\n\r\n"
    "<m@family.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n"
)


@pytest.fixture
def tagged() -> Iterator[None]:
    """Letters leave with a return address of their own."""
    use_return_paths(ReturnPaths("+", b"k" * 32))
    yield
    use_return_paths(None)


def closed() -> list[tuple[str, str]]:
    return [(row.address, row.reason) for row in closed_addresses()]


def later_letter(home: Household) -> Letter:
    """Another letter to the mother, written after the first came back."""
    home.appointment(10, at="12:00", week=3)
    announce(by="command", now=NOW)
    return db.session.scalars(select(Letter).where(Letter.sent_at.is_(None))).one()


def test_address_that_failed_for_good_is_not_written_to_again(home: Household) -> None:
    receive(report(the_letter().message_id), by="reply", now=NOW)
    letter = later_letter(home)

    assert closed() == [("m@family.example", "5.1.1")]
    assert claim("w", now=NOW + MINUTE) == []
    db.session.refresh(letter)
    assert (letter.state, letter.reason) == (LetterState.SET_ASIDE, CLOSED)
    (task,) = db.session.scalars(select(Task))
    assert task.leads_to == f"address:{closed_addresses()[0].id}"
    assert "No letter goes there" in task.words


def test_trying_it_again_sends_what_waited_and_ends_the_task(home: Household) -> None:
    receive(report(the_letter().message_id), by="reply", now=NOW)
    letter = later_letter(home)
    claim("w", now=NOW + MINUTE)
    (row,) = closed_addresses()

    assert try_address_again(row.id, by="sam", now=NOW + MINUTE) == 1
    assert (claim("w", now=NOW + MINUTE), closed()) == ([letter.id], [])
    assert [task.done_by for task in db.session.scalars(select(Task))] == ["sam"]


def test_new_address_mends_it_without_a_hand(home: Household) -> None:
    receive(report(the_letter().message_id), by="reply", now=NOW)
    home.mother.email = "dana@new.example"
    db.session.flush()
    announce(by="command", now=NOW + MINUTE)

    take_off_mended(now=NOW + MINUTE)

    (letter_id,) = claim("w", now=NOW + MINUTE)
    letter = db.session.get(Letter, letter_id)
    assert letter is not None
    assert letter.address == "dana@new.example"
    assert [task.done_by for task in db.session.scalars(select(Task))] == ["worker"]


def test_second_report_makes_no_second_task(home: Household) -> None:
    receive(report(the_letter().message_id), by="reply", now=NOW)
    receive(report(the_letter().message_id) + b" ", by="reply", now=NOW + timedelta(days=2))

    assert len(tasks()) == 1


def test_full_mailbox_is_a_task_and_stays_open(home: Household) -> None:
    data = report(the_letter().message_id).replace(b"5.1.1", b"5.2.2")
    receive(data, by="reply", now=NOW)

    assert (len(tasks()), closed()) == (1, [])


def test_report_that_anybody_could_have_written_closes_nothing(home: Household) -> None:
    data = NO_NAME.format(sender="MAILER-DAEMON@mx.example", to="calendar@sp-cal.example").encode()
    receive(data, by="reply", now=NOW)

    assert (len(tasks()), closed()) == (1, [])


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "notify@mx.example"])
def test_report_that_names_nothing_is_known_by_its_address(
    home: Household, tagged: None, sender: str
) -> None:
    to = return_address("calendar@sp-cal.example", the_letter().id)
    receive(NO_NAME.format(sender=sender, to=to).encode(), by="reply", now=NOW)

    assert (len(tasks()), closed()) == (1, [("m@family.example", "5.1.1")])


def test_forged_return_address_closes_nothing(home: Household, tagged: None) -> None:
    to = return_address("calendar@sp-cal.example", "0" * 32).replace("+a", "+b")
    receive(NO_NAME.format(sender="n@mx.example", to=to).encode(), by="reply", now=NOW)

    assert closed() == []
