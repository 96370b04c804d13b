"""What a patient reads of what somebody sees today, and who is not invited yet."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from household import NOW, Household
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from visitor import browser, sign_in, words


@pytest.fixture
def patient(sqlite_home: Household, sqlite_app: Flask) -> FlaskClient:
    sqlite_home.consent()
    sqlite_home.appointment(1)
    announce(by="worker", now=NOW)
    db.session.commit()
    looks = browser(sqlite_app)
    sign_in(looks, person_by_key("p-1"))
    return looks


def test_patient_reads_what_somebody_sees_today(patient: FlaskClient) -> None:
    mothers = words(patient.get("/mine/sees/p-1-mother"))
    fathers = words(patient.get("/mine/sees/p-1-father"))

    assert ("Family session" in mothers, "Miguel Lee sees nothing about you." in fathers) == (
        True,
        True,
    )


def test_another_familys_relative_is_not_there(patient: FlaskClient) -> None:
    assert patient.get("/mine/sees/p-2-aunt").status_code == 404


def test_patient_reads_who_is_not_invited_yet(patient: FlaskClient) -> None:
    before = words(patient.get("/mine/sharing"))
    own = person_by_key("p-1-mother").relative
    assert own is not None
    own.ready = False
    db.session.commit()

    after = words(patient.get("/mine/sharing"))

    said = "Not yet invited: your clinician will talk with Dana Lee first."
    assert (said in before, said in after) == (False, True)
