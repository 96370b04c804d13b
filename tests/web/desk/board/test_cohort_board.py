"""The board of a cohort: views and ticks in its address, blocks that can be opened, and as many
questions for fifty sessions as for one. The father has no consent and is in nothing.
"""

import html
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.ical import to_utc
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Cohort
from scheduler.sessions import Meeting, cancel_sessions, schedule, session_by_key
from tests.web.desk.people.test_questions import questions
from tests.web.house import NOW
from visitor import browser, sign_in, words

WEEKS = "/desk/cohorts/evening"
GROUP, FIRST = "evening.process.2027-03-01", "evening.fam.jordan.w1"
ZONE = "America/New_York"


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    """A coordinator."""
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def blocks(desk: FlaskClient, asked: str) -> list[str]:
    """Return the sessions whose blocks stand on a board, by their anchors."""
    page = desk.get(f"{WEEKS}?week=1&{asked}")
    assert page.status_code == 200
    return re.findall(r'<li class="block [^>]*id="(?:at|old)-([^"]+)"', page.text)


def opened(desk: FlaskClient, key: str) -> str:
    """Return what a block says when it is opened."""
    page = desk.get(f"{WEEKS}?week=1").text
    inside = page.partition(f'id="at-{key}"')[2].partition('<div class="more')[2]
    said = re.sub(r"<[^>]+>", " ", inside.partition("</li>")[0]).partition(">")[2]
    return re.sub(
        r"\s+", " ", said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    ).strip()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", [GROUP, FIRST]),
        ("person=noemie", [GROUP]),
        ("kind=family_therapy", [FIRST]),
        ("state=cancelled", []),
        ("q=quellandrix+family", [FIRST]),
        ("day=2027-03-02", [FIRST]),
        ("by=clinician", [GROUP, FIRST]),
        ("by=room&day=2027-03-01", [GROUP]),
    ],
)
def test_address_says_what_the_board_shows(desk: FlaskClient, asked: str, found: list[str]) -> None:
    assert blocks(desk, asked) == found


def test_columns_by_room_are_named(desk: FlaskClient) -> None:
    page = desk.get(f"{WEEKS}?week=1&by=room").text

    assert re.findall(r'data-day="([^"]+)" data-of="([^"]*)"', page) == [
        ("2027-03-01", "a"),
        ("2027-03-02", "a"),
    ]


def test_open_block_says_who_comes_and_what_they_answered(desk: FlaskClient) -> None:
    said = opened(desk, FIRST)

    assert said.startswith("5:00 – 6:00 PM , Tue 2 March")
    assert "Dana Lee no answer yet" in said
    assert "Miguel" not in said
    assert "Jordan Quellandrix, Noemie Brannig" in opened(desk, GROUP)


def test_cancelled_session_stays_struck_and_is_not_lifted(desk: FlaskClient) -> None:
    cancel_sessions(session_by_key(FIRST), by="desk", now=NOW)
    db.session.commit()
    page = desk.get(f"{WEEKS}?week=1").text

    assert blocks(desk, "state=cancelled") == [FIRST]
    assert f"/desk/sessions/{FIRST}/places" not in page
    assert f"/desk/sessions/{GROUP}/places" in page


def test_change_by_hand_is_listed_with_its_way_back(desk: FlaskClient) -> None:
    cancel_sessions(session_by_key(FIRST), by="desk", now=NOW)
    db.session.commit()
    page = desk.get(WEEKS).text
    (way_back,) = re.findall(r'href="([^"]+/look\?deed=back[^"]*)"', page)

    assert "1 change by hand can be undone" in page
    assert "Put this session back" in words(desk.get(html.unescape(way_back)))


def test_paper_names_nobody_who_sits_in_a_group(desk: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get(WEEKS).text)
    assert token is not None
    paper = desk.post(f"{WEEKS}/print", data={"csrf_token": token[1], "week": "1"}).text

    grid = paper.partition('<div class="grid">')[2].partition("<aside")[0]
    assert ("Process group" in grid, "Brannig" in grid) == (True, False)


def test_board_asks_as_often_for_fifty_sessions_as_for_one(desk: FlaskClient) -> None:
    few = questions(desk, f"{WEEKS}?week=1")
    more_sessions(48)

    assert questions(desk, f"{WEEKS}?week=1") == few


def test_places_are_asked_as_often_among_fifty_sessions_as_among_one(desk: FlaskClient) -> None:
    url = f"/desk/sessions/{FIRST}/places?first=1020&last=1080"
    more_sessions(1, day=4)
    few = questions(desk, url)
    more_sessions(48)

    assert questions(desk, url) == few


def more_sessions(many: int, day: int = 3) -> None:
    """Fill the week with sessions of Noemie's."""
    db.session.rollback()
    cohort = db.session.scalars(select(Cohort)).one()
    start = datetime(2027, 3, day, 9)
    meetings = []
    for number in range(many):
        wall = start + timedelta(minutes=15 * number)
        begin = to_utc(wall, ZONE)
        series = f"evening.more{many}-{number}.noemie"
        meetings.append(
            Meeting(
                key=f"{series}.w1",
                series=series,
                cohort_id=cohort.id,
                kind=Kind.INDIVIDUAL,
                seats=Seats.PATIENTS,
                title="Individual",
                topic=None,
                week=1,
                starts_local=f"{wall:%Y-%m-%dT%H:%M}",
                zone=ZONE,
                minutes=15,
                starts_at=begin,
                ends_at=begin + timedelta(minutes=15),
                room_id=None,
                leads=(person_by_key("rivera").id,),
                patients=(person_by_key("noemie").id,),
            )
        )
    schedule(meetings, by="command", now=NOW)
    db.session.commit()
