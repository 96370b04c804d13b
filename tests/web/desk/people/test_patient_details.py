"""At the desk: birth, state, clinician and authorisations of a patient."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from household import NOW, Household
from scheduler.admissions import Facts, change_facts, facts_of
from scheduler.clinics import dump, export, load, read
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Authorisation
from visitor import say_yes, send

PAGE = "/desk/patients/p-1/details"
FACTS = Facts(
    "ME", date(2010, 2, 3), "rivera", (Authorisation(date(2027, 3, 1), date(2027, 4, 1), 12),)
)


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    return told_and_sent(home)


def said(facts: Facts) -> dict[str, str]:
    """What the page shows now, and what is typed into it."""
    db.session.rollback()
    before = facts_of(person_by_key("p-1"))
    born = before.born.isoformat() if before.born else None
    return {
        "seen": json.dumps([before.state, born, before.clinician, []]),
        "state": facts.state or "",
        "born": facts.born.isoformat() if facts.born else "",
        "clinician": facts.clinician,
        "agreed_from": "2027-03-01",
        "agreed_to": "2027-04-01",
        "agreed_units": "12",
    }


def known() -> Facts:
    db.session.rollback()
    return facts_of(person_by_key("p-1"))


def test_facts_are_changed_once_they_were_seen(desk: FlaskClient) -> None:
    typed = said(FACTS)

    shown = send(desk, PAGE, typed)
    before = known()
    done = say_yes(desk, shown, PAGE, typed)

    assert "State: " in shown.text
    assert before != FACTS
    assert (done.status_code, known()) == (303, FACTS)


def test_load_of_an_export_changes_nothing(desk: FlaskClient) -> None:
    typed = said(FACTS)
    say_yes(desk, send(desk, PAGE, typed), PAGE, typed)
    db.session.rollback()

    assert load(read(dump(export()).encode()), by="command", now=NOW).made == []


def test_somebody_elses_change_is_told_by_field(desk: FlaskClient, home: Household) -> None:
    typed = said(FACTS)
    before = facts_of(home.jordan)
    theirs = Facts("ME", before.born, before.clinician)
    change_facts(home.jordan, theirs, seen=before, by="wren", now=NOW)
    db.session.commit()

    answer = send(desk, PAGE, typed)

    assert (answer.status_code, known().state) == (409, "ME")
    assert ('href="#state"' in answer.text, 'href="#born"' in answer.text) == (True, False)


@pytest.mark.parametrize(
    ("field", "words", "at"),
    [
        ("state", "Maine", "state"),
        ("born", "1800-01-01", "born"),
        ("agreed_units", "many", "authorisations"),
    ],
)
def test_wrong_field_is_named(desk: FlaskClient, field: str, words: str, at: str) -> None:
    answer = send(desk, PAGE, said(FACTS) | {field: words})

    assert (answer.status_code, f'href="#{at}"' in answer.text) == (422, True)
