"""At the desk: a place is offered to who waits for it; nothing is told to anybody by that, and what
giving it does is shown first. The father without consent is told nothing.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from household import MONDAY, NOW, TODAY, Household
from scheduler.clinics import dump, export, load, read
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.programs.models import Enrolment
from visitor import say_yes, send, words

PAGE = "/desk/cohorts/march/places"
TESS = {"person": "p-2"}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """A cohort with a free place for which Tess waits."""
    home.cohort.program.capacity = 2
    home.cohort.program.waitlist = True
    home.consent()
    home.appointment(1)
    stay = db.session.scalars(select(Enrolment).where(Enrolment.patient_id == home.tess.id)).one()
    stay.waits = 1
    return told_and_sent(home)


def letters() -> int | None:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Letter))


def waits() -> int | None:
    db.session.rollback()
    stay = select(Enrolment).where(Enrolment.patient_id == person_by_key("p-2").id)
    return db.session.scalars(stay).one().waits


def loading_the_export_changes() -> bool:
    db.session.rollback()
    changes = load(read(dump(export()).encode()), by="command", now=NOW)
    db.session.rollback()
    return bool(changes.made)


def test_page_names_the_next_in_line(desk: FlaskClient) -> None:
    seen = words(desk.get(PAGE))

    assert "A place is free. Next in line: Tess Upward ." in seen


def test_offer_writes_to_nobody_and_changes_no_stay(desk: FlaskClient) -> None:
    before = letters()

    answer = send(desk, f"{PAGE}/offer", TESS, page=PAGE)

    assert (answer.status_code, letters(), waits()) == (303, before, 1)
    assert "A place is held for them through" in words(desk.get(PAGE))


def test_place_is_given_once_it_was_shown(desk: FlaskClient) -> None:
    send(desk, f"{PAGE}/offer", TESS, page=PAGE)
    before = letters()

    shown = send(desk, f"{PAGE}/accept", TESS, page=PAGE)
    still = waits()
    answer = say_yes(desk, shown, f"{PAGE}/accept", TESS)

    assert (still, answer.status_code, waits(), letters()) == (1, 303, None, before)


def test_day_that_is_too_far_is_said_and_nothing_is_held(desk: FlaskClient) -> None:
    late = {"until": (TODAY + timedelta(days=40)).isoformat()}

    answer = send(desk, f"{PAGE}/offer", TESS | late, page=PAGE)

    assert answer.status_code == 422
    assert "The last day to answer lies between" in words(answer)
    assert "Offer the place" in words(desk.get(PAGE))


def test_load_of_an_export_gives_no_place_that_is_the_desk_s_to_offer(desk: FlaskClient) -> None:
    before = loading_the_export_changes()
    send(desk, f"{PAGE}/offer", TESS, page=PAGE)
    held = loading_the_export_changes()
    asked = send(desk, f"{PAGE}/accept", TESS, page=PAGE)
    say_yes(desk, asked, f"{PAGE}/accept", TESS)

    assert (before, held, loading_the_export_changes()) == (False, False, False)


def test_admission_says_how_many_places_are_left(desk: FlaskClient, home: Household) -> None:
    shown = words(desk.get("/desk/people/admit"))

    assert "(full, 1 in line)" in shown
    assert MONDAY.strftime("%Y") in shown
