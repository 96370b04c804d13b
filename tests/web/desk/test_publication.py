"""Publishing from the desk: shown first, then done, and never another plan than the one shown."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scheduler import feeds
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.sessions.models import Session, Status
from tests.web.house import NOW, post, sign_in_staff
from visitor import words

PLAN, PUBLISH = "/desk/cohorts/evening/plan", "/desk/cohorts/evening/publish"
WEEKS = "/desk/cohorts/evening"


def planned(client: FlaskClient) -> str:
    """Sign in, plan, and give the proposal that the preview shows."""
    sign_in_staff(client)
    assert post(client, PLAN, WEEKS).location == WEEKS
    shown = re.search(r'name="proposal" value="([0-9a-f]{32})"', client.get(PUBLISH).text)
    assert shown is not None
    return shown[1]


def count(*conditions: object) -> tuple[int, int]:
    sessions = select(func.count()).select_from(Session).where(Session.status == Status.SCHEDULED)
    found = db.session.scalar(sessions), db.session.scalar(select(func.count()).select_from(Letter))
    db.session.rollback()
    return int(found[0] or 0), int(found[1] or 0)


def test_preview_keeps_nothing(new_house: Flask) -> None:
    client = new_house.test_client()
    planned(client)
    before = count()

    assert client.get(PUBLISH).status_code == 200
    assert count() == before


def test_preview_names_who_is_told_and_the_father_who_is_not(new_house: Flask) -> None:
    client = new_house.test_client()
    planned(client)

    page = client.get(PUBLISH).text
    told, untold = page.partition("Will not be told, and why")[::2]

    assert ("Dana Lee" in told, "Miguel Lee" in told) == (True, False)
    assert "no consent for this" in untold.partition("Miguel Lee")[2]


def test_patient_whom_no_letter_and_no_calendar_tells_is_listed_with_what_to_do(
    new_house: Flask,
) -> None:
    client = new_house.test_client()
    planned(client)
    before = words(client.get(PUBLISH)).partition("Will not be told, and why")[2]
    feeds.make(person_by_key("jordan"), by="jordan", now=NOW)
    db.session.commit()

    after = words(client.get(PUBLISH)).partition("Will not be told, and why")[2]

    line = r"Jordan \w+ All their sessions, \d+ times? not told: no calendar address"
    assert (len(re.findall(line, before)), len(re.findall(line, after))) == (1, 0)
    assert "Ask them to make one on their page" in before


def test_preview_shows_the_letter_without_the_readers_own_secret(new_house: Flask) -> None:
    client = new_house.test_client()
    planned(client)

    page = client.get(PUBLISH).text

    assert ("HL Scheduling" in page, re.findall(r"/i/[\w-]{20,}", page)) == (True, [])


def test_publishing_makes_the_shown_proposal_true(new_house: Flask) -> None:
    client = new_house.test_client()
    shown = planned(client)

    answer = post(client, PUBLISH, PUBLISH, proposal=shown)

    assert (answer.status_code, answer.location) == (303, WEEKS)
    row = db.session.get(Proposal, shown)
    assert row is not None
    assert (row.state, row.published_by) == (ProposalState.PUBLISHED, "desk")


def test_another_proposal_than_the_shown_one_is_refused(new_house: Flask) -> None:
    client = new_house.test_client()
    shown = planned(client)
    post(client, PLAN, WEEKS)
    before = count()

    answer = post(client, PUBLISH, PUBLISH, proposal=shown)

    assert (answer.status_code, count()) == (409, before)


def test_double_click_publishes_once(new_house: Flask) -> None:
    client = new_house.test_client()
    shown = planned(client)
    post(client, PUBLISH, PUBLISH, proposal=shown)
    before = count()

    answer = post(client, PUBLISH, WEEKS, proposal=shown)

    assert (answer.status_code, count()) == (409, before)
