"""A relative's page about how their appointments come."""

import pytest
from flask import Flask
from sqlalchemy import select

from household import NOW, Household
from scheduler import feeds
from scheduler.invitations import announce, link_token
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.people import calendar_choice, person_by_key
from scheduler.people.models import Way
from visitor import browser, letters, send, sign_in, words


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    sqlite_home.consent()
    sqlite_home.appointment(1)
    announce(by="worker", now=NOW)
    db.session.commit()
    return sqlite_home


def test_relative_with_both_who_did_not_choose_is_asked(home: Household, sqlite_app: Flask) -> None:
    mother = browser(sqlite_app)
    sign_in(mother, person_by_key("p-1-mother"))
    before = mother.get("/family").text
    feeds.make(person_by_key("p-1-mother"), by="p-1-mother", now=NOW)
    db.session.commit()

    asked = mother.get("/family").text

    words = "Choose one way here."
    assert (words in before, words in asked) == (False, True)


def test_relative_makes_an_address_and_chooses_it(home: Household, sqlite_app: Flask) -> None:
    mother = browser(sqlite_app)
    sign_in(mother, person_by_key("p-1-mother"))

    made = send(mother, "/family/calendar/address", page="/family/calendar/")
    kept = send(mother, "/family/calendar/", {"way": "feed"})

    assert (made.status_code, "webcal://" in made.text, kept.status_code) == (201, True, 303)
    person = person_by_key("p-1-mother")
    assert (calendar_choice(person).way, feeds.standing_feed(person) is not None) == (
        Way.FEED,
        True,
    )


def test_date_that_was_answered_keeps_its_page_and_answer(
    home: Household, sqlite_app: Flask
) -> None:
    mother = browser(sqlite_app)
    sign_in(mother, home.mother)
    invitation = db.session.scalars(select(Invitation)).one()
    page = f"/i/{link_token(invitation.uid)}"
    send(mother, "/family/calendar/address", page="/family/calendar/")
    send(mother, f"{page}/answer", {"answer": "yes"}, page=page)

    send(mother, "/family/calendar/", {"way": "feed"})

    assert "So far you said yes." in words(mother.get(page))
    assert letters("cancellation") == []


def test_change_of_the_way_says_how_many_entries_stay(home: Household, sqlite_app: Flask) -> None:
    home.appointment(8, week=2)
    announce(by="worker", now=NOW)
    db.session.commit()
    mother = browser(sqlite_app)
    sign_in(mother, home.mother)
    send(mother, "/family/calendar/address", page="/family/calendar/")
    said = []
    for _time in range(2):
        send(mother, "/family/calendar/", {"way": "feed"})
        said.append(
            "1 appointment still comes the old way." in words(mother.get("/family/calendar/"))
        )

    assert said == [True, False]


def test_choice_that_is_none_is_said_so(home: Household, sqlite_app: Flask) -> None:
    mother = browser(sqlite_app)
    sign_in(mother, person_by_key("p-1-mother"))

    answer = send(mother, "/family/calendar/", {"way": "pigeon"})

    assert (answer.status_code, "Choose how your appointments come." in answer.text) == (422, True)


def test_date_that_went_over_keeps_its_page_where_it_is_answered(
    home: Household, sqlite_app: Flask
) -> None:
    mother = browser(sqlite_app)
    sign_in(mother, home.mother)
    page = f"/i/{link_token(db.session.scalars(select(Invitation)).one().uid)}"
    send(mother, "/family/calendar/address", page="/family/calendar/")
    send(mother, "/family/calendar/", {"way": "feed"})

    said = send(mother, f"{page}/answer", {"answer": "no"}, page=page)

    assert (said.status_code, "So far you said no." in words(mother.get(page))) == (303, True)
    assert "You said no." in words(mother.get("/family"))
    assert mother.get(page.replace("/i/", "/j/")).status_code == 200


def test_date_at_the_address_alone_is_answered_from_home(
    sqlite_home: Household, sqlite_app: Flask
) -> None:
    """To who may not know of it, it is what never was."""
    sqlite_home.consent()
    mother, father = browser(sqlite_app), browser(sqlite_app)
    sign_in(mother, sqlite_home.mother)
    send(mother, "/family/calendar/address", page="/family/calendar/")
    send(mother, "/family/calendar/", {"way": "feed"})
    session = sqlite_home.appointment(1).id
    db.session.commit()

    page = send(mother, "/family/date", {"session": session}, page="/family").location
    send(mother, f"{page.partition('?')[0]}/answer", {"answer": "yes"}, page=page)
    sign_in(father, person_by_key("p-1-father"))
    refused = send(father, "/family/date", {"session": session}, page="/family")

    assert "You said yes." in words(mother.get("/family"))
    assert (refused.status_code, letters("invitation")) == (404, [])
