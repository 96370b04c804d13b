"""At the desk: a list of patients is looked at row by row, brought in whole, taken back as one."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from household import MONDAY, Household
from scheduler.kernel.database import db
from scheduler.people.models import Person
from visitor import TOKEN, say_yes, send, words

PAGE = "/desk/people/roster"
USUAL = {
    "form_key": "a" * 32,
    "cohort": "march",
    "clinician": "rivera",
    "first": MONDAY.isoformat(),
}
LIST = "Name;E-Mail;DOB;Shoe\r\nZoë Hart;zoe@p.example;3/4/1990;38\r\nYan;yan@p.example;;\r\n"


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    return told_and_sent(home)


def bring(desk: FlaskClient, octets: bytes) -> TestResponse:
    found = TOKEN.search(desk.get(PAGE).text)
    assert found is not None
    said = USUAL | {"csrf_token": found[1]}
    return desk.post(PAGE, data=said | {"file": (BytesIO(octets), "list.csv")})


def people() -> int | None:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person))


def test_rows_are_shown_and_what_is_unsure_is_asked(desk: FlaskClient) -> None:
    before = people()

    shown = bring(desk, LIST.encode("cp1252"))

    assert shown.status_code == 200
    seen = words(shown)
    assert "1 row has something wrong." in seen
    assert "✕ 3/4/1990 may be two days" in seen
    assert "Which comes first in 3/4/2027?" in seen
    assert "Not known, and left out: Shoe" in seen
    assert people() == before


def test_list_is_admitted_once_it_was_shown_and_taken_back_as_one(desk: FlaskClient) -> None:
    before = people() or 0
    said = USUAL | {"text": LIST, "order": "day", "go": "yes"}

    shown = send(desk, PAGE, said)
    still = people()
    answer = say_yes(desk, shown, PAGE, said)
    after = people()
    way_back = re.search(rf"{PAGE}/\w+/take-back", desk.get(PAGE).text)
    assert way_back is not None
    send(desk, way_back[0], page=PAGE)

    assert (still, answer.status_code, after, people()) == (before, 303, before + 2, before)


def test_what_is_no_list_is_said_at_the_file(desk: FlaskClient) -> None:
    answer = bring(desk, b"Name\n")

    assert answer.status_code == 422
    assert "The list needs a first line with names of columns" in words(answer)
