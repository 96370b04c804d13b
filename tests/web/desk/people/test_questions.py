"""The search and a patient's page ask the database as often for fifty rows as for one, but for the
further reads that are given here.
"""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from household import NOW, TODAY, Household
from scheduler.admissions import PlaceOffer
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.people.models import Patient, Person, PersonKind, Relative
from scheduler.programs.models import Enrolment

MANY = 50


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    return told_and_sent(home)


def questions(client: FlaskClient, url: str) -> int:
    """Return how many questions a page asks that was shown before."""
    asked: list[str] = []

    def count(_c: object, _k: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = db.engine
    client.get(url)
    event.listen(engine, "before_cursor_execute", count)
    try:
        answer = client.get(url)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert answer.status_code == 200
    return len(asked)


def add_relatives(patient: Person, many: int) -> None:
    """Add relatives to a patient, each findable by the word kin."""
    for number in range(many):
        person = Person(
            id=new_id(),
            key=f"kin-{patient.key}-{number}",
            kind=PersonKind.RELATIVE,
            name=f"Kin {number}",
            email=f"kin{number}@family.example",
        )
        own = Relative(
            person=person,
            patient_id=patient.id,
            relationship_word="cousin",
            ready=False,
        )
        db.session.add_all([person, own])
    db.session.commit()


def add_families(many: int, like: Patient) -> None:
    """Add patients, each with a relative found by the word kin."""
    for number in range(many):
        person = Person(
            id=new_id(),
            key=f"q-{number}",
            kind=PersonKind.PATIENT,
            name=f"Quin {number}",
            email=f"q{number}@patient.example",
        )
        db.session.add_all([person, Patient(person=person, treating=like.treating)])
        db.session.flush()
        add_relatives(person, 1)


def test_search_asks_as_often_for_fifty_families(desk: FlaskClient, home: Household) -> None:
    assert home.jordan.patient is not None
    add_relatives(home.jordan, 1)
    few = questions(desk, "/desk/people?q=kin")
    db.session.rollback()
    assert home.jordan.patient is not None
    add_families(MANY - 1, home.jordan.patient)

    assert questions(desk, "/desk/people?q=kin") == few


def test_page_of_a_patient_asks_as_often_for_fifty_relatives(
    desk: FlaskClient, home: Household
) -> None:
    few = questions(desk, "/desk/patients/p-1")
    add_relatives(home.jordan, MANY)

    assert questions(desk, "/desk/patients/p-1") == few


def stand_in_line(home: Household, first: int, last: int) -> None:
    """Let so many wait for the household's cohort, each with an offer that lapsed."""
    for number in range(first, last):
        person = Person(
            id=new_id(),
            key=f"w-{number}",
            kind=PersonKind.PATIENT,
            name=f"W {number}",
            email="w@patient.example",
        )
        db.session.add_all([person, Patient(person=person, clinician_id=home.rivera.id)])
        db.session.flush()
        stay = Enrolment(patient_id=person.id, cohort_id=home.cohort.id, first=TODAY, waits=number)
        offer = PlaceOffer(
            patient_id=person.id,
            cohort_id=home.cohort.id,
            first=TODAY,
            ends_at=NOW,
            made_at=NOW,
            made_by="rivera",
        )
        db.session.add_all([stay, offer])
    db.session.commit()


def test_line_of_fifty_costs_what_a_line_of_one_does(desk: FlaskClient, home: Household) -> None:
    stand_in_line(home, 1, 2)
    page = "/desk/cohorts/march/places"
    few = questions(desk, page)
    stand_in_line(home, 2, 51)

    assert questions(desk, page) == few
