"""A patient's own pages: what is next, and a calendar address that is shown once; never
another's.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from cast import Cast, assemble, session
from scheduler.kernel.database import db
from scheduler.people import Help, practice
from scheduler.programs import Kind
from scheduler.programs.models import VideoRoom
from scheduler.sessions import cancel, edit_sessions, note_left
from visitor import send, sign_in, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    return assemble()


def test_agenda_says_when_what_and_with_whom(client: FlaskClient, stage: Cast) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    session(stage, datetime(2027, 3, 4, 17, 0), minutes=50, kind=Kind.INDIVIDUAL, series="one")
    sign_in(client, stage.jordan)

    said = words(client.get("/mine/"))

    assert said.startswith("Your appointments You are new here. Read in two minutes how it works.")
    assert "Times are New York time." in said
    assert "Next Thu 4 March, 5:00 – 5:50 PM Family therapy, with Ana Rivera" in said
    assert "After that Tue 9 March, 4:00 – 5:00 PM Family session, with Ana Rivera" in said


def test_agenda_away_from_home_says_both_times(client: FlaskClient, stage: Cast) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    stage.jordan.zone = "America/Los_Angeles"
    db.session.commit()
    sign_in(client, stage.jordan)

    said = words(client.get("/mine/"))

    assert "Tue 9 March, 1:00 – 2:00 PM, Los Angeles time (4:00 – 5:00 PM, New York time)" in said


def test_agenda_without_anything_says_so(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)

    assert (
        "There is nothing coming up. When your clinic plans something, it appears here."
        in words(client.get("/mine/"))
    )


def test_agenda_ends_with_whom_to_ask(client: FlaskClient, stage: Cast) -> None:
    practice().help = Help("+16175550199", "9 to 5", "The front desk")
    db.session.commit()
    sign_in(client, stage.jordan)

    page = client.get("/mine/").text

    number = '<a href="tel:+16175550199">+1 617-555-0199</a>'
    hours = "9:00\N{NO-BREAK SPACE}AM\N{NO-BREAK SPACE}–"
    assert f"<p>Whom to ask: {number}<br>{hours}" in page
    assert "New\N{NO-BREAK SPACE}York\N{NO-BREAK SPACE}time<br>The front desk</p>" in page


@pytest.mark.parametrize("who", ["dana", "miguel", "rivera", "sam"])
def test_agenda_is_the_patient_s_alone(client: FlaskClient, stage: Cast, who: str) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    sign_in(client, getattr(stage, who))

    answer = client.get("/mine/")

    assert (answer.status_code, "9 March" in answer.text) == (403, False)


def test_agenda_asks_a_stranger_to_sign_in(client: FlaskClient, stage: Cast) -> None:
    answer = client.get("/mine/")

    assert (answer.status_code, answer.location) == (303, "/")


def test_room_opens_a_quarter_of_an_hour_before(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    row = session(stage, datetime(2027, 3, 9, 16, 0))
    row.room = VideoRoom(key="room-a", url="https://video.example/a", dial_in=None)
    db.session.commit()
    address = f"/mine/sessions/{row.id}/join"
    watch.moment = datetime(2027, 3, 9, 20, 44, tzinfo=UTC)
    sign_in(client, stage.jordan)

    early = "Join now" in client.get("/mine/").text
    watch.moment = datetime(2027, 3, 9, 20, 45, tzinfo=UTC)
    answer = send(client, address, page="/mine/")

    assert (early, 'href="https://video.example/a"' in answer.text) == (False, True)


def address_shown(text: str) -> str:
    found = re.search(r'value="(https://hl-sched\.example/feeds/[^"]+\.ics)"', text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("key", ["jordan", "rivera"])
def test_calendar_address_is_shown_once_with_ways_to_subscribe(
    client: FlaskClient, stage: Cast, key: str
) -> None:
    sign_in(client, getattr(stage, key))

    made = send(client, "/mine/feed")
    again = client.get("/mine/feed")
    bare = address_shown(made.text).removeprefix("https://")

    assert made.status_code == 201
    assert f'href="webcal://{bare}"' in made.text
    google = "webcal%3A%2F%2F" + bare.replace("/", "%2F")
    assert f'href="https://calendar.google.com/calendar/r?cid={google}"' in made.text
    outlook = re.findall('href="https://(outlook[^/]*)/calendar/0/addfromweb[?]url=', made.text)
    assert outlook == ["outlook.live.com", "outlook.office.com"]
    assert ("/feeds/" in again.text, "It cannot be shown again." in again.text) == (False, True)


def test_code_for_the_camera_has_no_inline_style(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)

    drawn = send(client, "/mine/feed").text.partition("<svg")[2].partition("</svg>")[0]

    assert ("<title>" in drawn, "style=" in drawn) == (True, False)


def test_calendar_address_opens_the_times(client: FlaskClient, stage: Cast) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    sign_in(client, stage.jordan)
    path = address_shown(send(client, "/mine/feed").text).removeprefix("https://hl-sched.example")

    body = client.get(path).text

    assert "DTSTART;TZID=America/New_York:20270309T160000" in body
    assert [name for name in ("Family", "Rivera", "Jordan") if name in body] == []


def test_second_click_makes_no_second_address(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)
    page = client.get("/mine/feed").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    path = address_shown(client.post("/mine/feed", data={"csrf_token": token}).text)[
        len("https://hl-sched.example") :
    ]

    again = client.post("/mine/feed", data={"csrf_token": token})

    assert (again.status_code, client.get(path).status_code) == (303, 200)


def test_new_address_ends_the_old_one(client: FlaskClient, stage: Cast) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    sign_in(client, stage.jordan)
    old = address_shown(send(client, "/mine/feed").text).removeprefix("https://hl-sched.example")

    new = address_shown(send(client, "/mine/feed", {"again": "1"}).text).removeprefix(
        "https://hl-sched.example"
    )

    shows = [":20270309T160000" in client.get(address).text for address in (old, new)]
    assert shows == [False, True]


def test_cancelled_session_stands_struck_until_its_day_is_over(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    off = session(stage, datetime(2027, 3, 2, 16, 0))
    session(stage, datetime(2027, 3, 4, 17, 0), kind=Kind.INDIVIDUAL, series="one")
    cancel(off, by="desk", now=NOW)
    db.session.commit()

    pages = []
    midnight = datetime(2027, 3, 3, 5, 0, tzinfo=UTC)
    for moment in (NOW, midnight - timedelta(minutes=30), midnight + timedelta(minutes=30)):
        watch.moment = moment
        sign_in(client, stage.jordan)
        pages.append(client.get("/mine/"))

    assert ["<s>" in page.text for page in pages] == [True, True, False]
    assert "Next Thu 4 March, 5:00 – 6:00 PM" in words(pages[0])
    assert "Tue 2 March, 4:00 – 5:00 PM Cancelled. You need not do anything." in words(pages[0])


def test_group_that_a_discharged_patient_left_stands_struck(
    client: FlaskClient, stage: Cast
) -> None:
    left = session(stage, datetime(2027, 3, 9, 16, 0))
    note_left([left], stage.jordan.id, now=NOW)
    left.patients.remove(stage.jordan)
    db.session.commit()
    sign_in(client, stage.jordan)

    page = client.get("/mine/")

    assert page.text.count("<s>") == 1
    assert "Tue 9 March, 4:00 – 5:00 PM Cancelled. You need not do anything." in words(page)


def test_moved_session_says_where_it_was(client: FlaskClient, stage: Cast) -> None:
    row = session(stage, datetime(2027, 3, 9, 16, 0))
    other = session(stage, datetime(2027, 3, 11, 16, 0), week=3)
    edit_sessions(row, to=datetime(2027, 3, 9, 18, 0), by="desk", now=NOW)
    edit_sessions(other, to=datetime(2027, 3, 12, 18, 0), by="desk", now=NOW)
    db.session.commit()
    sign_in(client, stage.jordan)

    said = words(client.get("/mine/"))

    assert "Tue 9 March, 6:00 – 7:00 PM Moved from 4:00 PM" in said
    assert "Fri 12 March, 6:00 – 7:00 PM Moved from Thu 11 March, 4:00 PM" in said
