"""The database goes in the middle of a request: 503, when to come again, and nothing half done."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import QueuePool, event, select
from sqlalchemy.exc import TimeoutError as NoneFree
from werkzeug.test import TestResponse

from conftest import settings
from fakes.postgres import Postgres
from scheduler import create_app
from scheduler.audit.models import AuditEntry
from scheduler.kernel import database
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.signature import signed
from scheduler.reminders.models import ReminderPolicy
from tests.web.house import csrf, sign_in_staff

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AWAY = (503, "30")
PAGE = "/desk/reminders"
ASKED = ("/healthz", "/healthz/worker", "/metrics", f"/feeds/{'A' * 43}.ics", f"/i/{'A' * 43}")
"""What needs the database and nobody signed in."""
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

Trials = Callable[[int, int], int]


def said(answer: TestResponse) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("Retry-After")


def kept() -> tuple[int, int]:
    """How many policies stand, and how many entries of the record that say so."""
    policies = len(db.session.scalars(select(ReminderPolicy)).all())
    wanted = select(AuditEntry).where(AuditEntry.deed == "decide reminders")
    entries = len(db.session.scalars(wanted).all())
    db.session.rollback()
    return policies, entries


class Killer:
    """Ends the database's side of the line before the n-th statement or commit from now."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self.left = 0
        self.has_struck = False

    def strike_at(self, number: int) -> None:
        self.left = number
        self.has_struck = False

    def on_statement(self, connection: Any, *_rest: object) -> None:
        self.left -= 1
        if self.left == 0:
            pid = connection.connection.driver_connection.info.backend_pid
            self.server.run(f"SELECT pg_terminate_backend({pid}, 5000)")
            self.has_struck = True


@contextmanager
def killing(server: Postgres) -> Iterator[Killer]:
    """Listen to every statement and commit of the application."""
    killer = Killer(server)
    engine = db.engine
    event.listen(engine, "before_cursor_execute", killer.on_statement)
    event.listen(engine, "commit", killer.on_statement)
    yield killer
    event.remove(engine, "before_cursor_execute", killer.on_statement)
    event.remove(engine, "commit", killer.on_statement)


def send(client: FlaskClient, token: str, number: int) -> TestResponse:
    """Send the rules for patients, opened just now."""
    fields = {"csrf_token": token, "program": "adult", "audience": "patient"}
    fields |= {"earliest": "9", "latest": "20", "opened": f"{time.time_ns():x}.{number:016x}"}
    return client.post(PAGE, data=fields)


@ON_POSTGRES
def test_line_killed_at_any_statement_of_a_form_is_503_and_nothing_half_done(
    house: Flask, visitor: FlaskClient, postgres: Postgres, trials: Trials
) -> None:
    sign_in_staff(visitor)
    token = csrf(visitor, PAGE)
    wrong, done = [], 0
    number, stride = 0, trials(3, 1)
    with killing(postgres) as killer:
        while not number or killer.has_struck:
            number += stride
            before = kept()
            killer.strike_at(number)
            answer = send(visitor, token, number)
            killer.left = 0
            after = kept()
            is_done = answer.status_code == 303
            done += is_done
            if said(answer) not in (AWAY, (303, None)) or (after != before and not is_done):
                wrong.append((number, said(answer), after))

    assert wrong == []
    assert kept() == (1, done)
    assert number > 10


@ON_POSTGRES
def test_line_killed_at_any_statement_of_a_page_is_503(
    house: Flask, visitor: FlaskClient, postgres: Postgres, trials: Trials
) -> None:
    """Every third statement, each with `--long`."""
    sign_in_staff(visitor)
    wrong = []
    number, stride = 0, trials(3, 1)
    with killing(postgres) as killer:
        while not number or killer.has_struck:
            number += stride
            killer.strike_at(number)
            answer = visitor.get(PAGE)
            killer.left = 0
            if said(answer) not in (AWAY, (200, None)):
                wrong.append((number, said(answer)))

    assert wrong == []
    assert number > 5


@ON_POSTGRES
def test_line_lost_while_a_form_is_kept_says_that_nobody_knows(
    house: Flask, visitor: FlaskClient, postgres: Postgres
) -> None:
    sign_in_staff(visitor)
    token = csrf(visitor, PAGE)

    def kill(connection: Any) -> None:
        pid = connection.connection.driver_connection.info.backend_pid
        postgres.run(f"SELECT pg_terminate_backend({pid}, 5000)")

    event.listen(db.engine, "commit", kill)
    answer = send(visitor, token, 1)
    event.remove(db.engine, "commit", kill)

    assert said(answer) == AWAY
    assert "Look whether it was done before you send it again" in answer.text


def asked_of(client: FlaskClient) -> dict[str, tuple[int, str | None]]:
    return {path: said(client.get(path)) for path in ASKED}


def texted(client: FlaskClient) -> tuple[TestResponse, Any]:
    """Bring a receipt as the gateway would."""
    body = json.dumps({"kind": "receipt", "id": "1", "state": "delivered"})
    heads = signed("secret of texts", body.encode(), now())
    answer = client.post("/texts", data=body, headers=heads, content_type="application/json")
    return answer, answer.json


def test_server_with_too_many_lines_is_503(postgres_url: str, postgres: Postgres) -> None:
    postgres.run("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    app = create_app(settings(postgres_url.replace("kinfold@", "crowded@")))
    answers = asked_of(app.test_client())
    postgres.run("DROP ROLE crowded")

    assert answers == dict.fromkeys(ASKED, AWAY)


def test_server_that_is_shutting_down_is_503() -> None:
    with Postgres() as server:
        app = create_app(settings(server.url("postgres"), sms_secret="secret of texts"))
        with psycopg.connect(server.url("postgres")):
            server.process.send_signal(signal.SIGTERM)
            answers = asked_of(app.test_client())
            answer, words = texted(app.test_client())

    assert answers == dict.fromkeys(ASKED, AWAY)
    assert (said(answer), words) == (
        AWAY,
        {"error": "Nothing was changed. Try again in a minute."},
    )


def test_no_free_line_in_the_pool_is_503(app: Flask, client: FlaskClient) -> None:
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    patience, pool._timeout = pool._timeout, 0.01
    held = []
    with suppress(NoneFree):
        while True:
            held.append(db.engine.connect())
    answers = asked_of(client)
    for connection in held:
        connection.close()
    pool._timeout = patience

    assert answers == dict.fromkeys(ASKED, AWAY)


@contextmanager
def ailing(fault: str) -> Iterator[None]:
    """Let every line of the application be lent after a statement."""

    def limit(connection: Any, *_rest: object) -> None:
        connection.execute(fault)

    db.session.remove()
    event.listen(db.engine, "checkout", limit)
    yield
    event.remove(db.engine, "checkout", limit)
    db.engine.dispose()


@pytest.mark.parametrize(
    ("database_url", "fault"),
    [("sqlite", "PRAGMA query_only = ON"), ("postgresql", "SET TRANSACTION READ ONLY")],
    indirect=["database_url"],
)
def test_database_that_can_only_be_read_is_503(
    house: Flask, visitor: FlaskClient, fault: str
) -> None:
    sign_in_staff(visitor)
    token = csrf(visitor, PAGE)
    with ailing(fault):
        answer = send(visitor, token, 1)

    assert (said(answer), kept()) == (AWAY, (0, 0))


@ON_SQLITE
def test_disk_that_becomes_full_is_503(house: Flask, visitor: FlaskClient) -> None:
    """Every form is a line of the audit, until its page is full."""
    sign_in_staff(visitor)
    token = csrf(visitor, PAGE)
    answers = []
    with ailing("PRAGMA max_page_count = 1"):
        while not answers or (answers[-1] == (303, None) and len(answers) < 99):
            answers.append(said(send(visitor, token, len(answers))))

    assert (answers[-1], kept()) == (AWAY, (1, len(answers) - 1))


@ON_SQLITE
def test_file_that_another_has_locked_is_503(
    house: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_staff(visitor)
    token = csrf(visitor, PAGE)
    monkeypatch.setattr(database, "TURNS", 1)

    with ailing("PRAGMA busy_timeout = 1"), db.engine.connect() as other:
        other.exec_driver_sql("SELECT 1")
        answer = send(visitor, token, 1)

    assert (said(answer), kept()) == (AWAY, (0, 0))
