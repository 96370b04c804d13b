"""Logs while everything happens and breaks: lines of JSON that name nobody.

A mother is invited, refused by her mail server and read about; a father without consent stands by.
Pages, ticks, mailed replies, other libraries and whatever nobody catches: none of it puts a name,
an address or a token into a log.
"""

import json
import logging
import re
import smtplib
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text
from werkzeug.serving import make_server

from end_to_end.brook_house import BROOK_HOUSE, CANARIES
from fakes.post_office import Arrived, PostOffice
from fakes.postgres import free_port
from scheduler import ical
from scheduler.kernel import logs
from scheduler.kernel.database import db
from scheduler.worker import Worker
from scheduler.worker.lmtp_server import ReplyDoor

OURS = "calendar@bh-sched.example"
MOTHER, FATHER, JORDAN = "mother@family.example", "father@family.example", "one@patient.example"
NAMED = f"Zephyrine Quellandrix <{MOTHER}> +16175550123"
ALWAYS = {"time", "level", "event", "practice", "logger"}


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What this process writes, as `wsgi.py` sets it up; a web server's own handler was there
    before.
    """
    root, gunicorn, stream = logging.getLogger(), logging.getLogger("gunicorn.access"), StringIO()
    before = (
        root.handlers[:],
        root.level,
        sys.excepthook,
        threading.excepthook,
        logging.raiseExceptions,
    )
    gunicorn.addHandler(logging.StreamHandler(stream))
    gunicorn.setLevel("INFO")
    gunicorn.propagate = False
    logs.begin("info", practice="a1b2c3d4e5f6", stream=stream)
    yield stream
    root.handlers[:], root.level, sys.excepthook, threading.excepthook, logging.raiseExceptions = (
        before
    )
    logging.captureWarnings(False)


@pytest.fixture
def published(app: Flask, runner: FlaskCliRunner, log: StringIO, tmp_path: Path) -> None:
    file = tmp_path / "brook.yaml"
    file.write_text(BROOK_HOUSE)
    for words in (
        ["clinic", "load", str(file)],
        ["cohort", "plan", "brook"],
        ["cohort", "publish", "brook"],
    ):
        run(runner, *words)


def run(runner: FlaskCliRunner, *words: str) -> str:
    db.session.remove()
    said = runner.invoke(args=list(words))
    assert said.exit_code == 0, said.output
    return said.output.strip()


def tick(app: Flask) -> None:
    db.session.remove()
    Worker(app.config["KINFOLD"], app.app_context).tick()
    db.session.remove()


def rename(before: str, after: str) -> None:
    db.session.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
    db.session.commit()


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def events(log: StringIO) -> set[str]:
    return {line["event"] for line in lines(log)}


def names_in(log: StringIO, *secrets: str) -> list[str]:
    """Return every name, address, number and secret that the log holds."""
    held = log.getvalue().casefold()
    telling = (*CANARIES, MOTHER, FATHER, JORDAN, "@", "+1617", "5550123", "appointment", *secrets)
    return [word for word in telling if word.casefold() in held]


def answer_to(letter: Arrived) -> bytes:
    """Return the mail that accepts what `letter` invites to."""
    assert letter.calendar is not None
    moment = datetime.now(UTC)
    calendar = ical.reply(
        letter.calendar, attendee=ical.Party(MOTHER), answer="ACCEPTED", stamp=moment
    )
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = f"Zephyrine Quellandrix <{MOTHER}>", OURS
    mail.set_content(f"Yes, {NAMED}")
    mail.add_alternative(calendar, maintype="text", subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes()


def link_in(letter: Arrived) -> str:
    return str(re.findall(r"https://hl-sched\.example(/i/\S+)", letter.part("plain"))[0])


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The application behind a real web server that has an access log of its own; gives its
    address.
    """
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)


def visit(url: str, body: bytes | None = None) -> int:
    try:
        with urlopen(url, body, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def test_mails_that_leave_are_refused_or_wait_are_ids(
    published: None, app: Flask, post_office: PostOffice, log: StringIO
) -> None:
    post_office.refuse[MOTHER] = f"451 4.2.0 {NAMED} is asked later"
    tick(app)
    post_office.refuse[MOTHER] = f"550 5.1.1 no {NAMED} here"
    db.session.execute(text("UPDATE letters SET due_at = created_at WHERE state = 'retry'"))
    db.session.commit()
    tick(app)
    said = [line for line in lines(log) if line["event"] == "letter"]

    assert ({line["fate"] for line in said}, post_office.messages) == ({"later", "refused"}, [])
    assert {frozenset(line) for line in said} == {
        frozenset(ALWAYS | {"letter", "channel", "fate", "attempts"})
    }
    assert names_in(log) == []


def test_visits_are_routes_and_never_paths(
    published: None,
    app: Flask,
    runner: FlaskCliRunner,
    served: str,
    post_office: PostOffice,
    log: StringIO,
) -> None:
    tick(app)
    feed = urlsplit(run(runner, "feed", "url", "p-1")).path
    link = link_in(post_office.messages[0])
    codes = [
        visit(served + feed),
        visit(served + link),
        visit(f"{served}/desk?q=Zephyrine"),
        visit(f"{served}/Jordan"),
    ]
    codes.append(visit(f"{served}/sign-in", f"email={MOTHER}".encode()))
    said = {line["route"] for line in lines(log) if line["event"] == "visit"}

    assert codes[:2] == [200, 200]
    assert {"/feeds/<token>.ics", "none"} <= said
    assert [
        line
        for line in said
        if not re.fullmatch(r"none|/|(/[a-z_-]+|/<[a-z_:]+>(\.ics)?)+/?", line)
    ] == []
    assert names_in(log, feed.removeprefix("/feeds/")[:12], link.removeprefix("/i/")[:12]) == []


def test_what_breaks_is_told_by_kind_and_place(
    published: None, app: Flask, served: str, post_office: PostOffice, log: StringIO
) -> None:
    door = ReplyDoor(app.app_context, f"lmtp://127.0.0.1:{free_port()}")
    door.start()
    with smtplib.LMTP(door.hostname, door.port) as talk:
        tick(app)
        mail = answer_to(post_office.messages[0])
        rename("invitations", "elsewhere")
        tick(app)
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            talk.sendmail(MOTHER, [OURS], mail)
        code = visit(served + link_in(post_office.messages[0]))
        rename("elsewhere", "invitations")
    door.stop()
    failed = next(line for line in lines(log) if line["event"] == "job_failed")

    broke = (503, "no_database") if db.engine.dialect.name == "sqlite" else (500, "page_broke")
    assert code == broke[0]
    assert {"reply_not_kept", broke[1]} <= events(log)
    assert (failed["job"], failed["level"]) == ("announce", "error")
    assert [
        place for place in failed["places"] if place.startswith("invitations/sync/announce.py:")
    ] != []
    assert names_in(log) == []


def test_other_libraries_and_the_uncaught_say_where_and_not_what(log: StringIO) -> None:
    logging.getLogger("mail.log").warning("%r << %r", "127.0.0.1", NAMED)
    logging.getLogger("gunicorn.access").info('"GET /feeds/%s.ics"', "Jordan")
    logging.getLogger("gunicorn.error").error("Error handling request /i/%s", NAMED)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"of {NAMED}", stacklevel=1)
    broken = threading.Thread(target=lambda: int(NAMED), name=NAMED)
    broken.start()
    broken.join()
    logging.getLogger("scheduler.elsewhere").error("%d of %s", "not a number", NAMED)
    seen = [(line["event"], line["logger"]) for line in lines(log)]

    assert seen == [
        ("elsewhere", "mail.log"),
        ("elsewhere", "gunicorn.error"),
        ("elsewhere", "py.warnings"),
        ("uncaught", "scheduler"),
        ("elsewhere", "scheduler.elsewhere"),
    ]
    assert names_in(log) == []


def test_time_of_a_line_is_utc_wherever_the_machine_stands(
    log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        logs.Log("scheduler.somewhere").info("letter")
    finally:
        monkeypatch.undo()
        time.tzset()
    (line,) = lines(log)

    apart = datetime.now(UTC) - datetime.fromisoformat(line["time"])
    assert abs(apart) < timedelta(hours=1)


def test_fact_that_is_no_id_is_not_written(log: StringIO) -> None:
    ours = logs.Log("scheduler.somewhere")
    ours.info("letter", letter="9f0c", channel=NAMED, milliseconds=12.34567)
    try:
        raise ValueError(NAMED) from KeyError(FATHER)
    except ValueError as error:
        ours.error("job_failed", job="feeds", error=error)
    first, second = lines(log)

    assert (first["letter"], first["channel"], first["milliseconds"]) == ("9f0c", "?", 12.346)
    assert (first["practice"], first["level"], first["time"][-1]) == ("a1b2c3d4e5f6", "info", "Z")
    assert (second["error"], len(second["places"])) == (["ValueError", "KeyError"], 1)
    assert names_in(log) == []
