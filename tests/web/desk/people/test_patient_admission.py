"""At the desk: admitting a patient and adding a relative. What the planner sees is said first; the
father without consent is told nothing.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, Household
from scheduler.clinics import dump, export, load, read
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import Window, person_by_key
from scheduler.people.models import Person
from scheduler.programs.models import Enrolment
from scheduler.provenance import Source, words_about
from visitor import say_yes, send, words

PAGE = "/desk/people/admit"
RELATIVE = "/desk/patients/p-1/relatives/add"
FIRST = MONDAY + timedelta(days=2)
NEW = {
    "form_key": "a" * 32,
    "name": "Zoë Ångström",
    "email": "zoe@patient.example",
    "phone": "+16175550123",
    "born": "2009-04-05",
    "cohort": "march",
    "first": FIRST.isoformat(),
    "clinician": "rivera",
    "state": "",
    "zone": "America/Denver",
    "language": "es",
    "key": "p-9",
    "free": "hours",
    "cell": "mon-17",
    "days0": "tue",
    "from0": "17:30",
    "to0": "20:00",
}
SON = {
    "form_key": "b" * 32,
    "name": "Kai Lee",
    "relationship": "brother",
    "email": "kai@family.example",
    "key": "p-1-brother",
    "free": "never",
}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    return told_and_sent(home)


def done(desk: FlaskClient, page: str, said: dict[str, str]) -> TestResponse:
    return say_yes(desk, send(desk, page, said), page, said)


def count(what: type[Person] | type[Letter]) -> int | None:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(what))


def test_stay_is_shown_before_anything_is_saved(desk: FlaskClient) -> None:
    before = count(Person)

    shown = words(send(desk, PAGE, NEW))

    assert f"The stay in march begins on {FIRST:%A}" in shown or "The stay in march begins" in shown
    assert count(Person) == before


def test_patient_is_admitted_with_all_that_was_said(desk: FlaskClient) -> None:
    letters = count(Letter) or 0

    answer = done(desk, PAGE, NEW)

    assert (answer.status_code, answer.location) == (303, "/desk/patients/p-9")
    db.session.rollback()
    person = person_by_key("p-9")
    assert person.patient is not None
    assert (person.name, person.email, person.phone) == (
        "Zoë Ångström",
        "zoe@patient.example",
        "+16175550123",
    )
    assert (person.zone, person.language) == ("America/Denver", "es")
    assert (person.patient.born, person.patient.treating.key) == (date(2009, 4, 5), "rivera")
    assert person.free == (Window(("mon",), 1020, 1080), Window(("tue",), 1050, 1200))
    stay = db.session.scalars(select(Enrolment).where(Enrolment.patient_id == person.id)).one()
    assert (stay.cohort.key, stay.first, stay.last, stay.waits) == ("march", FIRST, None, None)
    assert count(Letter) == letters + 1  # the welcome


def test_admission_sent_twice_makes_one_patient(desk: FlaskClient) -> None:
    before = count(Person) or 0
    done(desk, PAGE, NEW)

    again = done(desk, PAGE, NEW)

    assert (again.status_code, count(Person)) == (303, before + 1)


def test_what_the_desk_said_is_its_word(desk: FlaskClient) -> None:
    done(desk, PAGE, NEW)

    sources = {word.source for word in words_about(["patient p-9", "stay of p-9"]).values()}
    assert sources == {Source.DESK}


def test_load_of_an_export_after_both_stories_changes_nothing(desk: FlaskClient) -> None:
    done(desk, PAGE, NEW)
    done(desk, RELATIVE, SON)
    db.session.rollback()
    text = dump(export())

    changes = load(read(text.encode()), by="command", now=NOW)

    assert changes.made == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("email", "nobody"),
        ("cohort", ""),
        ("first", "1999-01-01"),
        ("clinician", ""),
        ("state", "CA"),
        ("key", "p-1"),
        ("free", "hours"),
    ],
)
def test_wrong_field_is_named_and_what_was_typed_is_kept(
    desk: FlaskClient, field: str, typed: str
) -> None:
    said = NEW | {field: typed}
    if field == "free":
        said |= {"cell": "", "days0": "", "from0": "", "to0": ""}

    answer = send(desk, PAGE, said)

    assert answer.status_code == 422
    at = "clinician" if field == "state" else field
    assert re.findall(r'<p><a href="#(\w+)">', answer.text) == [at]
    assert 'value="zoe@patient.example"' in answer.text or field == "email"


def test_same_name_and_birthday_are_warned_of(desk: FlaskClient) -> None:
    done(desk, PAGE, NEW)
    twin = NEW | {"form_key": "c" * 32, "key": "p-10", "name": "Zoe Angstrom"}

    shown = words(send(desk, PAGE, twin))

    assert "Zoë Ångström (p-9) has the same name and birthday" in shown
    assert "zoe@patient.example is the address of Zoë Ångström already" in shown


def test_relative_is_added_neither_ready_nor_told(desk: FlaskClient) -> None:
    letters = count(Letter)

    answer = done(desk, RELATIVE, SON)

    assert answer.status_code == 303
    db.session.rollback()
    own = person_by_key("p-1-brother").relative
    assert own is not None
    assert (own.patient.key, own.relationship_word, own.ready) == ("p-1", "brother", False)
    assert (person_by_key("p-1-brother").free, count(Letter)) == ((), letters)


AUNT = SON | {"key": "p-1-aunt", "name": "Ada Ray", "relationship": "aunt"}


def test_same_human_is_named_on_the_relatives_form(desk: FlaskClient, home: Household) -> None:
    other = home.aunt.key
    said = AUNT | {"same_as": other}

    shown = words(send(desk, RELATIVE, said))
    done(desk, RELATIVE, said)

    db.session.rollback()
    assert f"({other}) is the same person" in shown
    bodies = [person_by_key(key).body_id for key in ("p-1-aunt", other)]
    assert bodies == [person_by_key(other).id] * 2


@pytest.mark.parametrize("named", ["nobody", "p-1"])
def test_impossible_same_human_is_refused_at_its_field(desk: FlaskClient, named: str) -> None:
    before = count(Person)

    answer = send(desk, RELATIVE, AUNT | {"same_as": named})

    assert (answer.status_code, count(Person)) == (422, before)
    assert re.findall(r'<p><a href="#(\w+)">', answer.text) == ["same_as"]


def test_other_family_is_on_no_page_of_the_patient(desk: FlaskClient, home: Household) -> None:
    other, name = home.aunt.key, home.aunt.name
    done(desk, RELATIVE, AUNT | {"same_as": other})

    page = desk.get("/desk/patients/p-1").text

    assert (other in page, name in page) == (False, False)


@pytest.mark.parametrize("words", ["angstrom", "ZOË", "p-9", "zoe@patient", "6175550123", "zo ang"])
def test_somebody_is_found_by_any_part_of_what_is_known(desk: FlaskClient, words: str) -> None:
    done(desk, PAGE, NEW)

    shown = send(desk, "/desk/people", {"q": words}).text

    assert re.findall(r'<li><a href="(/desk/patients/[^"]+)">', shown) == ["/desk/patients/p-9"]


def test_words_that_are_looked_for_stand_in_no_address(desk: FlaskClient) -> None:
    answer = send(desk, "/desk/people", {"q": "zoe"})

    assert (answer.status_code, answer.request.query_string) == (200, b"")
    assert 'method="get"' not in answer.text


def test_nobody_found_leads_on(desk: FlaskClient) -> None:
    shown = desk.get("/desk/people?q=nobody%25").text

    assert ("Nobody is found by" in shown, f'href="{PAGE}"' in shown) == (True, True)
