"""A colleague in a leader's place, from the session's page. The father has no consent."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import person_by_key
from scheduler.people.availability import Licence
from scheduler.people.models import Clinician, Person, PersonKind
from scheduler.sessions import cancel_sessions, session_by_key
from tests.web.desk.test_session_edit import FIRST, SECOND, leaves, minutes_pass, waiting
from tests.web.house import NOW
from visitor import browser, send, sign_in, words

PAGE = f"/desk/sessions/{FIRST}"
LEAD = f"{PAGE}/lead"
CHEN = {"leaves": "rivera", "comes": "chen"}


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    """A coordinator of a house in which Lee Chen could lead as well."""
    leaves()
    rivera = person_by_key("rivera")
    chen = Person(
        key="chen",
        kind=PersonKind.CLINICIAN,
        name="Lee Chen",
        email="chen@hl.example",
        free=rivera.free,
    )
    db.session.add(chen)
    db.session.flush()
    assert rivera.clinician is not None
    licences: tuple[Licence, ...] = rivera.clinician.licences
    db.session.add(Clinician(person_id=chen.id, roles=(), licences=licences, away=()))
    db.session.commit()
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def leaders() -> list[str]:
    db.session.rollback()
    return [clinician.name for clinician in session_by_key(FIRST).leads]


def test_another_leader_is_shown_then_done_and_told_once(desk: FlaskClient) -> None:
    seen = str(session_by_key(FIRST).version)
    chosen = words(desk.get(LEAD))
    shown = send(desk, f"{LEAD}/look", CHEN, page=LEAD)
    before = leaders(), waiting()
    done = send(desk, LEAD, CHEN | {"seen": seen}, page=LEAD)
    after = words(desk.get(PAGE))
    minutes_pass()
    minutes_pass()

    assert "These could lead it: Lee Chen." in chosen
    assert "5:00 – 6:00 PM: Ana Rivera → Lee Chen" in words(shown)
    assert "Let them lead this session and tell 2 people" in words(shown)
    assert (before, done.status_code, leaders()) == ((["Ana Rivera"], []), 303, ["Lee Chen"])
    assert "instead of Ana Rivera" in after
    assert waiting() == [("chen@hl.example", "change"), ("rivera@hl.example", "change")]


def test_who_could_not_is_refused_with_who_could(desk: FlaskClient) -> None:
    shown = send(desk, f"{LEAD}/look", CHEN | {"comes": "desk"}, page=LEAD)
    said = words(shown)
    assert (shown.status_code, leaders()) == (409, ["Ana Rivera"])
    assert "Sam Wren holds no MA licence on Tue 2 March" in said
    assert "These could lead it: Lee Chen." in said


def test_another_leader_of_what_was_not_shown_is_refused(desk: FlaskClient) -> None:
    assert send(desk, LEAD, CHEN | {"seen": "7"}, page=LEAD).status_code == 409
    assert leaders() == ["Ana Rivera"]


def test_cancelled_session_still_names_who_was_invited(desk: FlaskClient) -> None:
    cancel_sessions(session_by_key(FIRST), by="desk", now=NOW)
    db.session.commit()
    page = desk.get(PAGE).text
    invited = page.partition("Who was invited")[2].partition("</ul>")[0]
    assert re.findall(r"<s>([^<]+)</s>", invited) == [person_by_key("jordan-mother").name]
    assert db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING)).all() == []


def test_all_that_follow_are_led_by_another(desk: FlaskClient) -> None:
    seen = str(session_by_key(FIRST).version)
    asked = CHEN | {"onward": "1"}
    assert LEAD in desk.get(PAGE).text
    shown = words(desk.get(f"{LEAD}/look", query_string=asked))
    done = send(desk, LEAD, asked | {"seen": seen}, page=LEAD)
    db.session.rollback()
    led = [[who.key for who in session_by_key(key).leads] for key in (FIRST, SECOND)]
    assert "Let them lead all 2 sessions" in shown
    assert (done.status_code, led) == (303, [["chen"], ["chen"]])
