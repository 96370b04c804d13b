"""Working through what is due, once, and only with a whole gate. A father without consent stands
by.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from cast import Cast, assemble, session
from conftest import KEY
from fakes.post_office import PostOffice
from fakes.postgres import free_port
from scheduler.kernel.database import db
from scheduler.kernel.errors import Misconfigured
from scheduler.outbox.models import Heartbeat, Letter, LetterState
from scheduler.worker import Worker, drain

ROOT = Path(__file__).resolve().parent.parent.parent
EVENING = datetime(2027, 3, 9, 16)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(app: Flask) -> Cast:
    cast = assemble()
    session(cast, EVENING)
    return cast


def states() -> list[tuple[str, LetterState, int]]:
    db.session.rollback()
    rows = db.session.scalars(select(Letter).order_by(Letter.address)).all()
    return [(row.address, row.state, row.attempts) for row in rows]


def test_drain_sends_what_is_due_once(cast: Cast, app: Flask, post_office: PostOffice) -> None:
    first, failed = drain(app.config["KINFOLD"])
    second, failed_again = drain(app.config["KINFOLD"])

    assert (first.sent, second.sent, failed, failed_again) == (1, 0, [], [])
    assert [letter.recipients for letter in post_office.messages] == [["dana@family.example"]]


def test_letters_wait_while_the_mail_server_is_down_and_leave_later(
    cast: Cast, app: Flask, post_office: PostOffice
) -> None:
    nobody = replace(app.config["KINFOLD"], smtp_url=f"smtp://127.0.0.1:{free_port()}?starttls=off")

    down, _ = drain(nobody)
    waiting = states()
    up, _ = drain(app.config["KINFOLD"])

    assert (down.sent, down.closed is None, up.sent) == (0, False, 1)
    assert [(address, state) for address, state, _ in waiting] == [
        ("dana@family.example", LetterState.WAITING)
    ]
    assert [letter.recipients for letter in post_office.messages] == [["dana@family.example"]]


def test_drain_without_a_mail_server_is_refused(cast: Cast, app: Flask) -> None:
    with pytest.raises(Misconfigured, match="SMTP_URL"):
        drain(app.config["KINFOLD"])


def test_worker_says_at_once_that_no_letter_can_leave(app: Flask, post_office: PostOffice) -> None:
    settings = app.config["KINFOLD"]
    without = Worker(replace(settings, smtp_url=None), app.app_context).first_words()
    with_one = Worker(replace(settings, smtp_url=post_office.url), app.app_context).first_words()

    runs = "runs; a tick every"
    assert [runs in words for words in without] == [True, False]
    assert without[1] == "SMTP_URL is not set: no letter leaves. Letters wait until it is."
    assert [runs in words for words in with_one] == [True]


def break_gate() -> None:
    drop = (
        "DROP TRIGGER {} ON letters"
        if db.engine.dialect.name == "postgresql"
        else "DROP TRIGGER {}"
    )
    names = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'letters'::regclass"
        if db.engine.dialect.name == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'letters'"
    )
    name = db.session.execute(text(names)).scalars().first()
    db.session.execute(text(drop.format(name)))
    db.session.commit()


def test_damaged_gate_stops_drain_before_anything_is_written(
    cast: Cast, app: Flask, post_office: PostOffice
) -> None:
    break_gate()

    with pytest.raises(Misconfigured, match="gate is damaged"):
        drain(app.config["KINFOLD"])

    assert (states(), post_office.messages) == ([], [])


def test_damaged_gate_stops_a_worker_before_it_begins(cast: Cast, app: Flask) -> None:
    break_gate()

    with pytest.raises(Misconfigured, match="gate is damaged"):
        Worker(app.config["KINFOLD"], app.app_context).run(print)

    assert db.session.scalars(select(Heartbeat)).all() == []


def test_tick_tells_carries_and_beats(cast: Cast, app: Flask, post_office: PostOffice) -> None:
    worker = Worker(app.config["KINFOLD"], app.app_context)
    worker.heart.begin(
        now=datetime.fromisoformat("2026-01-05T05:00+00:00"), alone=False, fresh=MINUTE
    )
    db.session.commit()

    worker.tick()

    db.session.rollback()
    beat = db.session.scalars(select(Heartbeat)).one()
    assert beat.ticked_at > beat.began_at
    assert [letter.recipients for letter in post_office.messages] == [["dana@family.example"]]


@pytest.fixture
def process(
    sqlite_app: Flask, sqlite_url: str, post_office: PostOffice, tmp_path: Path
) -> Iterator[subprocess.Popen[str]]:
    """`worker run` as it runs in a house, with one invitation to tell."""
    session(assemble(), EVENING)
    db.session.remove()
    told = {"DATABASE_URL": sqlite_url, "DATABASE_KEY": KEY, "SECRET_KEY": "a secret of the tests"}
    told |= {
        "SMTP_URL": post_office.url,
        "TICK_SECONDS": "0.2",
        "KINFOLD_INSTANCE": str(tmp_path / "instance"),
    }
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    worker = subprocess.Popen(
        words,
        cwd=ROOT,
        env=dict(os.environ) | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield worker
    if worker.poll() is None:
        worker.kill()
    worker.communicate()


def test_worker_ticks_until_it_is_asked_to_stop(
    process: subprocess.Popen[str], post_office: PostOffice
) -> None:
    while not post_office.messages and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    said, complained = process.communicate(timeout=60)

    beat = db.session.scalars(select(Heartbeat)).one()
    assert (process.returncode, "Traceback" in complained) == (0, False)
    assert said.endswith("runs; a tick every 0.2 s\n")
    assert beat.node.endswith(f":{process.pid}")
    assert beat.ended_at is not None
    assert [letter.recipients for letter in post_office.messages] == [["dana@family.example"]]
