"""At the desk: a patient's discharge. What ends and what leaves is shown first; the father without
consent is told nothing.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, TODAY, Household
from scheduler.consents.model.models import Ending, Grant
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import choose_calendar, person_by_key
from scheduler.people.models import Way
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session, Status
from visitor import say_yes, send, words

BEFORE = (TODAY - timedelta(days=9)).isoformat()
PAGE = "/desk/patients/p-1/discharge"
LAST = {"last": (MONDAY + timedelta(days=6)).isoformat()}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """Two appointments and a group; mother and patient were told, and their letters have left."""
    home.appointment(1)
    home.appointment(15, week=3)
    home.slot(16, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="process")
    home.consent(expires_on=Ending.DISCHARGE)
    choose_calendar(home.jordan, way=Way.BOTH, first_names=False, by="p-1", now=NOW)
    return told_and_sent(home)


def discharged(desk: FlaskClient, said: dict[str, str] = LAST) -> TestResponse:
    return say_yes(desk, send(desk, PAGE, said), PAGE, said)


def kinds_to(address: str) -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Letter.kind).where(Letter.address == address)))


def statuses() -> list[Status]:
    db.session.rollback()
    return list(db.session.scalars(select(Session.status).order_by(Session.starts_at)))


def last_day() -> object:
    db.session.rollback()
    theirs = Enrolment.patient_id == person_by_key("p-1").id
    return db.session.scalars(select(Enrolment.last).where(theirs)).one()


def test_what_ends_is_shown_before_anything_does(desk: FlaskClient) -> None:
    shown = words(send(desk, PAGE, LAST))

    assert "is cancelled." in shown
    assert "1 session of many goes on without them." in shown
    assert "1 consent ends with the stay, on another day than before." in shown
    assert "Dana Lee m@family.example : 1 letter" in shown
    assert "Miguel" not in shown
    assert (last_day(), statuses()) == (None, [Status.SCHEDULED] * 3)
    assert kinds_to("m@family.example") == {"invitation"}


def test_discharge_ends_what_was_placed_later_and_tells_whom_it_concerns(
    desk: FlaskClient,
) -> None:
    done = discharged(desk)

    assert done.status_code == 303
    assert last_day() == MONDAY + timedelta(days=6)
    assert statuses() == [Status.SCHEDULED, Status.CANCELLED, Status.SCHEDULED]
    assert kinds_to("m@family.example") - {"invitation"} in ({"cancellation"}, {"update"})
    assert kinds_to("one@patient.example") - {"invitation"} in ({"cancellation"}, {"update"})
    assert kinds_to("f@family.example") == set()


def test_consent_that_lasts_until_discharge_ends_with_it(desk: FlaskClient) -> None:
    discharged(desk)

    ends = {grant.valid_until.date() for grant in db.session.scalars(select(Grant))}
    assert ends == {MONDAY + timedelta(days=7)}


def test_patients_page_leads_to_it(desk: FlaskClient) -> None:
    assert f'href="{PAGE}"' in desk.get("/desk/patients/p-1").text


@pytest.mark.parametrize("last", ["", "soon", "1999-01-01", BEFORE])
def test_day_that_is_none_of_the_stay_is_refused(desk: FlaskClient, last: str) -> None:
    answer = send(desk, PAGE, {"last": last})

    assert (answer.status_code, 'href="#last"' in answer.text) == (422, True)
    assert last_day() is None
