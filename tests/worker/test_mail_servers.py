"""Bounces and answers written by Debian's Postfix and Dovecot, not by us: our letters leave by
Postfix, a family's Dovecot takes or refuses them, and what they make of it comes to our door.

The mother is invited; the father, without consent, stands by and is told nothing.
"""

import smtplib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from flask import Flask
from sqlalchemy import select

from fakes.family_mail import FamilyMail, ports
from fakes.postfix import Postfix
from household import NOW, stand_up
from scheduler.invitations import announce
from scheduler.invitations.model.models import HeldReply
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.tasks.models import Task
from scheduler.worker import drain
from scheduler.worker.lmtp_server import ReplyDoor

REFUSES = 'require ["reject"];\nreject "I take no letters of appointments.";\n'
AWAY = 'require ["vacation"];\nvacation :days 1 "I am away until May.";\n'


@dataclass
class Servers:
    """The practice's Postfix, a family's Dovecot, and the port of our door."""

    postfix: Postfix
    family: FamilyMail
    door: int


@pytest.fixture
def servers() -> Iterator[Servers]:
    """Servers of their own for each test: a queue would carry letters into the next."""
    folder = Path(mkdtemp(prefix="mail-"))
    folder.chmod(0o755)
    for name in ("postfix", "family"):
        (folder / name).mkdir()
    ours, theirs = ports()
    postfix = Postfix(folder / "postfix", ours=ours, theirs=theirs)
    family = FamilyMail(folder / "family", lmtp=theirs, post=postfix.smtp)
    yield Servers(postfix, family, ours)
    family.stop()
    postfix.stop()
    rmtree(folder, ignore_errors=True)


@pytest.fixture
def post(sqlite_app: Flask, servers: Servers) -> Iterator[Servers]:
    """The mother's letter waits; our door is open."""
    home = stand_up()
    home.consent()
    home.appointment(1)
    announce(by="command", now=NOW)
    db.session.commit()
    door = ReplyDoor(sqlite_app.app_context, f"lmtp://127.0.0.1:{servers.door}")
    door.start()
    yield servers
    door.stop()


def send(app: Flask, servers: Servers) -> None:
    """Let the letter leave by Postfix."""
    drain(replace(app.config["KINFOLD"], smtp_url=servers.postfix.url))


def tasks() -> list[str]:
    db.session.rollback()
    found = list(db.session.scalars(select(Task.words)))
    db.session.rollback()
    return found


def until(good: Callable[[], object], servers: Servers) -> None:
    for _ in range(1200):  # a busy machine stands still for seconds
        if good():
            return
        time.sleep(0.05)
    raise AssertionError(servers.postfix.log.read_text())


def states() -> list[tuple[str, LetterState]]:
    db.session.rollback()
    return [(row.address, row.state) for row in db.session.scalars(select(Letter))]


@pytest.mark.parametrize(
    ("users", "code"),
    [({}, "5.1.1"), ({"m": "userdb_quota_rule=*:bytes=10"}, "5.2.2")],
    ids=["unknown user", "no room"],
)
def test_letter_that_the_servers_send_back_is_a_task(
    sqlite_app: Flask, post: Servers, users: dict[str, str], code: str
) -> None:
    post.family.knows(users)
    send(sqlite_app, post)
    until(tasks, post)

    (said,) = tasks()
    assert f"m@family.example came back ({code})" in said
    assert states() == [("m@family.example", LetterState.SENT)]


def written_by_a_person() -> str:
    return (
        "From: calendar@sp-cal.example\r\nTo: m@family.example\r\nSubject: Hello\r\n"
        "Message-ID: <1@sp-cal.example>\r\n\r\nDo you have a minute?\r\n"
    )


def carry(servers: Servers, sender: str, recipient: str, text: str) -> None:
    """Hand a mail to the practice's Postfix."""
    with smtplib.SMTP("127.0.0.1", servers.postfix.smtp) as talk:
        talk.sendmail(sender, [recipient], text)


def in_answer_to(letter: Message) -> str:
    """What a person writes under our letter, in a program that answers to Reply-To, else From."""
    to = letter["Reply-To"] or letter["From"]
    return (
        f"From: m@family.example\r\nTo: {to}\r\nSubject: Re: {letter['Subject']}\r\n"
        f"Message-ID: <a@family.example>\r\nIn-Reply-To: {letter['Message-ID']}\r\n\r\n"
        "Wrong person, please stop.\r\n"
    )


def held() -> list[tuple[str, str | None]]:
    db.session.rollback()
    found = [(row.sender, row.comment) for row in db.session.scalars(select(HeldReply))]
    db.session.rollback()
    return found


# One story, because starting the servers costs more than all they then do. Dovecot answers no
# letter that says it was sent automatically, as ours do (RFC 3834 2), where other servers do: what
# says so goes before their rule sees the letter.
def test_holiday_is_for_nobody_words_are_held_and_a_rejection_is_a_task(
    sqlite_app: Flask, post: Servers
) -> None:
    post.family.knows({"m": ""})
    post.family.sorts("m", AWAY)
    carry(post, "calendar@sp-cal.example", "m@family.example", written_by_a_person())
    until(lambda: "to=<calendar@sp-cal.example>" in post.postfix.log.read_text(), post)
    assert (tasks(), held()) == ([], [])

    send(sqlite_app, post)
    until(lambda: len(post.family.letters("m")) > 1, post)
    (letter,) = [found for found in post.family.letters("m") if found["Subject"] != "Hello"]
    carry(post, "m@family.example", "calendar@sp-cal.example", in_answer_to(letter))
    until(held, post)
    assert held() == [("m@family.example", "Wrong person, please stop.")]
    (about_words,) = tasks()

    post.family.sorts("m", REFUSES)
    del letter["Auto-Submitted"]
    carry(post, "calendar@sp-cal.example", "m@family.example", letter.as_string())
    until(lambda: len(tasks()) > 1, post)
    (came_back,) = set(tasks()) - {about_words}
    assert came_back.startswith("A letter to m@family.example came back (5.7.1). ")
