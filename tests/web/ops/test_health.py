"""Health and figures: what watchers read, without anybody's data."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from cast import assemble, session
from outbox.drafts import to_dana
from scheduler import invitations, tasks
from scheduler.invitations import announce
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox import Gateway, enqueue, use_gateway
from scheduler.outbox.models import Channel, Heartbeat, Letter

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


def beat(age: float, ended: bool = False) -> None:
    at = NOW - timedelta(seconds=age)
    ended_at = at if ended else None
    db.session.add(
        Heartbeat(node=f"node-{age}", boot="boot", began_at=at, ticked_at=at, ended_at=ended_at)
    )
    db.session.commit()


def test_server_is_well_when_the_database_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.text, "Set-Cookie" in answer.headers) == (200, "ok\n", False)


@pytest.mark.parametrize(("age", "code"), [(0, 200), (60, 200), (61, 503)])
def test_worker_is_well_while_its_heart_beats(client: FlaskClient, age: float, code: int) -> None:
    beat(age)

    with clock.turned_to(lambda: NOW):
        assert client.get("/healthz/worker").status_code == code


def test_worker_that_ended_is_not_well(client: FlaskClient) -> None:
    beat(1, ended=True)

    with clock.turned_to(lambda: NOW):
        assert client.get("/healthz/worker").status_code == 503


def test_worker_that_never_was_is_not_well(client: FlaskClient) -> None:
    assert client.get("/healthz/worker").status_code == 503


def test_newest_heart_counts(client: FlaskClient) -> None:
    beat(600)
    beat(2)

    with clock.turned_to(lambda: NOW):
        assert client.get("/healthz/worker").status_code == 200


def test_figures_count_what_staff_are_asked_to_do(client: FlaskClient) -> None:
    stage = assemble()
    db.session.commit()
    assert "kinfold_tasks_open 0" in client.get("/metrics").text.splitlines()
    tasks.raise_task("returned", "a key", "A letter came back.", about_id=stage.dana.id, now=NOW)
    db.session.commit()

    assert "kinfold_tasks_open 1" in client.get("/metrics").text.splitlines()


def test_figures_count_letters_and_name_nobody(client: FlaskClient) -> None:
    stage = assemble()
    session(stage, datetime(2027, 3, 9, 16, 0))
    announce(by="command", now=NOW)
    db.session.commit()

    with clock.turned_to(lambda: NOW + timedelta(seconds=90)):
        answer = client.get("/metrics")

    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert (
        'kinfold_letters{state="waiting"} 1' in lines,
        'kinfold_letters{state="sent"} 0' in lines,
    ) == (True, True)
    assert ("kinfold_oldest_due_seconds 90" in lines, "kinfold_worker_fresh 0" in lines) == (
        True,
        True,
    )
    assert [name for name in ("dana", "jordan", "@", "miguel") if name in answer.text.lower()] == []


@pytest.fixture
def late(app: Flask) -> None:
    """A mail and a text message to Dana have been due for three minutes; a worker's heart beats."""
    stage = assemble()
    enqueue(to_dana(stage, due_at=NOW - timedelta(minutes=3)), now=NOW - timedelta(minutes=3))
    text = {
        "channel": Channel.TEXT,
        "address": "+16175550123",
        "mime": b"{}",
        "due_at": NOW - timedelta(minutes=3),
    }
    enqueue(to_dana(stage, "text", **text), now=NOW - timedelta(minutes=3))
    beat(1)


MAIL, TEXTS = "smtp://127.0.0.1:1", Gateway("http://127.0.0.1:1", "a secret")


@pytest.mark.parametrize(
    ("smtp_url", "texts", "left", "code"),
    [
        (None, None, "both", 200),
        (None, TEXTS, "both", 503),
        (None, TEXTS, "mail", 200),
        (MAIL, None, "both", 503),
        (MAIL, None, "text", 200),
        (MAIL, TEXTS, "text", 503),
        (MAIL, TEXTS, "none", 200),
    ],
)
def test_late_letters_count_where_their_way_is_set_up(
    app: Flask,
    client: FlaskClient,
    late: None,
    smtp_url: str | None,
    texts: Gateway | None,
    left: str,
    code: int,
) -> None:
    app.config["KINFOLD"] = replace(app.config["KINFOLD"], smtp_url=smtp_url)
    gone = {"both": "", "none": "mailtext", "mail": "text", "text": "mail"}[left]
    db.session.execute(
        delete(Letter).where(Letter.channel.in_([one for one in Channel if one.value in gone]))
    )
    db.session.commit()
    use_gateway(texts)
    with clock.turned_to(lambda: NOW):
        answer = client.get("/healthz/worker")
    use_gateway(None)

    assert (answer.status_code, answer.text) == (
        code,
        "ok\n" if code == 200 else "letters are late\n",
    )


MAILBOX = "imap://calendar:secret@mail.example"


@pytest.mark.parametrize(("seconds", "code"), [(0, 200), (60, 200), (120, 503)])
def test_mailbox_that_is_not_watched_is_said(
    app: Flask, client: FlaskClient, seconds: int, code: int
) -> None:
    app.config["KINFOLD"] = replace(app.config["KINFOLD"], mail_in=MAILBOX)
    away = NOW - timedelta(seconds=seconds)
    invitations.note_away(invitations.mailbox_id(MAILBOX), "hung up", now=away)
    beat(1)

    with clock.turned_to(lambda: NOW):
        answer = client.get("/healthz/worker")
        figures = client.get("/metrics").text

    words = "ok\n" if code == 200 else "answers by mail are not read\n"
    assert (answer.status_code, answer.text) == (code, words)
    assert f"\nkinfold_mail_unread_seconds {seconds if code == 503 else 0}\n" in figures


def figures_for(app: Flask, address: str, **headers: str) -> int:
    """Ask for the figures from an address and return the status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asker = {"REMOTE_ADDR": address}
    return app.test_client().get("/metrics", headers=named, environ_base=asker).status_code


def test_figures_are_for_this_machine_alone(sqlite_app: Flask) -> None:
    assert figures_for(sqlite_app, "127.0.0.1") == 200
    assert figures_for(sqlite_app, "203.0.113.9") == 403


def test_figures_are_not_for_whom_a_proxy_on_this_machine_asks_for(sqlite_app: Flask) -> None:
    assert figures_for(sqlite_app, "127.0.0.1", X_Forwarded_For="203.0.113.9") == 403
    assert figures_for(sqlite_app, "127.0.0.1", Via="1.1 caddy") == 403


def test_figures_are_for_who_bears_the_token(sqlite_app: Flask) -> None:
    known = replace(sqlite_app.config["KINFOLD"], metrics_token="a token made by chance")
    sqlite_app.config["KINFOLD"] = known

    right = figures_for(sqlite_app, "203.0.113.9", Authorization="Bearer a token made by chance")
    wrong = figures_for(sqlite_app, "203.0.113.9", Authorization="Bearer another token")
    assert (right, wrong) == (200, 403)
