"""`sessions export`: one JSON object a line, proposed and published."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from scheduler.cli.commands.session_commands import sessions
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.planning import propose, publish
from scheduler.sessions.models import Session
from tests.planning.rows import NOW, clinic


@pytest.fixture(autouse=True)
def a_few_days_before() -> Iterator[None]:
    """The doors' clock stands a few days before the cohort starts."""
    with turned_to(lambda: NOW):
        yield


def export(runner: FlaskCliRunner) -> list[dict[str, Any]]:
    """What the command prints."""
    result = runner.invoke(sessions, ["export"])
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_proposed_sessions_are_read_out_and_not_written(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    db.session.commit()
    lines = export(runner)
    assert (len(lines), {one["status"] for one in lines}) == (22, {"proposed"})
    assert db.session.scalar(select(func.count()).select_from(Session)) == 0


def test_a_line_says_what_the_surface_promises(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    db.session.commit()
    by_key = {one["key"]: one for one in export(runner)}
    group = by_key["evening.process.2027-03-01"]
    assert group == {
        "key": "evening.process.2027-03-01",
        "cohort": "evening",
        "kind": "group",
        "title": "Process",
        "status": "scheduled",
        "start": "2027-03-01T23:00:00Z",
        "end": "2027-03-02T00:30:00Z",
        "zone": "America/New_York",
        "week": 1,
        "clinicians": ["rivera"],
        "patients": ["jordan", "noemie"],
        "family": [],
        "room": group["room"],
        "answers": {},
        "attendance": {},
        "cancelled_by": None,
        "cancelled_at": None,
    }


def test_family_is_who_may_be_invited_now_and_never_the_father(
    app: Flask, runner: FlaskCliRunner
) -> None:
    clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    db.session.commit()
    told = {one["kind"]: one["family"] for one in export(runner)}
    assert told == {"group": [], "individual": [], "family_therapy": ["jordan-mother"]}
