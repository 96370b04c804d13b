"""A program changed on its week: one thing at a time, tried first, undone."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.clinics import house_record
from tests.web.desk.clinic.test_setup_pages import COHORT, PROGRAM, RIVERA
from tests.web.house import found
from visitor import send, sign_in, words

WEEK = "/desk/programs/evening/week"
CHANGE = {
    "part": "groups",
    "row": "process",
    "groups[0].kind": "group",
    "groups[0].title": "Process group",
    "groups[0].days": "tue",
    "groups[0].at": "18:30",
    "groups[0].minutes": "60",
    "groups[0].weeks": "1",
    "groups[0].weeks[1]": "2",
    "groups[0].topics": "Triggers\nSleep",
}
ADDED = {
    "part": "groups",
    "row": "",
    "groups[1].kind": "psychoeducation",
    "groups[1].title": "Café skills",
    "groups[1].days": "mon",
    "groups[1].at": "19:30",
    "groups[1].minutes": "60",
    "groups[1].weeks": "1",
    "groups[1].weeks[1]": "2",
}


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """An administrator of a practice with a program and nobody in it."""
    sign_in(client, found())
    send(client, "/desk/staff/new", RIVERA)
    send(client, "/desk/programs/new", PROGRAM)
    return client


def groups() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = house_record("programs", "evening")["groups"]
    return listed


def post(desk: FlaskClient, said: dict[str, str]) -> TestResponse:
    return send(desk, WEEK, said, page=f"{WEEK}?part=groups&row=process")


def test_fixed_time_is_changed_where_it_stands(desk: FlaskClient) -> None:
    shown = words(desk.get(f"{WEEK}?week=2"))
    answer = post(desk, CHANGE)

    assert "6:00 PM – 7:30 PM Process group Patients Sleep" in shown
    assert (answer.status_code, groups()[0]["days"], groups()[0]["at"]) == (303, ["tue"], "18:30")
    assert groups()[0]["key"] == "process"


def test_fixed_time_is_named_by_its_title_and_taken_back_by_undo(desk: FlaskClient) -> None:
    post(desk, ADDED)
    added = [group["key"] for group in groups()]
    for _click in range(2):
        post(desk, {"deed": "undo", "version": "2"})

    assert added == ["process", "cafe-skills"]
    assert [group["key"] for group in groups()] == ["process"]


def test_row_is_taken_away(desk: FlaskClient) -> None:
    post(desk, ADDED)
    post(desk, {"part": "groups", "row": "cafe-skills", "deed": "drop"})

    assert [group["key"] for group in groups()] == ["process"]


def test_wrong_hour_is_named_and_what_was_typed_is_kept(desk: FlaskClient) -> None:
    answer = post(desk, CHANGE | {"groups[0].at": "late"})

    assert answer.status_code == 422
    assert 'href="#groups[0].at"' in answer.text
    assert 'value="late"' in answer.text
    assert groups()[0]["at"] == "18:00"


def test_change_is_tried_beside_holidays_and_nothing_is_kept(desk: FlaskClient) -> None:
    answer = post(desk, CHANGE | {"deed": "try", "groups[0].days": "mon"})

    assert "hold in 0 of 52 cohorts" not in words(answer)
    assert "nothing is kept yet. ▲ Hours, days and gaps hold in " in words(answer)
    assert "closed on Mon" in words(answer)
    assert groups()[0]["at"] == "18:00"


def test_second_of_two_editors_is_told(desk: FlaskClient) -> None:
    seen = desk.get(f"{WEEK}?part=rules").text.partition('name="seen" value="')[2]
    post(desk, CHANGE)
    old = {"seen": seen.partition('"')[0].replace("&#34;", '"')}
    answer = post(desk, CHANGE | {"groups[0].at": "19:00"} | old)

    assert answer.status_code == 409
    assert groups()[0]["at"] == "18:30"


def test_cohort_that_runs_is_asked_whether_it_takes_it(desk: FlaskClient) -> None:
    send(desk, "/desk/cohorts/new", COHORT, page="/desk/cohorts/new?program=evening")
    asked = words(post(desk, CHANGE))
    done = post(desk, CHANGE | {"takes[first]": "stay"})

    assert "Who takes the changed program?" in asked
    assert "Begins 18:00 18:30" in asked
    assert (done.status_code, groups()[0]["at"]) == (303, "18:30")
