"""The page of a session says who sits in it, what each may know, what changed, and what the team
noted; the father without consent is named as who is not told, and a note goes nowhere.
"""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from outside import _outward
from scheduler import feeds
from scheduler.disclosures import begin_of_accounting, sign_accounting
from scheduler.invitations import PATIENCE, announce
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Role
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session, TeamNote
from tests.web.api.near import moss
from visitor import browser, send, sign_in, words
from watch import Watch

KEY = "evening.fam.jordan.w1"
PAGE = f"/desk/sessions/{KEY}"
MOVE = {"deed": "move", "day": "2027-03-03", "at": "16:00", "minutes": "60", "onward": ""}
MARK = "Zephyrquill"


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    """A coordinator."""
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


@pytest.fixture
def clinician(house: Flask) -> FlaskClient:
    """Who leads the session."""
    client = browser(house)
    sign_in(client, person_by_key("rivera"))
    return client


def note(client: FlaskClient, said: str) -> TestResponse:
    """Send the form of a note, which stands on the page."""
    return send(client, f"{PAGE}/note", {"words": said}, page=PAGE)


def test_page_names_who_sits_in_it_and_what_each_may_know(desk: FlaskClient) -> None:
    page = words(desk.get(PAGE))

    assert "Jordan Quellandrix patient" in page
    assert "Dana Lee relative no answer yet ✓ yes" in page
    assert "Miguel Lee relative ✕ no: no consent for this" in page


def test_who_may_not_see_the_patient_reads_nothing_of_other_relatives(house: Flask) -> None:
    client = browser(house)
    sign_in(client, person_by_key("rivera"))
    jordan = person_by_key("jordan")
    assert jordan.patient is not None
    jordan.patient.clinician_id = person_by_key("desk").id
    for row in db.session.scalars(select(Session)):
        row.leads = [person_by_key("desk")]
    db.session.commit()

    page = words(client.get(PAGE))

    assert "Miguel Lee" not in page


def test_page_says_what_changed(desk: FlaskClient) -> None:
    send(desk, PAGE, MOVE | {"seen": str(session_by_key(KEY).version)})

    page = words(desk.get(PAGE)).replace("\xa0", " ").partition("What changed")[2]

    assert "Moved; it was Tue 2 March, 5:00 – 6:00 PM" in page


def test_attendance_stands_beside_each_name(house: Flask, clock: Watch) -> None:
    clock.moment = datetime(2027, 3, 3, 2, 0, tzinfo=UTC)
    desk = browser(house)
    sign_in(desk, person_by_key("desk"))
    send(desk, f"{PAGE}/attendance", {"state-jordan": "present"})

    assert "Jordan Quellandrix patient came" in words(desk.get(PAGE))


def test_note_is_read_by_the_team(clinician: FlaskClient) -> None:
    answer = note(clinician, f"{MARK} asked for a quieter room.")

    assert answer.status_code == 303
    assert f"{MARK} asked for a quieter room. Ana Rivera" in words(clinician.get(PAGE))


def test_coordinator_reads_that_there_are_notes_and_not_their_words(
    clinician: FlaskClient, desk: FlaskClient
) -> None:
    note(clinician, f"{MARK} asked for a quieter room.")
    note(clinician, f"{MARK} slept badly.")

    page = desk.get(PAGE)

    assert "2 notes are kept. Clinicians read them." in words(page)
    assert MARK not in page.text
    assert f"{PAGE}/note" not in page.text


def test_clinician_of_the_cohort_reads_notes_and_writes_none(
    house: Flask, clinician: FlaskClient
) -> None:
    note(clinician, f"{MARK} asked for a quieter room.")
    moss(Role.CLINICIAN, "cohort")
    near = browser(house)
    sign_in(near, person_by_key("moss"))

    page = near.get(PAGE)

    assert MARK in page.text
    assert f"{PAGE}/note" not in page.text


def test_coordinator_who_sends_a_note_all_the_same_is_refused(desk: FlaskClient) -> None:
    refused = send(desk, f"{PAGE}/note", {"words": MARK}, page=f"{PAGE}/attendance")

    assert refused.status_code == 403
    assert db.session.scalar(select(TeamNote.id)) is None


def test_empty_note_is_refused(clinician: FlaskClient) -> None:
    note(clinician, " ")

    assert "Write what the team should know" in words(clinician.get(PAGE))
    assert db.session.scalar(select(TeamNote.id)) is None


def test_note_stands_in_nothing_that_leaves_the_house(
    clinician: FlaskClient, desk: FlaskClient, house: Flask
) -> None:
    note(clinician, f"{MARK} asked for a quieter room.")
    send(desk, PAGE, MOVE | {"seen": str(session_by_key(KEY).version)})
    announce(by="worker", now=clock.now() + PATIENCE, patience=PATIENCE)
    feeds.refresh_changed(now=clock.now())
    db.session.commit()

    let_out = [content for _, content, _ in _outward(None)]
    for key, pages in (("jordan", ("/mine", "/mine/feed")), ("jordan-mother", ("/family",))):
        client = browser(house)
        sign_in(client, person_by_key(key))
        let_out += [client.get(page).data for page in pages]
    moment = clock.now()
    since = begin_of_accounting(moment, "America/New_York")
    jordan = person_by_key("jordan")
    let_out.append(sign_accounting(jordan, since=since, by="command", now=moment).octets)

    assert len(let_out) > len(("letters", "mine", "feed", "family"))
    assert [content for content in let_out if MARK.encode() in content] == []
