"""The record is printed page by page, whatever its length."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from cast import assemble
from scheduler import audit
from scheduler.kernel.database import db

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def record(app: Flask) -> None:
    """Five entries, a day apart."""
    assemble()
    before = len(list(audit.entries()))
    assert before == 0
    for day in range(5):
        audit.append("deed", f"day {day}", {"n": day}, by="rivera", now=NOW + timedelta(days=day))
    db.session.commit()


def exported(runner: FlaskCliRunner, *words: str) -> list[dict[str, object]]:
    answer = runner.invoke(args=["audit", "export", *words])
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.output.splitlines()]


@pytest.mark.usefixtures("record")
def test_export_prints_every_entry_once_in_order(runner: FlaskCliRunner) -> None:
    lines = exported(runner)

    assert [line["about"] for line in lines] == [f"day {day}" for day in range(5)]
    assert set(lines[0]) == {"number", "at", "by", "deed", "about", "details", "chain"}


@pytest.mark.usefixtures("record")
def test_export_begins_with_the_day_that_is_said(runner: FlaskCliRunner) -> None:
    lines = exported(runner, "--since", "2027-03-04")

    assert [line["about"] for line in lines] == ["day 2", "day 3", "day 4"]


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("page", [1, 2, 5, 6])
def test_record_is_the_same_whatever_its_pages(page: int) -> None:
    numbers = [entry.number for entry in audit.entries(page=page)]

    assert numbers == [1, 2, 3, 4, 5]
