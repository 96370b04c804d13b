"""Strangers' failures do not bind a browser that somebody signed in with before."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.kernel.database import db
from scheduler.people import count_attempt
from scheduler.people.throttle import FIRST_TRIES
from tests.web.house import NOW, PASSWORD, post, sign_in_by_code, sign_in_staff
from watch import Watch

SAM = "sam@hl.example"
DESK = "/desk/"


def attack(strangers: int) -> None:
    """Let a stranger at each of many addresses fail once at Sam’s account."""
    for number in range(strangers):
        count_attempt(SAM, f"198.51.100.{number}", now=NOW)
    db.session.commit()


def try_password(client: FlaskClient, password: str) -> int:
    post(client, "/", address=SAM, way="password")
    return post(client, "/password", "/password", password=password).status_code


def fail(client: FlaskClient) -> None:
    """Use up the tries that strangers cannot bind."""
    for _ in range(FIRST_TRIES):
        try_password(client, "wrong")


@pytest.fixture
def known(house: Flask, clock: Watch) -> FlaskClient:
    """The browser of staff who signed in with it once, and out again."""
    client = house.test_client()
    sign_in_staff(client)
    post(client, "/sign-out", DESK)
    return client


def test_known_browser_signs_in_under_attack(known: FlaskClient) -> None:
    try_password(known, "wrong")
    attack(20)

    assert try_password(known, PASSWORD) == 303


def test_known_browser_is_bound_by_its_own_failures(known: FlaskClient) -> None:
    assert [try_password(known, "wrong") for _ in range(6)] == [422] * 5 + [429]


def test_browser_without_its_cookie_is_a_strangers(known: FlaskClient) -> None:
    known.delete_cookie("__Host-kinfold-browser")
    fail(known)
    attack(20)

    assert try_password(known, PASSWORD) == 429


def test_forged_browser_is_a_strangers(house: Flask, clock: Watch) -> None:
    client = house.test_client()
    client.set_cookie("__Host-kinfold-browser", "WyJ4IixbXV0.forged")
    fail(client)
    attack(20)

    assert try_password(client, PASSWORD) == 429


def test_first_try_from_an_address_is_not_bound_by_strangers(house: Flask, clock: Watch) -> None:
    attack(20)

    assert try_password(house.test_client(), PASSWORD) == 303


def test_who_mistypes_under_attack_may_try_again(house: Flask, clock: Watch) -> None:
    attack(20)
    client = house.test_client()

    assert [try_password(client, said) for said in ("wrong", PASSWORD)] == [422, 303]


def test_asking_for_codes_that_were_typed_right_is_no_failure(known: FlaskClient) -> None:
    jordan = "jordan@patient.example"
    statuses = []
    for _ in range(8):
        statuses.append(sign_in_by_code(known, jordan).status_code)
        post(known, "/sign-out", "/mine/")

    assert statuses == [303] * 8


def test_ipv6_is_counted_by_the_household(house: Flask, clock: Watch) -> None:
    def failures(place: str) -> int:
        client = house.test_client()
        client.environ_base["REMOTE_ADDR"] = place
        return try_password(client, "wrong")

    neighbours = [failures(f"2001:db8:1:2::{number:x}") for number in range(1, 7)]
    assert neighbours == [422] * 5 + [429]
    assert failures("2001:db8:1:3::1") == 422
