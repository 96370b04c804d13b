"""Mailboxes as servers really keep them: for each file of the folder a server that does what it
says, and what must come of it.

The mother is invited; the father, without consent, stands by.
"""

import email
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fakes.imap_server import ImapServer
from household import NOW, stand_up
from scheduler.invitations import announce
from scheduler.invitations.model.models import AnswerGiven, HeldReply, Invitation, MailboxWatch
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.worker.imap_watch import ROUND, Watch
from tests.invitations.programs import Said, mailed

FOLDER = Path(__file__).parent / "imap"
LATER = NOW + timedelta(minutes=9)


@pytest.fixture(autouse=True)
def invited(sqlite_app: Flask) -> Iterator[None]:
    home = stand_up()
    home.consent()
    home.appointment(1)
    announce(by="command", now=NOW)
    db.session.commit()
    with turned_to(lambda: LATER):
        yield


def reply() -> bytes:
    uid = db.session.scalars(select(Invitation.uid)).one()
    db.session.rollback()
    said = Said(uid, NOW + timedelta(days=20), NOW + timedelta(minutes=1), who="m@family.example")
    return mailed("gmail", said)


def letter(kind: dict[str, Any] | str) -> bytes:
    """A letter of a case: a sound reply, the same behind a large photo, or another's."""
    if kind == "a sound reply":
        return reply()
    assert isinstance(kind, dict)
    if kind.get("letter") == "a sound reply":
        return reply()
    if "photo_before" in kind:
        return behind_a_photo(reply(), int(kind["photo_before"]))
    if "photo" in kind:
        photo = b"x" * int(kind["photo"])
        return reply().replace(b"text/plain", b"text/plain; x=1", 1) + photo
    head = f"From: n@news.example\r\nSubject: {kind['subject']}\r\n"
    return f"{head}Auto-Submitted: auto-replied\r\n\r\nHi\r\n".encode()


def behind_a_photo(answer: bytes, octets: int) -> bytes:
    """The answer as the last part of a mail that holds a large photo first."""
    inner = email.message_from_bytes(answer)
    whole = MIMEMultipart("mixed")
    for name in ("From", "To", "Subject", "Message-ID"):
        if inner[name]:
            whole[name] = inner[name]
    photo = MIMEBase("application", "octet-stream", name="photo.heic")
    line = "A" * 76
    photo.set_payload(f"{line}\r\n" * (octets * 4 // 3 // 76))
    photo["Content-Transfer-Encoding"] = "base64"
    whole.attach(photo)
    for part in inner.walk():
        if not part.is_multipart():
            whole.attach(part)
    return whole.as_bytes()


def seen() -> dict[str, Any]:
    """What the house knows: answers, what waits for a person, whether the watch is away."""
    db.session.rollback()
    row = db.session.scalars(select(MailboxWatch)).first()
    found = {
        "answers": [given.answer.value for given in db.session.scalars(select(AnswerGiven))],
        "held": [held.kind.value for held in db.session.scalars(select(HeldReply))],
        "away": row is not None and row.away_since is not None,
    }
    db.session.remove()
    return found


def until(good: Callable[[], bool]) -> bool:
    for _ in range(400):
        if good():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_mailbox_is_read_as_stands_beside_it(file: Path, sqlite_app: Flask) -> None:
    case: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    server = ImapServer(case, first_uid=case.get("first_uid", 7))
    for before in case.get("before", []):
        server.put(letter(before), *before.get("flags", []))
    server.with_idle = [letter(kind) for kind in case.get("with_idle", [])]
    watch = Watch(sqlite_app.app_context, server.url, every=case.get("every", ROUND))
    watch.start()
    if "then" in case:
        until(lambda: server.calls > 0)
        time.sleep(case.get("wait", 0.3))
        for later in case["then"]:
            server.put(letter(later))

    right = (case["right"], case["flags"])
    came = until(lambda: (seen(), server.flags()) == right)
    time.sleep(0.3)
    watch.stop()
    server.close()

    assert (came, seen(), server.flags()) == (True, *right)
    assert [said for said in server.commands if "EXPUNGE" in said or said == "CLOSE"] == []
