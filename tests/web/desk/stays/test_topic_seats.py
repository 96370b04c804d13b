"""At the desk a patient is seated where a topic they missed comes again; the father without consent
is told nothing.
"""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceState
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.sessions import session_by_key
from visitor import browser, say_yes, send, sign_in, words
from watch import Watch

FIRST, SECOND = "evening.process.2027-03-01", "evening.process.2027-03-08"
PATIENT, PAGE = "/desk/patients/jordan", "/desk/patients/jordan/missed-topics"
SAID = {"missed": FIRST, "group": SECOND}


@pytest.fixture
def desk(house: Flask, clock: Watch) -> FlaskClient:
    """The desk the day after Jordan missed a group, whose topic comes again a week later."""
    clock.moment = datetime(2027, 3, 2, 12, tzinfo=UTC)
    for key in (FIRST, SECOND):
        session_by_key(key).topic = "Sleep"
    session_by_key(SECOND).patients = []
    gone = Said(AttendanceState.NO_SHOW)
    jordan = person_by_key("jordan")
    mark(session_by_key(FIRST), jordan, gone, by="rivera", now=clock.moment)
    db.session.commit()
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def seated() -> list[str]:
    db.session.rollback()
    return [patient.key for patient in session_by_key(SECOND).patients]


def test_patient_is_seated_once_it_was_shown_and_the_father_hears_nothing(
    desk: FlaskClient,
) -> None:
    assert "All of them can still be seen." in words(desk.get(PATIENT))

    shown = send(desk, PAGE, SAID, page=PATIENT)
    assert "Jordan Quellandrix sits once in Process group" in words(shown)
    assert seated() == []

    done = say_yes(desk, shown, PAGE, SAID)
    assert (done.status_code, seated()) == (303, ["jordan"])
    father = Letter.address == "miguel@family.example"
    assert db.session.scalars(select(Letter.id).where(father)).all() == []
    assert "comes again for them on" in words(desk.get(PATIENT))


def test_topic_that_was_not_missed_seats_nobody(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, {"missed": SECOND, "group": SECOND}, page=PATIENT)

    assert (answer.status_code, seated()) == (404, [])
