"""A patient sees on a page what they missed and where it comes again, and asks for a place."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceState
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session
from scheduler.tasks import open_tasks
from visitor import browser, send, sign_in, words
from watch import Watch

FIRST, SECOND = "evening.process.2027-03-01", "evening.process.2027-03-08"


@pytest.fixture
def noemie(house: Flask, clock: Watch) -> FlaskClient:
    """Noemie's browser the day after she missed the first group, about sleep."""
    clock.moment = datetime(2027, 3, 2, 12, tzinfo=UTC)
    person = person_by_key("noemie")
    for key in (FIRST, SECOND):
        session_by_key(key).topic = "Sleep"
    said = Said(AttendanceState.NO_SHOW)
    mark(session_by_key(FIRST), person, said, by="rivera", now=clock.moment)
    db.session.commit()
    client = browser(house)
    sign_in(client, person)
    return client


def offer(key: str) -> Session:
    """Let Noemie not sit in a group of the topic, which has a place."""
    row = session_by_key(key)
    row.patients = [person_by_key("jordan")]
    db.session.commit()
    return row


def test_page_says_where_the_topic_comes_again_in_ones_own_group(noemie: FlaskClient) -> None:
    page = words(noemie.get("/mine/missed")).replace("\xa0", " ")

    assert "It comes again in your own group: Mon 8 March" in page


def test_place_in_another_group_is_asked_for(noemie: FlaskClient) -> None:
    other = offer(SECOND)
    missed = session_by_key(FIRST).id

    send(noemie, f"/mine/missed/{missed}", {"group": other.id}, page="/mine/missed")

    db.session.rollback()
    assert [task.kind for task in open_tasks(kind="make_up")] == ["make_up"]
    assert "You asked for this one:" in words(noemie.get("/mine/missed"))


def sure(key: str) -> Session:
    """Let the program say how many may sit in a group, and one place be free."""
    row = offer(key)
    program = row.cohort.program
    program.template = replace(program.template, rules=replace(program.template.rules, group_cap=2))
    db.session.commit()
    return row


def test_place_that_is_sure_is_shown_taken_and_given_back(noemie: FlaskClient) -> None:
    other, missed = sure(SECOND), session_by_key(FIRST).id
    assert "You can still see all of it." in words(noemie.get("/mine/missed"))

    chosen = {"group": other.id}
    page = send(noemie, f"/mine/missed/{missed}", chosen, page="/mine/missed")
    assert "You sit in this group once, in place of" in words(page)
    assert [each.key for each in session_by_key(SECOND).patients] == ["jordan"]

    send(noemie, f"/mine/sessions/{missed}/take", chosen, page="/mine/missed")
    db.session.rollback()
    assert {each.key for each in session_by_key(SECOND).patients} == {"jordan", "noemie"}
    assert "You have a place in another group:" in words(noemie.get("/mine/missed"))

    send(noemie, f"/mine/sessions/{missed}/give-back", {}, page="/mine/missed")
    db.session.rollback()
    assert [each.key for each in session_by_key(SECOND).patients] == ["jordan"]


def test_topic_that_comes_nowhere_is_said_to_be_out_of_reach(noemie: FlaskClient) -> None:
    session_by_key(SECOND).topic = "Food"
    db.session.commit()

    assert "You can still see 0 of 1." in words(noemie.get("/mine/missed"))


def test_group_that_is_not_offered_is_refused(noemie: FlaskClient) -> None:
    offer(SECOND)
    missed = session_by_key(FIRST).id

    send(noemie, f"/mine/missed/{missed}", {"group": "none"}, page="/mine/missed")

    assert list(open_tasks(kind="make_up")) == []
