"""At the desk: whether a relative is ready. What leaves is shown first; the father without consent
is told nothing, ready or not.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, TODAY, Household
from scheduler.consents import audience
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session
from visitor import say_yes, send, words

PAGE = "/desk/patients/p-1/readiness/p-1-mother"
FATHER = "/desk/patients/p-1/readiness/p-1-father"
NO = {"ready": "no", "reason": "asked to wait for a month"}
YES = {"ready": "yes", "reason": "talked on the phone"}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """The mother was told of two appointments, and her letters have left."""
    home.appointment(1)
    home.appointment(15, week=3)
    home.consent()
    return told_and_sent(home)


def decided(desk: FlaskClient, said: dict[str, str], page: str = PAGE) -> TestResponse:
    return say_yes(desk, send(desk, page, said), page, said)


def letters_to(address: str) -> list[str]:
    db.session.rollback()
    rows = select(Letter.kind).where(Letter.address == address)
    return sorted(db.session.scalars(rows))


def told(key: str) -> set[str]:
    db.session.rollback()
    found = audience(session_by_key(key), now=NOW)
    return {recipient.person.key for recipient in found}


def keys() -> list[str]:
    return list(db.session.scalars(select(Session.key).order_by(Session.starts_at)))


def test_not_ready_is_shown_with_what_it_takes_out_before_it_is_done(desk: FlaskClient) -> None:
    shown = words(send(desk, PAGE, NO))

    assert "Dana Lee is not ready for family sessions." in shown
    assert "Cancellation: No longer on your calendar" in shown
    assert "Decide this and tell 1 person" in shown
    assert "cancellation" not in letters_to("m@family.example")


def test_not_ready_takes_out_what_was_told_once_it_was_seen(desk: FlaskClient) -> None:
    done = decided(desk, NO)

    assert done.status_code == 303
    assert "cancellation" in letters_to("m@family.example")
    assert letters_to("f@family.example") == []


def test_decision_is_kept_with_its_day_its_reason_and_who(desk: FlaskClient) -> None:
    decided(desk, NO)
    until = (TODAY + timedelta(days=30)).isoformat()
    decided(desk, YES | {"until": until})

    page = words(desk.get(PAGE))

    assert page.index("talked on the phone") < page.index("asked to wait for a month")
    assert "Ana Rivera: Dana Lee is ready for family sessions, through" in page
    assert "Today: yes, through" in page


def test_readiness_that_ends_is_told_no_session_after_its_day(
    desk: FlaskClient, home: Household
) -> None:
    until = (MONDAY + timedelta(days=7)).isoformat()

    decided(desk, YES | {"until": until})

    assert [("p-1-mother" in told(key)) for key in keys()] == [True, False]


def test_father_who_is_ready_is_told_nothing_without_a_consent(desk: FlaskClient) -> None:
    shown = words(send(desk, FATHER, YES))
    decided(desk, YES, FATHER)

    assert "Decide this; nobody gets a letter" in shown
    assert letters_to("f@family.example") == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": "x"}, "ready"),
        ({"ready": "yes"}, "reason"),
        (YES | {"until": "1999-01-01"}, "until"),
        (YES | {"until": "soon"}, "until"),
        (NO | {"until": "2027-03-20"}, "until"),
        (YES | {"reason": "x" * 501}, "reason"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(
    desk: FlaskClient, said: dict[str, str], field: str
) -> None:
    answer = send(desk, PAGE, said)

    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)
    assert "Nothing was decided at the desk yet" in words(desk.get(PAGE))


def test_patient_has_no_readiness(desk: FlaskClient) -> None:
    assert desk.get("/desk/patients/p-1/readiness/p-1").status_code == 404


def test_patients_page_says_until_when_a_relative_is_ready(desk: FlaskClient) -> None:
    decided(desk, YES | {"until": (TODAY + timedelta(days=30)).isoformat()})

    assert "Ready for family sessions, through" in words(desk.get("/desk/patients/p-1"))
    assert person_by_key("p-1-mother").relative is not None
