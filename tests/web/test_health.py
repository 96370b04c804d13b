"""Health and figures: what watchers read, without anybody's data."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cast import assemble, session
from scheduler import tasks
from scheduler.invitations import announce
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox.models import Heartbeat
from visitor import browser

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return browser(app)


def beat(age: float, ended: bool = False) -> None:
    at = NOW - timedelta(seconds=age)
    ended_at = at if ended else None
    db.session.add(Heartbeat(node=f"node-{age}", boot="boot", began_at=at, ticked_at=at, ended_at=ended_at))
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
    tasks.add("returned", "a key", "A letter came back.", about_id=stage.dana.id, now=NOW)
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
    assert ('kinfold_letters{state="waiting"} 1' in lines, 'kinfold_letters{state="sent"} 0' in lines) == (True, True)
    assert ("kinfold_oldest_due_seconds 90" in lines, "kinfold_worker_fresh 0" in lines) == (True, True)
    assert [name for name in ("dana", "jordan", "@", "miguel") if name in answer.text.lower()] == []
