"""The first page makes the practice and its first administrator, behind a one-time address."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.people import is_right, person_by_key, practice
from scheduler.people.models import Person, Practice, Role
from visitor import browser, send, words
from watch import Watch

NOW = datetime(2027, 2, 25, 17, tzinfo=UTC)
SAID = {
    "name": "Harbor Light Behavioral Health",
    "outward_name": "HL Scheduling",
    "outward_email": "calendar@hl-sched.example",
    "zone": "America/New_York",
    "state": "MA",
    "part2": "yes",
    "holidays": "closed",
    "admin_name": "Sam Wren",
    "admin_email": "sam@hl-sched.example",
    "password": "nineteen quiet herons",
    "again": "nineteen quiet herons",
}


@pytest.fixture
def visitor(app: Flask, clock: Watch) -> FlaskClient:
    """Somebody with the address, before there is anything."""
    clock.moment = NOW
    return browser(app)


def address(runner: FlaskCliRunner) -> str:
    answer = runner.invoke(args=["setup-link"])
    assert answer.exit_code == 0, answer.output
    base, _, token = answer.output.strip().rpartition("/set-up/")
    assert base == "https://hl-sched.example"
    return f"/set-up/{token}"


def rows_of(table: type[Practice] | type[Person]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_form_makes_practice_and_administrator_who_is_signed_in(
    visitor: FlaskClient, runner: FlaskCliRunner
) -> None:
    answer = send(visitor, address(runner), SAID)

    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert visitor.get("/desk/").status_code == 200
    db.session.rollback()
    sam = person_by_key("wren")
    assert sam.clinician is not None
    assert sam.clinician.roles == (Role.ADMINISTRATOR, Role.COORDINATOR)
    assert is_right(sam.clinician.password_hash, SAID["password"])
    assert (practice().outward_name, practice().state) == ("HL Scheduling", "MA")


def test_address_opens_nothing_once_there_is_a_practice(
    visitor: FlaskClient, runner: FlaskCliRunner
) -> None:
    first, second = address(runner), address(runner)
    send(visitor, first, SAID)

    assert [visitor.get(path).status_code for path in (first, second)] == [404, 404]
    answer = runner.invoke(args=["setup-link"])
    assert (answer.exit_code, "there is a practice already" in answer.output) == (1, True)


def test_address_opens_for_half_an_hour(
    visitor: FlaskClient, runner: FlaskCliRunner, clock: Watch
) -> None:
    path = address(runner)
    clock.moment = NOW + timedelta(minutes=29)
    before = visitor.get(path).status_code
    clock.moment = NOW + timedelta(minutes=31)

    assert (before, visitor.get(path).status_code) == (200, 404)


@pytest.mark.parametrize("token", ["", "1-2-3", "9999999999-0-0", "x" * 99])
def test_guessed_address_opens_nothing(visitor: FlaskClient, token: str) -> None:
    assert visitor.get(f"/set-up/{token}").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("outward_name", "Addiction Recovery", "gives away what this is"),
        ("zone", "Mars", "Write a time zone"),
        ("state", "", "State"),
        ("admin_email", "sam", "me@practice.example"),
        ("again", "another", "The two passwords are not the same"),
        ("password", "short", "12 to 128 characters"),
    ],
)
def test_wrong_field_is_named_and_nothing_is_made(
    visitor: FlaskClient, runner: FlaskCliRunner, field: str, typed: str, said: str
) -> None:
    form = SAID | {field: typed}
    if field == "password":
        form["again"] = typed

    answer = send(visitor, address(runner), form)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert said.lower() in words(answer).lower()
    assert f'value="{SAID["name"]}"' in answer.text
    db.session.rollback()
    counts = [
        db.session.scalar(select(func.count()).select_from(row)) for row in (Practice, Person)
    ]
    assert counts == [0, 0]


def test_nobody_has_an_account_before_the_first_page(visitor: FlaskClient) -> None:
    for name in ("admin", "root", "administrator"):
        send(visitor, "/", {"address": f"{name}@x.example", "way": "password"})
        assert send(visitor, "/password", {"password": name}).status_code == 422
    db.session.rollback()

    assert (rows_of(Person), rows_of(Practice)) == (0, 0)
