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
from fakes.imap_server import ImapServer
from fakes.postgres import free_port
from household import NOW, stand_up
from scheduler import invitations
from scheduler.invitations import announce
from scheduler.invitations.model.models import AnswerGiven, HeldReply, Invitation
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.tasks import open_tasks
from scheduler.worker import imap_watch
from scheduler.worker.imap_mailbox import conversation
from scheduler.worker.imap_watch import AT_ONCE, Progress, Watch, take_new
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
    with conversation(dovecot.url) as talk:
        talk.mailbox.delete(talk.mailbox.uids())
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


def look(server: Dovecot, progress: Progress | None = None) -> int:
    """Look once, as a watch that has never looked unless it has; return how many are unseen."""
    with conversation(server.url) as talk:
        take_new(talk, progress or Progress(talk.validity, None), None)
        return len(talk.mailbox.uids("UNSEEN"))


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
    with conversation(post.url) as talk:
        talk.mailbox.flag(talk.mailbox.uids(), "\\Seen", False)
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
    watch.thread.join(60)  # a server that says no goodbye is waited for once more

    assert answers() == ["TENTATIVE"]
    assert not watch.thread.is_alive()


def test_server_that_is_away_does_not_end_the_watch(sqlite_app: Flask) -> None:
    watch = Watch(sqlite_app.app_context, f"imap://calendar:secret@127.0.0.1:{free_port()}")
    watch.start()
    watch.ended.wait(0.2)

    assert watch.thread.is_alive()
    watch.stop()
    assert not watch.thread.is_alive()


def test_backlog_is_read_to_its_end_before_the_watch_waits(sqlite_app: Flask) -> None:
    many = AT_ONCE + 10
    server = ImapServer({"answers": {"UID FETCH": ["TAG OK done"]}})
    for _ in range(many):
        server.put(b"Subject: gone by now\r\n\r\nx")
    watch = Watch(sqlite_app.app_context, server.url)
    watch.start()
    for _ in range(300):
        if "IDLE" in server.commands:
            break
        time.sleep(0.1)
    watch.stop()
    server.close()

    before = server.commands[: server.commands.index("IDLE")]
    asked = {said.split()[2] for said in before if said.startswith("UID FETCH")}
    assert len(asked) == many


def test_mail_below_one_that_could_not_be_kept_is_not_read_twice(
    post: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Progress("1", None)
    look(post, progress)
    taken: list[bytes] = []

    def keeps_all_but_the_first(content: bytes, _: str | None) -> bool:
        taken.append(content)
        return len(taken) != 1

    with monkeypatch.context() as broken:
        broken.setattr(imap_watch, "take_in", keeps_all_but_the_first)
        put_in(post, b"Subject: first\r\n\r\nx", b"Subject: second\r\n\r\nx")
        look(post, progress)
        look(post, progress)

    assert [b"first" in content for content in taken] == [True, False, True]


def test_mailbox_that_is_not_watched_is_a_task_until_it_is_again(sqlite_app: Flask) -> None:
    url = "imap://calendar:secret@mail.example"
    name = invitations.mailbox_id(url)
    for seconds in (0, 60, 120, 180):
        moment = NOW + timedelta(seconds=seconds)
        invitations.note_away(name, "LOGIN: NO Basic\x00authentication is disabled.", now=moment)
    since = invitations.unread_since(url, now=moment)
    waiting = [task.words for task in open_tasks()]
    invitations.note_look(name, "1", 5, now=moment)

    assert since == NOW
    assert waiting == [
        "Answers that come by mail are not read: the mailbox cannot be watched (LOGIN: NO Basic "
        "authentication is disabled.). Tell whoever looks after your mail, and read it yourself "
        "until then."
    ]
    assert (open_tasks(), invitations.unread_since(url, now=moment)) == ([], None)


def test_new_uidvalidity_is_a_mailbox_never_read(sqlite_app: Flask) -> None:
    invitations.note_look("box", "1", 5, now=NOW)

    assert invitations.read_up_to("box", "1") == 5
    assert invitations.read_up_to("box", "2") is None
