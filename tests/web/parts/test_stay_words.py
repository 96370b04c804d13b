"""Stays, phases and lines on the desk's pages."""

from dataclasses import replace
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Phase
from scheduler.programs.models import Cohort, Enrolment, FurtherStay
from tests.web.house import NOW, post, sign_in_staff
from visitor import words

WEEKS = "/desk/cohorts/evening"


def cohort() -> Cohort:
    return db.session.scalars(select(Cohort)).one()


def stay_of_noemie() -> Enrolment:
    patient = person_by_key("noemie").id
    return db.session.scalars(select(Enrolment).where(Enrolment.patient_id == patient)).one()


def page(client: FlaskClient, address: str) -> str:
    with turned_to(lambda: NOW):
        return words(client.get(address))


def test_who_waits_is_shown_in_line_and_has_no_plan(new_house: Flask) -> None:
    client = new_house.test_client()
    stay_of_noemie().waits = 1
    db.session.commit()
    sign_in_staff(client)
    with turned_to(lambda: NOW):
        post(client, f"{WEEKS}/plan", WEEKS)

    name = person_by_key("noemie").name
    assert page(client, WEEKS).endswith(f"Waiting for a place {name} Offer a place")
    said = page(client, "/desk/patients/noemie")
    assert "Stays waits for a place in evening, number 1 in line" in said
    assert "Projected end" not in said


def test_second_stay_stands_on_the_patient_s_page(new_house: Flask) -> None:
    client = new_house.test_client()
    current = stay_of_noemie()
    current.last = date(2027, 3, 5)
    again = FurtherStay(
        patient_id=current.patient_id, cohort_id=cohort().id, first=date(2027, 3, 10)
    )
    db.session.add(again)
    db.session.commit()
    sign_in_staff(client)

    said = page(client, "/desk/patients/noemie")

    assert "evening, from 10 March 2027 to its end" in said
    assert "to 5 March 2027" in said


def test_week_of_a_phase_says_its_name_and_hours(new_house: Flask) -> None:
    client = new_house.test_client()
    program = cohort().program
    steps = (Phase("Step-down", 1, 1, 1.5, 3),)
    program.template = replace(program.template, phases=steps)
    db.session.commit()
    sign_in_staff(client)

    assert "Step-down: 1.5 to 3 hours" in page(client, f"{WEEKS}?week=1")
    assert "Step-down" not in page(client, f"{WEEKS}?week=2")
