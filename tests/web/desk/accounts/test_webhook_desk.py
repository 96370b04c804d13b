"""At the desk: programs that are told; an administrator alone, the secret once."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Role
from scheduler.webhooks import all_webhooks
from tests.web.house import post, sign_in_staff

PAGE = "/desk/webhooks"
EHR = {"name": "ehr", "address": "https://ehr.example/hook", "events": "task.made"}


def enter(house: Flask, *roles: Role) -> FlaskClient:
    account = person_by_key("desk").clinician
    assert account is not None
    account.roles = roles
    db.session.commit()
    client = house.test_client()
    sign_in_staff(client)
    return client


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    return enter(house, Role.ADMINISTRATOR)


def states() -> list[tuple[str, bool]]:
    db.session.rollback()
    return [(row.name, row.ended_at is None) for row in all_webhooks()]


def test_secret_is_shown_once_and_the_end_is_for_good(desk: FlaskClient) -> None:
    made = post(desk, PAGE, PAGE, **EHR)
    again = desk.get(PAGE).text
    ended = post(desk, f"{PAGE}/ehr/end", PAGE)

    (secret,) = re.findall(r"<code>(kfw_[\w-]{43})</code>", made.text)
    assert secret not in again
    assert "https://ehr.example/hook" in again
    assert ended.status_code == 303
    assert states() == [("ehr", False)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"address": "http://ehr.example"}, "address"),
        ({"name": "The EHR"}, "name"),
        ({"events": "none"}, "events"),
    ],
)
def test_what_cannot_be_told_is_refused_at_its_field(
    desk: FlaskClient, said: dict[str, str], field: str
) -> None:
    answer = post(desk, PAGE, PAGE, **(EHR | said))

    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)
    assert states() == []


def test_coordinator_has_no_part_in_it(house: Flask) -> None:
    assert enter(house, Role.COORDINATOR).get(PAGE).status_code == 403


def test_command_makes_lists_and_ends(house: Flask, runner: FlaskCliRunner) -> None:
    words = ["webhook", "make", "ehr", "https://ehr.example/hook", "--events", "task.made"]
    made = runner.invoke(args=words)
    twice = runner.invoke(args=words)
    odd = runner.invoke(args=["webhook", "make", "x", "https://10.0.0.1/"])
    listed = runner.invoke(args=["webhook", "list"]).output
    said = [runner.invoke(args=["webhook", "end", "ehr"]).output for _ in range(2)]

    assert re.fullmatch(r"kfw_[\w-]{43}\n", made.output)
    assert (twice.exit_code, odd.exit_code) == (1, 2)
    assert listed == "ehr  open  task.made  https://ehr.example/hook\n"
    assert said == ["ehr is ended\n", "ehr was ended before\n"]
