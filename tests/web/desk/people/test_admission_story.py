"""An admission in the third week of a cohort, by the pages alone: from the desk's first page to a
patient with a mother abroad and a father, neither with a consent yet, and to the plan. Every page
read and every form sent is an action; where one goes must stand on the page before.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, Household
from scheduler.clinics import dump, export, load, read
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.planning.proposals.models import Proposal
from visitor import SEEN, TOKEN

MOST = 12
"""Actions an admission may take."""
THIRD_WEEK = MONDAY + timedelta(days=2)
PATIENT = {
    "form_key": "a" * 32,
    "name": "Noa Field",
    "email": "noa@patient.example",
    "cohort": "march",
    "first": THIRD_WEEK.isoformat(),
    "clinician": "rivera",
    "key": "p-9",
    "free": "always",
}
MOTHER = {
    "form_key": "b" * 32,
    "name": "Ines Field",
    "relationship": "mother",
    "email": "ines@family.example",
    "zone": "Europe/Lisbon",
    "key": "p-9-mother",
    "free": "always",
}
FATHER = MOTHER | {
    "form_key": "c" * 32,
    "name": "Carl Field",
    "relationship": "father",
    "email": "carl@family.example",
    "zone": "",
    "key": "p-9-father",
}


class Desk:
    """Somebody at the desk who goes only where the page before them leads."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = client.get("/desk/")
        self.at = "/desk/"
        self.actions = 0

    def follow(self, url: str) -> None:
        """Take a link of this page."""
        assert f'href="{url}"' in self.page.text, f"{self.at} has no link to {url}"
        self.actions += 1
        self.at = url
        self.page = self.client.get(url)

    def send(self, said: dict[str, str], *, action: str = "") -> None:
        """Send a form of this page, and go on to where the answer leads."""
        assert "<form" in self.page.text and action in self.page.text
        token = TOKEN.search(self.page.text)
        assert token is not None
        self.actions += 1
        answer = self.client.post(action or self.at, data={"csrf_token": token[1]} | said)
        self.page = self._landed(answer)

    def confirm(self, said: dict[str, str]) -> None:
        """Say yes to what was shown."""
        seen = SEEN.search(self.page.text)
        assert seen is not None
        self.send(said | {"shown": seen[1]})

    def _landed(self, answer: TestResponse) -> TestResponse:
        if answer.status_code != 303:
            assert answer.status_code == 200
            return answer
        self.at = answer.location
        return self.client.get(answer.location)


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    return told_and_sent(home)


def admitted(client: FlaskClient) -> Desk:
    """Admit the patient and the family, and plan."""
    desk = Desk(client)
    desk.follow("/desk/people")
    desk.follow("/desk/people/admit")
    desk.send(PATIENT)
    desk.confirm(PATIENT)
    for relative in (MOTHER, FATHER):
        desk.follow("/desk/patients/p-9/relatives/add")
        desk.send(relative)
        desk.confirm(relative)
    desk.follow("/desk/cohorts/march")
    desk.send({}, action="/desk/cohorts/march/plan")
    return desk


def told() -> list[str]:
    """Return to whom there are letters, by address."""
    db.session.rollback()
    return list(db.session.scalars(select(Letter.address)))


def test_admission_in_week_three_takes_at_most_twelve_actions(desk: FlaskClient) -> None:
    story = admitted(desk)

    db.session.rollback()
    assert story.actions <= MOST
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 1
    family = [person_by_key(key) for key in ("p-9-mother", "p-9-father")]
    assert [(who.zone, who.relative and who.relative.ready) for who in family] == [
        ("Europe/Lisbon", False),
        (None, False),
    ]


def test_admission_welcomes_the_patient_and_tells_the_family_nothing(desk: FlaskClient) -> None:
    before = told()

    story = admitted(desk)

    assert told() == [*before, "noa@patient.example"]
    page = desk.get("/desk/patients/p-9").text
    assert page.count("There is no consent: this person is never told anything.") == 2
    assert re.search(r"Nobody has been told\s+anything yet", story.page.text) is not None


def test_load_of_an_export_after_an_admission_changes_nothing(desk: FlaskClient) -> None:
    admitted(desk)
    db.session.rollback()

    changes = load(read(dump(export()).encode()), by="command", now=NOW)

    assert changes.made == []
