"""What lies before patients, on the desk: a short week's make-up offers, hours by week, the
projected end of a stay.
"""

from dataclasses import replace
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.consents import give, revoke
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Kind
from scheduler.programs.models import Closure, Cohort, Enrolment
from tests.web.house import NOW, post, sign_in_staff

WEEKS = "/desk/cohorts/evening"


def asking_two_hours(client: FlaskClient) -> None:
    """Ask two hours a week of the cohort, close its first Monday, plan it."""
    cohort = db.session.scalars(select(Cohort)).one()
    template = cohort.program.template
    cohort.program.template = replace(template, rules=replace(template.rules, week_hours_min=2.0))
    db.session.add(
        Closure(first=date(2027, 3, 1), last=date(2027, 3, 1), note="staff day", position=0)
    )
    stay = db.session.scalars(
        select(Enrolment).where(Enrolment.patient_id == person_by_key("noemie").id)
    ).one()
    stay.first = date(2027, 3, 8)
    db.session.commit()
    sign_in_staff(client)
    with turned_to(lambda: NOW):
        post(client, f"{WEEKS}/plan", WEEKS)


def test_a_short_week_shows_what_would_make_up_for_it_and_what_the_program_cancelled(
    new_house: Flask,
) -> None:
    client = new_house.test_client()
    asking_two_hours(client)

    with turned_to(lambda: NOW):
        page = client.get(f"{WEEKS}?week=1").text

    assert (
        "Cancelled by the program itself, not counted against anybody: Process group on Mon 1 March"
        in page
    )
    offers = page.partition("Would make up for it in the same week")[2].partition("</ul>")[0]
    assert "Jordan Quellandrix week 1, 1 of 2 hours, clock time: " in offers
    assert "individual with Ana Rivera, 50 minutes" in offers
    assert "Noemie" not in offers


def test_a_week_that_is_over_shows_no_offers(new_house: Flask) -> None:
    client = new_house.test_client()
    asking_two_hours(client)

    with turned_to(lambda: NOW.replace(year=2028)):
        assert "Would make up for it" not in client.get(f"{WEEKS}?week=1").text


def test_a_patients_page_shows_the_projected_end_and_the_hours_of_each_week(
    new_house: Flask,
) -> None:
    client = new_house.test_client()
    asking_two_hours(client)

    page = client.get("/desk/patients/noemie").text

    assert "Projected end: <b>Mon 8 March 2027</b>" in page
    assert page.count("<meter") == 1
    assert "1.5 of 2 hours, clock time" in page


def test_without_a_plan_a_patients_page_says_nothing_of_a_stay(new_house: Flask) -> None:
    client = new_house.test_client()
    sign_in_staff(client)

    assert "Projected end" not in client.get("/desk/patients/noemie").text


def test_consent_that_ends_before_the_last_session_is_shown_at_planning(new_house: Flask) -> None:
    client, jordan, mother = (
        new_house.test_client(),
        person_by_key("jordan"),
        person_by_key("jordan-mother"),
    )
    revoke(person=mother, patient=jordan, by="desk", now=NOW)
    give(
        person=mother,
        patient=jordan,
        purposes=[Kind.FAMILY_THERAPY],
        signed=date(2027, 1, 4),
        expires=date(2027, 3, 7),
        by="desk",
        now=NOW,
    )
    db.session.commit()
    sign_in_staff(client)
    with turned_to(lambda: NOW):
        post(client, f"{WEEKS}/plan", WEEKS)
        page = client.get(WEEKS).text

    assert (
        "The consent for Dana Lee (family session) ends on Sun 7 March 2027, before Jordan "
        "Quellandrix" in page
    )
