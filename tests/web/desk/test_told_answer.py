"""Staff note on a session's page what somebody told them; the father without consent is not asked,
and no answer of his is taken.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.people import person_by_key
from visitor import browser, send, sign_in, words

PAGE = "/desk/sessions/evening.fam.jordan.w1"


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def test_answer_that_was_told_by_phone_stands_on_the_page(desk: FlaskClient) -> None:
    said = {"person": "jordan-mother", "answer": "maybe"}

    noted = send(desk, f"{PAGE}/answer", said, page=PAGE)

    assert noted.status_code == 303
    assert "Dana Lee relative maybe" in words(desk.get(PAGE))


@pytest.mark.parametrize(
    "said",
    [
        {"person": "jordan-father", "answer": "yes"},
        {"person": "jordan-mother", "answer": "perhaps"},
    ],
)
def test_answer_of_who_is_not_asked_is_refused(desk: FlaskClient, said: dict[str, str]) -> None:
    refused = send(desk, f"{PAGE}/answer", said, page=PAGE)

    assert refused.status_code == 400
    assert "Dana Lee relative no answer yet" in words(desk.get(PAGE))
