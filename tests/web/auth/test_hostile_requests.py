"""What no request may bring: another host's name, signs that no database keeps, endless forms."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Role
from tests.web.house import post, sign_in_staff
from visitor import sign_in


@pytest.fixture
def staff(house: Flask) -> FlaskClient:
    client = house.test_client()
    sign_in_staff(client)
    return client


@pytest.mark.parametrize("host", ["evil.example", "hl-sched.example.evil.example", "[::1", ""])
def test_another_host_is_refused(house: Flask, host: str) -> None:
    answer = house.test_client().get("/", headers={"Host": host})

    assert answer.status_code == (400 if host else answer.status_code)


@pytest.mark.parametrize("host", ["hl-sched.example", "HL-Sched.example:443", "127.0.0.1:8000"])
def test_our_own_host_and_this_machine_are_answered(house: Flask, host: str) -> None:
    assert house.test_client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("old-name.example", 200), ("OLD-name.example:8443", 200), ("a.old-name.example", 400)],
)
def test_host_that_is_trusted_is_answered(house: Flask, host: str, status: int) -> None:
    said = house.config["KINFOLD"]
    house.config["KINFOLD"] = replace(said, trusted_hosts=("old-name.example", "fd00::5"))
    answer = house.test_client().get("/", headers={"Host": host})
    house.config["KINFOLD"] = said

    assert answer.status_code == status


def test_health_is_answered_under_any_name(house: Flask) -> None:
    assert house.test_client().get("/healthz", headers={"Host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/desk/cohorts/evening?week=%00",
        "/desk/cohorts/eve%00ning",
        "/desk/patients/%00",
        "/desk/letters?%00=1",
    ],
)
def test_nul_in_an_address_is_refused(staff: FlaskClient, address: str) -> None:
    assert staff.get(address).status_code == 400


def test_nul_in_a_form_is_refused_and_nothing_is_looked_for(staff: FlaskClient) -> None:
    answer = post(staff, "/desk/needs", "/desk/", task="a\x00b")

    assert answer.status_code == 400


def test_what_was_encoded_twice_is_decoded_once(staff: FlaskClient) -> None:
    assert staff.get("/desk/patients/jord%61n").status_code == 200
    assert staff.get("/desk/patients/jord%2561n").status_code == 404
    typed = "50%25 &amp; %3Cb%3E \\u003c"
    answer = post(staff, "/desk/people", "/desk/people", q=typed)

    assert f'value="{escape(typed)}"' in answer.text


def test_week_of_five_thousand_digits_is_the_current_one(staff: FlaskClient) -> None:
    assert staff.get(f"/desk/cohorts/evening?week={'9' * 5000}").status_code == 200


def test_days_of_five_thousand_digits_are_no_number(staff: FlaskClient) -> None:
    page = "/desk/sessions/evening.process.2027-03-01/recording"
    answer = post(staff, page, page, url="https://video.example/a", days="9" * 5000)

    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "x"])
def test_entry_no_database_counts_to_is_the_newest(house: Flask, number: str) -> None:
    account = person_by_key("rivera").clinician
    assert account is not None
    account.roles = (Role.AUDITOR,)
    db.session.commit()
    client = house.test_client()
    sign_in(client, person_by_key("rivera"))

    assert client.get(f"/desk/audit?before={number}").status_code == 200


def test_part_of_a_form_without_a_name_is_refused(staff: FlaskClient) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="\r\nBcc: x"\r\n\r\nwords\r\n--x--\r\n'
    answer = staff.post("/desk/needs", data=part, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 400


def test_form_larger_than_anybody_types_is_too_much(staff: FlaskClient) -> None:
    answer = post(staff, "/desk/needs", "/desk/", task="a" * 70_000)

    assert answer.status_code == 413
