"""What comes next in a new practice: it leads from step to step, on Cohorts and on Today, until a
cohort stands there and somebody is in it.
"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from household import Household
from scheduler.kernel.database import db
from scheduler.people.models import Role
from scheduler.programs.models import VideoRoom
from tests.web.house import found
from visitor import browser, sign_in

LEADS = [
    "/desk/staff",
    "/desk/rooms",
    "/desk/practice",
    "/desk/programs",
    "/desk/cohorts/new",
    "/desk/people/admit",
]


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """An administrator of a practice that was just made, signed in."""
    desk = browser(app)
    sign_in(desk, found())
    return desk


def steps(desk: FlaskClient, url: str) -> list[str]:
    """Return where the steps of a page lead that are still to be taken."""
    listed = desk.get(url).text.partition("What comes next</h2>")[2].partition("</ol>")[0]
    return re.findall(r'<li><a href="([^"]+)">', listed)


@pytest.mark.parametrize("url", ["/desk/", "/desk/cohorts"])
def test_new_practice_is_led_to_its_first_patient(desk: FlaskClient, url: str) -> None:
    assert steps(desk, url) == LEADS


def test_step_that_was_taken_leads_nowhere(desk: FlaskClient) -> None:
    db.session.add(VideoRoom(key="a", url="https://video.example/a"))
    db.session.commit()

    assert steps(desk, "/desk/") == [lead for lead in LEADS if lead != "/desk/rooms"]


@pytest.mark.parametrize("lead", LEADS)
def test_every_step_leads_to_a_page(desk: FlaskClient, lead: str) -> None:
    assert desk.get(lead).status_code == 200


@pytest.mark.parametrize("url", ["/desk/", "/desk/cohorts"])
def test_practice_with_patients_is_led_no_more(app: Flask, home: Household, url: str) -> None:
    assert home.rivera.clinician is not None
    home.rivera.clinician.roles = (Role.COORDINATOR,)
    db.session.commit()
    desk = browser(app)
    sign_in(desk, home.rivera)

    assert "What comes next" not in desk.get(url).text
