"""The accounts of staff at the desk: invited again, covered, a role for a time."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.kernel.database import db
from scheduler.people import covers_of, person_by_key
from scheduler.people.models import Role
from tests.web.house import NOW, post, sign_in_staff
from visitor import sign_in, words
from watch import Watch

PAGE = "/desk/accounts/"
RIVERA = f"{PAGE}rivera"
DAY = timedelta(days=1)


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    """The administrator, signed in."""
    client = house.test_client()
    sign_in_staff(client)
    return client


def lend(desk: FlaskClient, role: str, *, days: int = 1) -> TestResponse:
    """Give rivera a role for today and more days."""
    said = {"first": f"{NOW:%Y-%m-%d}", "last": f"{NOW + (days - 1) * DAY:%Y-%m-%d}"}
    return post(desk, f"{RIVERA}/for-a-time", PAGE, role=role, **said)


def test_role_for_a_time_opens_and_shuts_by_itself(
    house: Flask, desk: FlaskClient, clock: Watch
) -> None:
    client = house.test_client()
    sign_in(client, person_by_key("rivera"))
    assert client.get("/desk/letters").status_code == 403
    assert lend(desk, "coordinator").status_code == 303
    assert client.get("/desk/letters").status_code == 200

    clock.moment += DAY
    sign_in(client, person_by_key("rivera"))
    assert client.get("/desk/letters").status_code == 403


def test_auditors_role_for_a_time_opens_the_record(house: Flask, desk: FlaskClient) -> None:
    client = house.test_client()
    sign_in(client, person_by_key("rivera"))
    lend(desk, "auditor", days=3)

    assert client.get("/desk/audit").status_code == 200
    assert "Also auditor" in words(desk.get(PAGE))


def test_administrator_for_a_time_is_not_the_one_who_stays(house: Flask, desk: FlaskClient) -> None:
    lend(desk, "administrator", days=30)
    refused = post(desk, f"{PAGE}desk/roles", PAGE, roles="coordinator")

    assert refused.status_code == 409
    account = person_by_key("desk").clinician
    assert account is not None
    assert Role.ADMINISTRATOR in account.roles


@pytest.mark.parametrize(
    ("said", "words_said"),
    [
        ({"role": "coordinator", "first": "2027-02-25", "last": "9990-01-01"}, "Give a day"),
        ({"role": "coordinator", "first": "2027-02-25"}, "the first and the last day"),
        ({"role": "king", "first": "2027-02-25", "last": "2027-02-26"}, "hoose a role"),
        ({"role": "clinician", "first": "2027-02-25", "last": "2027-02-26"}, "without an end"),
    ],
)
def test_role_for_a_time_that_cannot_be_is_refused(
    desk: FlaskClient, said: dict[str, str], words_said: str
) -> None:
    answer = post(desk, f"{RIVERA}/for-a-time", PAGE, **said)

    assert answer.status_code == 422
    assert words_said in words(answer)


def test_cover_names_a_colleague_and_ends_when_it_is_ended(desk: FlaskClient) -> None:
    days = {"first": "2027-02-25", "last": "2027-03-05"}
    own = desk.get(PAGE).text.partition('id="covering-rivera"')[2].partition("</select>")[0]
    assert "rivera" not in own
    assert post(desk, f"{RIVERA}/cover", PAGE, covering="", **days).status_code == 422
    assert post(desk, f"{RIVERA}/cover", PAGE, covering="desk", **days).status_code == 303
    again = post(desk, f"{RIVERA}/cover", PAGE, covering="desk", **days)
    assert (again.status_code, "until 2027-03-05 already" in words(again)) == (422, True)
    (row,) = covers_of([person_by_key("rivera")])
    ended = post(desk, f"{RIVERA}/for-a-time/end", PAGE, row=row.id)

    assert ended.status_code == 303
    assert covers_of([person_by_key("rivera")]) == []


def test_colleague_without_a_password_is_invited_from_their_card(desk: FlaskClient) -> None:
    assert "Make a link to a first password" in words(desk.get(PAGE))
    made = post(desk, f"{RIVERA}/link", PAGE)
    assert (made.status_code, "/password/" in made.text) == (200, True)

    own = post(desk, f"{PAGE}desk/link", PAGE)
    db.session.rollback()
    assert own.status_code == 409


def test_colleague_and_account_lead_to_each_other(desk: FlaskClient) -> None:
    assert 'href="/desk/staff/rivera/setup"' in desk.get(PAGE).text
    shown = desk.get("/desk/staff/rivera/setup").text
    assert 'href="/desk/accounts/#account-rivera"' in shown
    assert 'action="/desk/accounts/rivera/link"' in shown
    assert "/link" not in desk.get("/desk/staff/desk/setup").text
    assert 'id="account-rivera"' in desk.get(PAGE).text
    assert 'href="/desk/accounts/"' in desk.get("/desk/staff").text
