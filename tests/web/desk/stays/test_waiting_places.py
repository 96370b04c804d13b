"""At the desk: a place is offered to who waits for it, by a letter to them alone; they answer on
their own page or by telephone. What giving it does is shown first. The father without consent is
told nothing.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, TODAY, Household
from scheduler.admissions import PlaceOffer
from scheduler.clinics import dump, export, load, read
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.programs.models import Enrolment
from visitor import browser, say_yes, send, sign_in, words

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


def offered(desk: FlaskClient) -> TestResponse:
    shown = send(desk, f"{PAGE}/offer", TESS, page=PAGE)
    return say_yes(desk, shown, f"{PAGE}/offer", TESS)


def written_since(known: int | None) -> list[tuple[str, str]]:
    """The kind and address of each letter after the first so many."""
    db.session.rollback()
    rows = db.session.execute(select(Letter.kind, Letter.address).order_by(Letter.created_at))
    return [(kind, address) for kind, address in rows][known:]


def test_offer_writes_to_who_waits_alone_and_changes_no_stay(desk: FlaskClient) -> None:
    before = letters()

    shown = send(desk, f"{PAGE}/offer", TESS, page=PAGE)
    seen = letters()
    answer = say_yes(desk, shown, f"{PAGE}/offer", TESS)

    assert "We wait for your answer until" in words(shown)
    assert (answer.status_code, seen, waits()) == (303, before, 1)
    assert written_since(before) == [("place", "two@patient.example")]
    assert "A place is held for them through" in words(desk.get(PAGE))


@pytest.mark.parametrize(("deed", "still"), [("take", None), ("decline", 1)])
def test_patient_answers_on_their_own_page(
    app: Flask, desk: FlaskClient, deed: str, still: int | None
) -> None:
    offered(desk)
    tess = browser(app)
    sign_in(tess, person_by_key("p-2"))
    begun = tess.get("/mine/").text
    held = tess.get("/mine/place").text.partition('name="offer" value="')[2].partition('"')[0]
    before = letters()
    answers = [
        send(tess, f"/mine/place/{deed}", {"offer": held}, page="/mine/").status_code
        for _click in range(2)
    ]

    assert "A place is free for you" in begun
    assert (answers, waits(), letters()) == ([303, 303], still, before)
    assert "No place is kept for you now" in words(tess.get("/mine/place"))


def test_place_of_another_is_nobody_s_to_take(app: Flask, desk: FlaskClient) -> None:
    offered(desk)
    held = db.session.scalars(select(PlaceOffer.id)).one()
    jordan = browser(app)
    sign_in(jordan, person_by_key("p-1"))
    answer = send(jordan, "/mine/place/take", {"offer": held}, page="/mine/")

    assert (answer.status_code, waits()) == (409, 1)


def test_place_is_given_once_it_was_shown(desk: FlaskClient) -> None:
    offered(desk)
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
    offered(desk)
    held = loading_the_export_changes()
    asked = send(desk, f"{PAGE}/accept", TESS, page=PAGE)
    say_yes(desk, asked, f"{PAGE}/accept", TESS)

    assert (before, held, loading_the_export_changes()) == (False, False, False)


def test_admission_says_how_many_places_are_left(desk: FlaskClient, home: Household) -> None:
    shown = words(desk.get("/desk/people/admit"))

    assert "(full, 1 in line)" in shown
    assert MONDAY.strftime("%Y") in shown
