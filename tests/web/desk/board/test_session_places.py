"""Where a session could be, as a page and as what the board asks; and the look ahead that has an
address. The father has no consent and is told nothing.
"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.availability import Window
from scheduler.sessions import session_by_key
from visitor import browser, sign_in, words

FIRST = "evening.fam.jordan.w1"
PAGE = f"/desk/sessions/{FIRST}"
PLACES = f"{PAGE}/places"
AS_JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    """A coordinator; the mother is free on two afternoons."""
    mother = person_by_key("jordan-mother")
    mother.free = (Window(("tue", "thu"), 15 * 60, 20 * 60),)
    db.session.commit()
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def open_days(answer: dict[str, list[dict[str, str]]]) -> set[str]:
    return {place["day"] for place in answer["places"] if place["href"]}


def test_board_is_told_a_whole_week_with_its_reasons(desk: FlaskClient) -> None:
    answer = desk.get(PLACES, headers=AS_JSON).json
    why = {(place["day"], place["at"]): place["why"] for place in answer["places"]}

    assert open_days(answer) == {"2027-03-02", "2027-03-04"}
    assert why["2027-03-03", 17 * 60].replace("\xa0", " ") == (
        "This would break a rule: Family session on Wed 3 March 5:00 PM has no relative."
    )


def test_every_place_that_is_open_is_taken_and_leads_to_its_preview(desk: FlaskClient) -> None:
    answer = desk.get(PLACES, headers=AS_JSON).json
    leads_to = [place["href"] for place in answer["places"] if place["href"]]

    shown = desk.get(leads_to[-1])

    assert shown.status_code == 200
    assert "Change this session and tell 3 people" in words(shown)


def test_page_without_script_says_the_same(desk: FlaskClient) -> None:
    answer = desk.get(PLACES, headers=AS_JSON).json
    page = desk.get(PLACES)
    buttons = re.findall(r'class="button" href="([^"]+)"', page.text)

    open_there = [place["href"] for place in answer["places"] if place["href"]]
    assert [href.replace("&amp;", "&") for href in buttons] == open_there
    assert "Nowhere on this day." in words(page)
    assert "Miguel" not in page.text


def test_another_length_is_judged_as_such(desk: FlaskClient) -> None:
    long = desk.get(f"{PLACES}?minutes=320", headers=AS_JSON).json

    assert open_days(long) == set()


@pytest.mark.parametrize("asked", ["week=never", "minutes=-5", "minutes=9999", "week=9999-12-31"])
def test_odd_question_is_answered_as_far_as_it_makes_sense(desk: FlaskClient, asked: str) -> None:
    assert desk.get(f"{PLACES}?{asked}").status_code == 200


def test_preview_has_an_address_that_shows_and_changes_nothing(desk: FlaskClient) -> None:
    address = f"{PAGE}/look?deed=move&day=2027-03-04&at=16:00&minutes=60"

    first, again = desk.get(address), desk.get(address)

    assert (first.status_code, words(again)) == (200, words(first))
    assert session_by_key(FIRST).starts_local == "2027-03-02T17:00"


def test_clinician_who_does_not_lead_it_may_not_ask(house: Flask) -> None:
    client = browser(house)
    sign_in(client, person_by_key("jordan"))

    assert client.get(PLACES).status_code == 403
