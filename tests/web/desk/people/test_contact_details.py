"""At the desk: how somebody is reached. What leaves is shown first; the father learns nothing."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import NOW, Household
from scheduler import sms
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.provenance import Source, words_about
from visitor import SEEN, TOKEN, say_yes, words

PAGE = "/desk/patients/p-1/contact/p-1-mother"
DANA = {
    "name": "Dana Lee",
    "relationship": "relative",
    "email": "m@family.example",
    "phone": "",
    "zone": "America/Chicago",
    "language": "",
}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """The mother was told of an appointment, and her letter has left."""
    home.appointment(1)
    home.consent()
    return told_and_sent(home)


def typed(desk: FlaskClient, **said: str) -> TestResponse:
    """Send the form as it stands on the page, with what is typed otherwise."""
    page = desk.get(PAGE).text
    return desk.post(PAGE, data=hidden(page) | DANA | said)


def hidden(page: str) -> dict[str, str]:
    token = TOKEN.search(page)
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert token is not None
    assert seen is not None
    return {"csrf_token": token[1], "seen": unescape(seen[1])}


def confirmed(desk: FlaskClient, **said: str) -> TestResponse:
    page = desk.get(PAGE).text
    form = hidden(page) | DANA | said
    return say_yes(desk, desk.post(PAGE, data=form), PAGE, form)


def letters_to(address: str) -> list[str]:
    db.session.rollback()
    rows = select(Letter.kind).where(Letter.address == address)
    return sorted(db.session.scalars(rows))


def test_new_address_is_shown_with_its_letters_before_anything_is_done(desk: FlaskClient) -> None:
    shown = words(typed(desk, email="dana@new.example"))

    assert "Mail address: m@family.example → dana@new.example" in shown
    assert "Dana Lee dana@new.example : 1 letter" in shown
    assert "Dana Lee m@family.example : 1 letter" in shown
    assert "Change this and tell 2 people" in shown
    assert letters_to("dana@new.example") == []
    assert person_by_key("p-1-mother").email == "m@family.example"
    assert "Miguel" not in shown


def test_new_address_is_told_once_it_was_seen(desk: FlaskClient) -> None:
    done = confirmed(desk, email="dana@new.example")

    assert done.status_code == 303
    assert letters_to("dana@new.example") == ["invitation"]
    assert letters_to("m@family.example") == ["cancellation", "invitation"]
    assert letters_to("f@family.example") == []


def test_change_notes_who_set_it_and_is_on_the_record(desk: FlaskClient) -> None:
    confirmed(desk, email="dana@new.example")

    db.session.rollback()
    found = words_about(["relative p-1-mother"])
    assert {field: (word.source, word.by) for (_, field), word in found.items()} == {
        "email": (Source.DESK, "rivera")
    }
    entry = select(AuditEntry.details).where(AuditEntry.deed == "people.contact")
    assert db.session.scalars(entry).all() == [{"fields": ["email"]}]
    assert "set at the desk by Ana Rivera" in words(desk.get(PAGE))


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("email", "dana", "Mail address: this is not a mail address"),
        ("phone", "12", "Telephone: write a telephone number with its country"),
        ("zone", "Chicago", "Time zone: write a time zone as America/New_York"),
        ("name", "", "Name: must not be empty"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_kept(
    desk: FlaskClient, field: str, value: str, wrong: str
) -> None:
    answer = typed(desk, **{field: value})

    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)
    assert wrong in words(answer)
    assert f'name="{field}" value="{value}"' in answer.text


def test_nothing_different_is_said(desk: FlaskClient) -> None:
    answer = typed(desk)

    assert (answer.status_code, "Nothing is different yet." in words(answer)) == (422, True)


def test_change_by_somebody_else_is_shown_and_not_written_over(desk: FlaskClient) -> None:
    page = desk.get(PAGE).text
    person_by_key("p-1-mother").email = "hers@new.example"
    db.session.commit()

    answer = desk.post(PAGE, data=hidden(page) | DANA | {"email": "dana@new.example"})

    assert answer.status_code == 409
    said = words(answer)
    assert "Mail address was changed meanwhile and is “hers@new.example” now." in said
    assert 'value="dana@new.example"' in answer.text
    assert json.loads(hidden(answer.text)["seen"])["email"] == "hers@new.example"


def test_letters_other_than_those_shown_are_shown_anew(desk: FlaskClient, home: Household) -> None:
    page = desk.get(PAGE).text
    form = hidden(page) | DANA | {"email": "dana@new.example"}
    shown = desk.post(PAGE, data=form)
    db.session.merge(home.cohort)
    home.appointment(2, week=2, slot="fam2.p-1")
    db.session.commit()

    answer = say_yes(desk, shown, PAGE, form)

    assert answer.status_code == 200
    assert "Something changed meanwhile" in words(answer)
    assert SEEN.search(answer.text) != SEEN.search(shown.text)
    assert letters_to("dana@new.example") == []


def test_new_number_ends_text_messages_until_they_agree_again(desk: FlaskClient) -> None:
    mother = person_by_key("p-1-mother")
    mother.phone = "+16175550123"
    sms.opt_in(mother, by="rivera", now=NOW - timedelta(days=1))
    db.session.commit()

    shown = words(typed(desk, phone="+16175550188"))

    assert "Dana Lee agreed to text messages at the old number; the new one gets none yet." in shown


def test_change_what_i_typed_gives_the_form_back_as_it_was(desk: FlaskClient) -> None:
    form = DANA | {"email": "dana@new.example", "change": "1"}

    answer = desk.post(PAGE, data=hidden(desk.get(PAGE).text) | form)

    assert 'value="dana@new.example"' in answer.text
    assert letters_to("dana@new.example") == []


def test_patient_is_reached_by_the_same_page(desk: FlaskClient) -> None:
    page = "/desk/patients/p-1/contact/p-1"

    assert "How Jordan Lee is reached" in words(desk.get(page))
    assert "Relationship" not in words(desk.get(page))


def test_another_familys_relative_is_not_found(desk: FlaskClient) -> None:
    assert desk.get("/desk/patients/p-1/contact/p-2-aunt").status_code == 404


def test_patients_page_says_who_signed_and_how_each_is_reached(desk: FlaskClient) -> None:
    said = words(desk.get("/desk/patients/p-1"))

    assert ", by patient" in said
    assert "m@family.example" in said
    assert "Change how Dana Lee is reached" in said
