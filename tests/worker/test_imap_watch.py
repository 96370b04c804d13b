"""Mailed replies in a mailbox of Debian's Dovecot: read once, marked after they are kept, by
whoever may answer.
"""

import smtplib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from flask import Flask
from sqlalchemy import select

from fakes.dovecot import Dovecot
from fakes.postgres import free_port
from household import NOW, stand_up
from scheduler.invitations import announce
from scheduler.invitations.model.models import AnswerGiven, HeldReply, Invitation
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.worker import imap_watch
from scheduler.worker.imap_watch import Watch, open_mailbox, take_new
from tests.invitations.programs import PROGRAMS, Said, mailed

LATER = NOW + timedelta(minutes=9)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    folder = Path(mkdtemp(prefix="dovecot-"))
    server = Dovecot(folder)
    yield server
    server.stop()
    rmtree(folder, ignore_errors=True)


@pytest.fixture
def post(sqlite_app: Flask, dovecot: Dovecot) -> Iterator[Dovecot]:
    """The mother is invited; the mailbox is empty."""
    home = stand_up()
    home.consent()
    home.appointment(1)
    announce(by="command", now=NOW)
    db.session.commit()
    with open_mailbox(dovecot.url) as box:
        box.delete(box.uids())
    with turned_to(lambda: LATER):
        yield dovecot


def said(word: str = "ACCEPTED", *, minutes: int = 1, who: str = "m@family.example") -> Said:
    uid = db.session.scalars(select(Invitation.uid)).one()
    db.session.rollback()
    return Said(uid, NOW + timedelta(days=20), NOW + timedelta(minutes=minutes), word=word, who=who)


def put_in(server: Dovecot, *letters: bytes) -> None:
    with smtplib.LMTP("127.0.0.1", server.lmtp) as talk:
        for letter in letters:
            talk.sendmail("m@family.example", ["calendar@sp-cal.example"], letter)


def look(server: Dovecot) -> int:
    with open_mailbox(server.url) as box:
        take_new(box, None)
        return len(box.uids("UNSEEN"))


def answers() -> list[str]:
    db.session.rollback()
    return [
        row.answer.value
        for row in db.session.scalars(select(AnswerGiven).order_by(AnswerGiven.stamp))
    ]


def test_answers_of_all_programs_come_through(post: Dovecot) -> None:
    put_in(post, *(mailed(one, said(minutes=number)) for number, one in enumerate(PROGRAMS)))

    assert look(post) == 0
    assert answers() == ["ACCEPTED"] * len(PROGRAMS)


def test_mail_is_marked_only_when_it_is_kept(
    post: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(post, mailed("gmail", said()))
    with monkeypatch.context() as broken:
        broken.setattr(imap_watch, "take_in", lambda *_: False)
        assert look(post) == 1

    assert look(post) == 0
    assert answers() == ["ACCEPTED"]


def test_mail_read_again_after_a_crash_is_noted_once(post: Dovecot) -> None:
    put_in(post, mailed("gmail", said()), mailed("gmail", said(who="f@family.example", minutes=2)))
    look(post)
    with open_mailbox(post.url) as box:
        box.flag(box.uids(), "\\Seen", False)
    look(post)

    assert answers() == ["ACCEPTED"]
    assert len(db.session.scalars(select(HeldReply)).all()) == 1


def test_what_is_no_answer_is_marked_and_never_answered(post: Dovecot) -> None:
    put_in(
        post,
        b"Subject: hello\r\n\r\nHow are you?",
        b"From: m@family.example\r\n\r\n" + b"x" * 70 + b"\r\n",
    )

    assert look(post) == 0
    assert answers() == []


def test_watch_wakes_when_a_mail_comes(post: Dovecot, sqlite_app: Flask) -> None:
    watch = Watch(sqlite_app.app_context, post.url)
    letter = mailed("apple", said("TENTATIVE"))
    db.session.remove()
    watch.start()
    put_in(post, letter)
    for _ in range(300):
        if answers():
            break
        db.session.remove()
        time.sleep(0.1)
    watch.stop()

    assert answers() == ["TENTATIVE"]
    assert not watch.thread.is_alive()


def test_server_that_is_away_does_not_end_the_watch(sqlite_app: Flask) -> None:
    watch = Watch(sqlite_app.app_context, f"imap://calendar:secret@127.0.0.1:{free_port()}")
    watch.start()
    watch.ended.wait(0.2)

    assert watch.thread.is_alive()
    watch.stop()
    assert not watch.thread.is_alive()
