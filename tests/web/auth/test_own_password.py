"""A password of one's own: changed at the desk, or chosen anew behind a mailed link."""

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.invitations import front_link
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import answer_asks, confirm_factor, new_factor, person_by_key
from tests.web.house import NOW, PASSWORD, csrf, post, sign_in_staff
from visitor import letters, text_of
from watch import Watch

NEW = "eleven brave wagtails"
PAGE = "/desk/password"


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    client = house.test_client()
    sign_in_staff(client)
    return client


def change(client: FlaskClient, **said: str) -> int:
    usual = {"current": PASSWORD, "password": NEW, "again": NEW}
    return post(client, PAGE, PAGE, **(usual | said)).status_code


def test_changed_password_keeps_this_browser_alone_signed_in(
    house: Flask, desk: FlaskClient
) -> None:
    there = house.test_client()
    sign_in_staff(there)

    assert change(desk) == 303
    assert (desk.get("/desk/").status_code, there.get("/desk/").status_code) == (200, 303)
    sign_in_staff(there, NEW)
    assert there.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {"current": "not the one at all"},
        {"again": "eleven brave wagtail"},
        {"password": "eleven char", "again": "eleven char"},
        {"password": "unitedstates", "again": "unitedstates"},
        {"password": "password1234!", "again": "password1234!"},
    ],
)
def test_password_stays_where_something_is_wrong(
    desk: FlaskClient, house: Flask, said: dict[str, str]
) -> None:
    assert change(desk, **said) == 422
    again = house.test_client()
    sign_in_staff(again)
    assert again.get("/desk/").status_code == 200


def test_whoever_forgot_it_is_answered_alike_known_or_not(house: Flask) -> None:
    answers = []
    for address in ("sam@hl.example", "nobody@mail.example", "jordan@patient.example"):
        client = house.test_client()
        form = "/password/forgotten"
        answer = post(client, form, form, address=address)
        page = re.sub(r'value="[^"]*"', "", client.get("/").text)
        answers.append((answer.status_code, answer.location, page))

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 303


def link_of_forgotten(house: Flask) -> str:
    client = house.test_client()
    post(client, "/password/forgotten", "/password/forgotten", address="sam@hl.example")
    answer_asks(front_link(), now=now())
    db.session.commit()
    found = re.search(r"/password/[\w-]{20,}", text_of(letters("password")[-1]))
    assert found is not None
    return found[0]


def test_mailed_link_sets_a_new_one_and_nobody_else_gets_a_letter(house: Flask) -> None:
    link, client = link_of_forgotten(house), house.test_client()

    assert post(client, link, link, password=NEW, again=NEW).status_code == 303
    sign_in_staff(client, NEW)
    assert client.get("/desk/").status_code == 200
    assert [letter.address for letter in letters("password")] == ["sam@hl.example"]


def test_link_alone_is_not_enough_where_there_is_a_second_factor(
    house: Flask, clock: Watch
) -> None:
    person = person_by_key("desk")
    secret = new_factor(person, now=NOW).secret
    assert confirm_factor(person, pyotp.TOTP(secret).at(NOW), now=NOW)
    db.session.commit()
    clock.moment = NOW.replace(minute=NOW.minute + 2)
    link, client = link_of_forgotten(house), house.test_client()
    said = {"csrf_token": csrf(client, link), "password": NEW, "again": NEW}

    assert client.post(link, data=said).status_code == 422
    code = pyotp.TOTP(secret).at(clock.moment)
    weak = said | {"password": "unitedstates", "again": "unitedstates", "code": code}
    assert client.post(link, data=weak).status_code == 422
    assert client.post(link, data=said | {"code": code}).status_code == 303


def test_words_of_the_letter_are_not_shown_at_the_desk(house: Flask, desk: FlaskClient) -> None:
    link_of_forgotten(house)
    letter = letters("password")[-1].id
    db.session.rollback()

    assert "/password/" not in desk.get(f"/desk/letters/{letter}").text.replace("/password/f", "")
