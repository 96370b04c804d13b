"""What needs a person is one list with a count on every page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from scheduler import tasks
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Person
from tests.web.house import NOW
from visitor import browser, send, sign_in, words

URL = "/desk/needs"


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def raise_lines(many: int, about: Person) -> None:
    for number in range(many):
        tasks.raise_task(
            "answered_no", f"no:{about.key}:{number}", "Says no.", about_id=about.id, now=NOW
        )
    db.session.commit()


def test_line_names_the_relative_the_patient_the_phone_and_the_deed(desk: FlaskClient) -> None:
    mother = person_by_key("jordan-mother")
    mother.phone = "+16175550100"
    leads_to = "session:evening.fam.jordan.w1"
    tasks.raise_task("x", "x:1", "Call.", about_id=mother.id, leads_to=leads_to, now=NOW)
    db.session.commit()

    page = desk.get(URL)

    assert "Dana Lee · family of Jordan Quellandrix · +1 617-555-0100 Call." in words(page)
    assert 'href="tel:+16175550100"' in page.text
    assert 'href="/desk/sessions/evening.fam.jordan.w1"' in page.text
    assert "Miguel" not in page.text


def test_count_stands_on_every_page_and_falls_when_a_line_is_done(desk: FlaskClient) -> None:
    raise_lines(2, person_by_key("jordan"))
    assert '<b class="count">2</b>' in desk.get("/desk/letters").text
    done = tasks.open_tasks()[0].id

    send(desk, URL, {"task": done})

    assert '<b class="count">1</b>' in desk.get("/desk/letters").text


def test_earlier_address_shows_the_same(desk: FlaskClient) -> None:
    assert words(desk.get("/desk/tasks")) == words(desk.get(URL))


def test_list_asks_as_often_for_fifty_lines_as_for_one(desk: FlaskClient) -> None:
    raise_lines(1, person_by_key("jordan"))
    one = _questions(desk)
    raise_lines(50, person_by_key("jordan-mother"))

    assert _questions(desk) <= one + 1


def _questions(client: FlaskClient) -> int:
    asked: list[str] = []

    def count(_c: object, _k: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    client.get(URL)
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        client.get(URL)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(asked)
