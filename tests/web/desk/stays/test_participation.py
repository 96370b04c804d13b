"""The page of what a family agreed on: written down, shown, printed; it lets nobody know more."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.kernel.database import db
from scheduler.participation import Part, plan_of
from scheduler.people import person_by_key
from scheduler.programs import Kind
from visitor import browser, send, sign_in, words

PAGE = "/desk/patients/jordan/participation"
AGREED = {
    "family_therapy": "yes",
    "family_therapy-every": "2",
    "family_therapy-people": "jordan-father",
    "caregiver_group": "no",
    "agreed_with": "Jordan and Dana",
    "agreed_on": "2027-02-25",
}


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    """A coordinator."""
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def test_what_was_agreed_is_written_down_and_shown(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, AGREED)

    assert answer.status_code == 303
    db.session.rollback()
    plan = plan_of(person_by_key("jordan"))
    father = person_by_key("jordan-father").id
    assert plan is not None
    assert plan.parts == (
        Part(Kind.FAMILY_THERAPY, takes_part=True, every_weeks=2, people=(father,)),
        Part(Kind.CAREGIVER_GROUP, takes_part=False),
    )
    page = words(desk.get(PAGE))
    assert "Family session every 2 weeks Miguel Lee ▲ No consent for this now: Miguel Lee" in page
    assert "Caregiver group not now" in page


def test_weeks_that_are_no_number_are_said_and_nothing_is_kept(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, AGREED | {"family_therapy-every": "two"})

    assert answer.status_code == 422
    assert "Give the weeks as a whole number." in words(answer)
    assert plan_of(person_by_key("jordan")) is None


def test_print_has_lines_to_sign_and_no_form(desk: FlaskClient) -> None:
    send(desk, PAGE, AGREED)

    page = desk.get(f"{PAGE}?print=1").text

    assert "Signed, if you wish:" in page
    assert 'name="agreed_with"' not in page


def test_patients_page_leads_here(desk: FlaskClient) -> None:
    assert PAGE in desk.get("/desk/patients/jordan").text
