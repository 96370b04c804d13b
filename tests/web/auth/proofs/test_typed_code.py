"""A mailed code that is typed: in the browser that asked, and after a hundred guesses of strangers
only where its owner was before.
"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.kernel.database import db
from scheduler.people import note_wrong_code, person_by_key, stopped_among
from tests.web.house import NOW, codes, post, sign_in_by_code, sign_in_staff
from visitor import letters, send, text_of, words
from watch import Watch

DANA = "dana@family.example"


def guessed() -> None:
    """Let strangers type a hundred wrong codes for the mother."""
    mother = person_by_key("jordan-mother")
    for _ in range(100):
        note_wrong_code(mother, now=NOW)
    db.session.commit()


@pytest.fixture
def used(house: Flask) -> FlaskClient:
    """A browser of the mother's from before, signed out."""
    client = house.test_client()
    sign_in_by_code(client, DANA)
    post(client, "/sign-out", "/family")
    return client


def test_code_typed_in_another_browser_is_refused_and_the_page_says_why(house: Flask) -> None:
    asking, other = house.test_client(), house.test_client()
    post(asking, "/", address=DANA, way="code")
    post(other, "/", address=DANA, way="password")
    refused = post(other, "/code", "/code", code=codes(DANA)[0])

    assert refused.status_code == 422
    assert "was asked for in another browser" in words(refused)
    assert post(asking, "/code", "/code", code=codes(DANA)[0]).location == "/family"


def test_another_code_asked_for_at_once_is_the_same_one(visitor: FlaskClient) -> None:
    post(visitor, "/", address=DANA, way="code")
    codes(DANA)
    post(visitor, "/code", "/code", again="1")

    first, second = codes(DANA)
    assert first == second
    assert post(visitor, "/code", "/code", code=first).location == "/family"


def test_wrong_codes_count_where_the_browser_is_a_strangers(
    house: Flask, used: FlaskClient, clock: Watch
) -> None:
    mother = person_by_key("jordan-mother")
    for _ in range(99):
        note_wrong_code(mother, now=NOW)
    db.session.commit()
    own, stranger = used, house.test_client()
    for client in (own, stranger):
        post(client, "/", address=DANA, way="code")
    codes(DANA)
    post(own, "/code", "/code", code="1")
    assert stopped_among([mother]) == set()
    post(stranger, "/code", "/code", code="1")

    assert stopped_among([mother]) == {mother.id}


def test_code_typed_where_none_was_asked_for_is_no_guess(house: Flask) -> None:
    mother, new = person_by_key("jordan-mother"), house.test_client()
    for _ in range(99):
        note_wrong_code(mother, now=NOW)
    db.session.commit()
    post(new, "/", address=DANA, way="password")
    post(new, "/code", "/code", code="1")

    assert stopped_among([mother]) == set()


def test_after_a_hundred_guesses_a_new_browser_is_shut_and_a_used_one_is_not(
    house: Flask, used: FlaskClient
) -> None:
    guessed()
    post(used, "/", address=DANA, way="code")
    code, new = codes(DANA)[-1], house.test_client()
    post(new, "/", address=DANA, way="code")

    assert post(new, "/code", "/code", code=code).status_code == 422
    assert post(used, "/code", "/code", code=code).location == "/family"


def test_owner_learns_by_letter_what_to_do_and_strangers_see_nothing(house: Flask) -> None:
    guessed()
    new, unknown = house.test_client(), house.test_client()
    pages = []
    for client, address in ((new, DANA), (unknown, "nobody@else.example")):
        post(client, "/", address=address, way="code")
        pages.append(words(client.get("/code")).replace(address, "ADDRESS"))

    (letter,) = letters("code")
    said = text_of(letter)
    assert pages[0] == pages[1]
    assert (said.partition("\n")[0], re.findall(r"\d{6}", said)) == ("No code this time", [])
    assert "Please call us" in said


def test_staff_who_spoke_with_them_let_codes_work_again(house: Flask, visitor: FlaskClient) -> None:
    guessed()
    desk, page = house.test_client(), "/desk/patients/jordan/codes/jordan-mother"
    sign_in_staff(desk)
    for where in ("/desk/needs", "/desk/patients/jordan/contact/jordan-mother"):
        assert page in desk.get(where).text
    answer = send(desk, page)

    assert answer.status_code == 303
    assert "Nothing is stopped" in words(desk.get(page))
    assert sign_in_by_code(visitor, DANA).location == "/family"
