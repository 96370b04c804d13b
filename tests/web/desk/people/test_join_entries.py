"""At the desk: two entries of one person, compared and joined once it was seen. The father without
consent is told nothing.
"""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from household import Household
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.people.models import Person, PersonKind, Relative
from visitor import say_yes, send, words

PAGE = "/desk/people/join"
PAIR = {"first": "p-1-mother", "second": "p-1-mama"}
CHOSEN = PAIR | {"compared": "yes", "take-phone": "second", "take-email": "first"}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """Jordan's mother entered twice; the second entry was told of an appointment."""
    mama = Person(
        id=new_id(),
        key="p-1-mama",
        kind=PersonKind.RELATIVE,
        name="Dana Lee",
        email="mama@family.example",
        phone="+16175550199",
    )
    own = Relative(person=mama, patient_id=home.jordan.id, relationship_word="mother", ready=True)
    db.session.add_all([mama, own])
    db.session.flush()
    home.consent(mama)
    home.appointment(1)
    return told_and_sent(home)


def letters_to(address: str) -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Letter.kind).where(Letter.address == address)))


def test_both_are_compared_field_by_field(desk: FlaskClient) -> None:
    seen = words(send(desk, PAGE, PAIR))

    assert "Mail address m@family.example p-1-mother mama@family.example p-1-mama" in seen
    assert "The entry p-1-mother goes on." in seen


def test_what_leaves_is_shown_before_and_then_done(desk: FlaskClient) -> None:
    shown = send(desk, PAGE, CHOSEN)

    assert "1 consent of the record ends with it; Dana Lee keeps their own" in words(shown)
    assert "mama@family.example : 1 letter" in words(shown)
    assert person_by_key("p-1-mama").joined_into_id is None
    assert say_yes(desk, shown, PAGE, CHOSEN).status_code == 303
    assert letters_to("mama@family.example") == ["cancellation", "invitation"]
    assert letters_to("f@family.example") == []
    mother = person_by_key("p-1-mother")
    assert (mother.email, mother.phone) == ("m@family.example", "+16175550199")


def test_record_leads_to_the_entry(desk: FlaskClient) -> None:
    say_yes(desk, send(desk, PAGE, CHOSEN), PAGE, CHOSEN)

    assert "Entered twice: records of before Dana Lee p-1-mama" in words(
        desk.get("/desk/patients/p-1")
    )


def test_why_not_is_said(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, {"first": "p-1-mother", "second": "p-2-aunt"})

    assert answer.status_code == 422
    assert "They are relatives of different patients" in words(answer)


def test_who_is_not_found_is_said_at_the_field(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, {"first": "p-1-mother", "second": "nobody-here"})

    assert (answer.status_code, "Nobody is found by nobody-here" in words(answer)) == (422, True)
