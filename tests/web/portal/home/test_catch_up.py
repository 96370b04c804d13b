"""A patient sees on a page what they missed and where it comes again, and asks for a place."""

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


def test_group_that_is_not_offered_is_refused(noemie: FlaskClient) -> None:
    offer(SECOND)
    missed = session_by_key(FIRST).id

    send(noemie, f"/mine/missed/{missed}", {"group": "none"}, page="/mine/missed")

    assert list(open_tasks(kind="make_up")) == []
