"""A patient or a relative marks hours in which nothing may arrive; staff can, too; nobody else
sees them.
"""

import pytest
from flask import Flask

from household import NOW, Household
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.people import marked_hours, person_by_key
from scheduler.people.safe_contact.models import Means
from tests.web.house import sign_in_staff
from visitor import browser, send, sign_in, words

EVENINGS = {"days": ["0", "4"], "begin": "17:00", "end": "06:30", "means": "mail"}


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    sqlite_home.consent()
    sqlite_home.appointment(1)
    announce(by="worker", now=NOW)
    db.session.commit()
    return sqlite_home


def marked(key: str) -> list[tuple[str, int, int, Means]]:
    db.session.rollback()
    rows = marked_hours(person_by_key(key))
    return [(row.days, row.begin, row.end, row.means) for row in rows]


@pytest.mark.parametrize("key", ["p-1-mother", "p-1"])
def test_hours_are_marked_and_taken_away(home: Household, sqlite_app: Flask, key: str) -> None:
    client = browser(sqlite_app)
    sign_in(client, person_by_key(key))

    kept = send(client, "/safe/", EVENINGS)
    stands = marked(key)
    shown = words(client.get("/safe/"))
    row = marked_hours(person_by_key(key))[0].id
    send(client, f"/safe/end/{row}", page="/safe/")

    assert (kept.status_code, stands) == (303, [("04", 1020, 390, Means.MAIL)])
    assert "Monday, Friday 5:00 PM – 6:30 AM on the next day Mail" in shown
    assert marked(key) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days": []}, "Choose at least one day."),
        ({"begin": ""}, "Say from when."),
        ({"end": "25:00"}, "Say until when."),
        ({"end": "17:00"}, "The two times are the same."),
        ({"means": "pigeon"}, "Choose mail, text messages or both."),
    ],
)
def test_hours_that_are_none_are_said_so(
    home: Household, sqlite_app: Flask, typed: dict[str, object], said: str
) -> None:
    client = browser(sqlite_app)
    sign_in(client, person_by_key("p-1-mother"))

    answer = send(client, "/safe/", EVENINGS | typed)

    assert (answer.status_code, said in words(answer), marked("p-1-mother")) == (422, True, [])


def test_hours_are_read_in_the_language_of_their_owner(home: Household, sqlite_app: Flask) -> None:
    home.mother.language = "es"
    db.session.commit()
    client = browser(sqlite_app)
    sign_in(client, person_by_key("p-1-mother"))
    send(client, "/safe/", EVENINGS | {"means": "both"})
    shown = words(client.get("/safe/"))

    assert "Correo y mensajes de texto Quitar estas horas" in shown
    assert "ext messages" not in shown


def test_hours_of_somebody_else_are_not_there(home: Household, sqlite_app: Flask) -> None:
    """The patient sees nothing of what the mother marked, and cannot end it."""
    mother, patient = browser(sqlite_app), browser(sqlite_app)
    sign_in(mother, person_by_key("p-1-mother"))
    sign_in(patient, person_by_key("p-1"))
    send(mother, "/safe/", EVENINGS)
    row = marked_hours(person_by_key("p-1-mother"))[0].id

    answer = send(patient, f"/safe/end/{row}", page="/safe/")

    assert (answer.status_code, "5:00 PM" in patient.get("/safe/").text) == (404, False)
    assert len(marked("p-1-mother")) == 1


def test_staff_record_hours_that_somebody_said(house: Flask) -> None:
    client = browser(house)
    sign_in_staff(client)
    page = "/desk/patients/jordan/safe/jordan-mother"

    kept = send(client, page, EVENINGS | {"begin": "00:00", "end": "00:00"})
    shown = words(client.get(page))

    assert (kept.status_code, marked("jordan-mother")) == (303, [("04", 0, 1440, Means.MAIL)])
    assert "Monday, Friday the whole day Mail" in shown
