"""The desk opens on the day: the reader's own first, who is expected, who said no, who came."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from scheduler import tasks
from scheduler.attendance import attendance_of
from scheduler.invitations import answer
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Cohort
from scheduler.sessions import Meeting, schedule, session_by_key
from visitor import browser, send, sign_in, words
from watch import Watch

DAY = datetime(2027, 3, 2, 21, 40, tzinfo=UTC)
"""Twenty minutes before the family session of 2 March."""
BEGUN = datetime(2027, 3, 2, 22, 5, tzinfo=UTC)
KEY = "evening.fam.jordan.w1"


@pytest.fixture
def rivera(house: Flask, clock: Watch) -> FlaskClient:
    """Who leads the sessions, on the day of the family session."""
    clock.moment = DAY
    client = browser(house)
    sign_in(client, person_by_key("rivera"))
    return client


def said(client: FlaskClient) -> str:
    return words(client.get("/desk/")).replace("\xa0", " ")


def test_own_session_of_the_day_names_who_is_expected_and_not_the_father(
    rivera: FlaskClient,
) -> None:
    page = said(rivera)

    assert "Tue 2 March . Times are New York time." in page
    assert "5:00 – 6:00 PM Family session" in page
    assert "Dana Lee relative no answer yet" in page
    assert "Miguel" not in page


def test_who_said_no_stands_out(rivera: FlaskClient) -> None:
    for row in db.session.scalars(select(Invitation)).all():
        answer(row, Answer.DECLINED, by="jordan-mother", now=DAY)
    db.session.commit()

    page = said(rivera)
    assert "1 does not come: Dana Lee (no) 1 expected Jordan Quellandrix" in page


def test_what_waits_is_counted_once_for_every_page(house: Flask, clock: Watch) -> None:
    """Rules that a plan breaks stand for themselves, not among the lines that are more."""
    clock.moment = DAY
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    tasks.raise_task("x", "x:1", "Call.", about_id=None, now=DAY)
    tasks.raise_task("plan", "plan:evening:1", "It no longer holds.", about_id=None, now=DAY)
    db.session.commit()

    page = client.get("/desk/")

    assert '<b class="count">2</b>' in page.text
    assert "What is published no longer holds: 1 rule" in words(page)
    assert "1 more" not in words(page)


def test_everybody_is_written_down_in_one_tap_and_the_day_is_shown_again(
    rivera: FlaskClient, clock: Watch
) -> None:
    clock.moment = BEGUN
    url = f"/desk/sessions/{KEY}/attendance"

    reply = send(rivera, url, {"all": "1", "back": "today"}, page="/desk/")

    assert reply.location == "/desk/"
    assert len(attendance_of(session_by_key(KEY).id)) == 3
    assert "Jordan Quellandrix came" in said(rivera)


def test_who_leads_goes_in_from_the_day(rivera: FlaskClient, clock: Watch) -> None:
    assert f"/desk/sessions/{KEY}/room" not in rivera.get("/desk/").text

    clock.moment = BEGUN

    assert f"/desk/sessions/{KEY}/room" in rivera.get("/desk/").text


def test_coordinator_sees_what_others_lead(house: Flask, clock: Watch) -> None:
    clock.moment = DAY
    client = browser(house)
    sign_in(client, person_by_key("desk"))

    assert "Others, now and next 5:00 – 6:00 PM Family session with Ana Rivera" in said(client)


def test_empty_day_says_what_comes_next(rivera: FlaskClient, clock: Watch) -> None:
    clock.moment = DAY + timedelta(days=1)
    sign_in(rivera, person_by_key("rivera"))

    page = said(rivera)

    assert "Nothing more is planned for today." in page
    assert "The next session is Mon 8 March, 6:00 – 7:00 PM, New York time." in page


def test_another_day_shows_all_that_is_held_on_it(house: Flask, clock: Watch) -> None:
    clock.moment = DAY + timedelta(days=1)
    client = browser(house)
    sign_in(client, person_by_key("desk"))

    page = words(client.get("/desk/?day=2027-03-02")).replace("\xa0", " ")

    assert "Tue 2 March Times are New York time." in page
    assert "Others 5:00 – 6:00 PM Family session with Ana Rivera" in page


@pytest.mark.parametrize("day", ["2027-03-99", "9999-12-31", "yesterday", ""])
def test_day_that_cannot_be_is_today(rivera: FlaskClient, day: str) -> None:
    page = words(rivera.get(f"/desk/?day={day}")).replace("\xa0", " ")

    assert "Tue 2 March . Times are New York time." in page


def test_questions_of_the_day_are_as_many_for_fifty_sessions_as_for_one(
    house: Flask, clock: Watch
) -> None:
    clock.moment = DAY
    client = browser(house)
    sign_in(client, person_by_key("rivera"))
    few = _questions(client)
    fill(50)

    assert _questions(client) <= few + 2


def fill(many: int) -> None:
    cohort = db.session.scalars(select(Cohort)).one()
    meetings = []
    for number in range(many):
        start = datetime(2027, 3, 2, 6) + timedelta(minutes=15 * number)
        begins = start.replace(tzinfo=UTC) + timedelta(hours=5)
        meeting = Meeting(
            key=f"evening.one.jordan.{number}",
            series="evening.one.jordan",
            cohort_id=cohort.id,
            kind=Kind.INDIVIDUAL,
            seats=Seats.PATIENTS,
            title="Individual",
            topic=None,
            week=1,
            starts_local=f"{start:%Y-%m-%dT%H:%M}",
            zone="America/New_York",
            minutes=15,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=15),
            room_id=None,
            leads=(person_by_key("desk").id,) if number % 2 else (),
            patients=(),
        )
        meetings.append(meeting)
    schedule(meetings, by="test", now=DAY)
    db.session.commit()


def _questions(client: FlaskClient) -> int:
    asked: list[str] = []

    def count(_c: object, _k: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = db.engine
    client.get("/desk/")
    event.listen(engine, "before_cursor_execute", count)
    try:
        client.get("/desk/")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(asked)
