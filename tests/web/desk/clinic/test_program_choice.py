"""A program changed while it runs: one cohort takes it, another stays with what it has."""

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.clinics import dump, export, house_record, load, read
from scheduler.kernel.database import db
from scheduler.planning import cohort_by_key, propose, publish, still_holds
from scheduler.programs import kept_versions
from tests.web.desk.clinic.test_setup_pages import COHORT, PROGRAM, set_up
from tests.web.house import found
from visitor import send, sign_in, words
from watch import Watch

NOW = datetime(2027, 3, 2, 17, tzinfo=UTC)
PAGE = "/desk/programs/evening/setup"
LONGER = PROGRAM | {"groups[0].minutes": "110"}
CHOICE = {"takes[first]": "stay", "takes[second]": "take"}


@pytest.fixture
def desk(app: Flask, client: FlaskClient, watch: Watch) -> FlaskClient:
    """An administrator; two cohorts of one program, a patient in each, the first one published."""
    sign_in(client, found())
    set_up(client)
    second = COHORT | {"key": "second", "starts": "2027-03-29"}
    send(client, "/desk/cohorts/new", second, page="/desk/cohorts/new?program=evening")
    house = json.loads(json.dumps(export(), default=str))
    for key, cohort in (("p-1", "first"), ("p-2", "second")):
        patient = {
            "key": key,
            "name": f"Patient {key}",
            "email": f"{key}@patient.example",
            "cohort": cohort,
            "from": "2027-03-01",
            "clinician": "rivera",
        }
        house["patients"].append(patient)
    load(read(json.dumps(house).encode()), by="command", now=NOW)
    propose("first", seconds=1, seed=0, by="command", now=datetime(2027, 2, 26, tzinfo=UTC))
    publish("first", by="command", now=datetime(2027, 2, 26, tzinfo=UTC))
    db.session.commit()
    return client


def minutes_of(cohort: str) -> int:
    db.session.rollback()
    return cohort_by_key(cohort).program.template.slots[0].minutes


def test_change_is_shown_cohort_by_cohort_before_it_is_made(desk: FlaskClient) -> None:
    told = words(send(desk, PAGE, LONGER))

    assert "first week 1 of 2, 1 patient, published. It has version 1." in told
    assert "Fixed times › Process group › Minutes 90 110" in told
    assert "1 rule of its published plan would hold no more. People concerned: 2." in told
    assert "second begins on Mon 29 March 2027, 1 patient. It has version 1." in told
    assert minutes_of("first") == 90


def test_one_cohort_takes_a_change_and_another_stays(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, LONGER | CHOICE)

    assert answer.status_code == 303
    assert (minutes_of("first"), minutes_of("second")) == (90, 110)
    assert still_holds("first", now=NOW) == ()


def test_file_of_a_house_with_two_versions_changes_nothing(desk: FlaskClient) -> None:
    other_slot = LONGER | {"groups[0].key": "talk"}
    send(desk, PAGE, other_slot | CHOICE)
    file = dump(export()).encode()
    again = load(read(file, kept_versions()), by="command", now=NOW)

    assert again.lines() == []
    assert read(file).programs[0].template.slots[0].key == "talk"
    assert house_record("cohorts", "first")["leads"] == {"process": "rivera"}


def test_two_versions_are_compared_and_the_newest_is_taken_later(desk: FlaskClient) -> None:
    send(desk, PAGE, LONGER | CHOICE)
    page = "/desk/programs/evening/versions"
    assert "Fixed times › Process group › Minutes 90 110" in words(desk.get(page))

    shown = send(desk, page, {"cohort": "first"})
    assert "Minutes 90 110" in words(shown)
    send(desk, page, {"cohort": "first", "takes[first]": "take"})
    assert minutes_of("first") == 110


def test_name_alone_asks_nobody(desk: FlaskClient) -> None:
    send(desk, PAGE, LONGER | CHOICE)
    answer = send(desk, PAGE, LONGER | {"name": "Evenings"})

    db.session.rollback()
    assert answer.status_code == 303
    assert cohort_by_key("first").program.name == "Evenings"


def test_absence_leads_to_the_sessions_it_breaks(desk: FlaskClient) -> None:
    away = {
        "hours[0].days": "mon",
        "name": "Ana Rivera",
        "email": "rivera@hl.example",
        "roles": "clinician",
        "hours[0].from": "09:00",
        "hours[0].to": "21:00",
        "licences[0].state": "MA",
        "licences[0].until": "2029-06-30",
        "away[0].from": "2027-03-08",
        "away[0].to": "2027-03-08",
    }
    answer = send(desk, "/desk/staff/rivera/setup", away)
    shown = desk.get(answer.location)

    assert "Let a colleague lead it" in words(shown)
    assert words(shown).count("Clinician away") + words(shown).count("Needs a substitute") == 2
