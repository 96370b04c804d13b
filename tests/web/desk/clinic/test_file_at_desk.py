"""At the desk: the clinic file, taken down and brought in with its difference shown first. The
father without consent is told nothing.
"""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from household import Household
from scheduler.clinics import dump, export
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Role
from tests.web.desk.people.conftest import desk, told_and_sent
from visitor import TOKEN, send, words

__all__ = ["desk", "told_and_sent"]
PAGE = "/desk/clinic-file"


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """Jordan's mother was told of an appointment; Rivera may do all at the desk."""
    home.consent()
    home.appointment(1)
    told = told_and_sent(home)
    assert home.rivera.clinician is not None
    home.rivera.clinician.roles = (Role.COORDINATOR, Role.ADMINISTRATOR)
    db.session.commit()
    return told


def file() -> str:
    db.session.rollback()
    written = dump(export())
    db.session.rollback()
    return written


def bring(desk: FlaskClient, text: str) -> TestResponse:
    found = TOKEN.search(desk.get(PAGE).text)
    assert found is not None
    said = {"csrf_token": found[1], "take": "file"}
    return desk.post(PAGE, data=said | {"file": (BytesIO(text.encode()), "clinic.yaml")})


def test_file_taken_down_is_the_export(desk: FlaskClient) -> None:
    written = file()

    answer = send(desk, f"{PAGE}/download", page=PAGE)

    assert (answer.text, answer.mimetype) == (written, "application/yaml")


def test_difference_and_its_letters_are_shown_before_it_is_loaded(desk: FlaskClient) -> None:
    text = file().replace("m@family.example", "dana@family.example")

    seen = words(bring(desk, text))

    assert "relative p-1-mother: changed (email)" in seen
    assert "dana@family.example : 1 letter" in seen
    assert "Miguel" not in seen
    db.session.rollback()
    assert person_by_key("p-1-mother").email == "m@family.example"


def test_what_is_wrong_is_named_by_its_place(desk: FlaskClient) -> None:
    answer = bring(desk, file().replace("version: 1", "version: 7"))

    assert answer.status_code == 422
    assert "version: this program reads version 1 only" in words(answer)


def test_who_may_not_see_every_patient_gets_no_file(desk: FlaskClient, home: Household) -> None:
    assert home.rivera.clinician is not None
    home.rivera.clinician.roles = (Role.ADMINISTRATOR,)
    db.session.commit()

    assert desk.get(PAGE).status_code == 403
