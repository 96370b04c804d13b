"""The public page of an open evening: when, then the room, for anyone while there is a place; and
nothing kept of who came.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from cast import Cast, assemble
from scheduler.kernel.database import db
from scheduler.open_evenings import EveningWish, announce_evening, evening_by_slug, evenings_since
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from scheduler.web.auth.rate_limit import RateLimit
from tests.fakes.video_services import FakeJitsi, Guest
from tests.web.auth.test_access import everything
from visitor import browser, send, sign_in, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 10, 0, 0, tzinfo=UTC)
JITSI = FakeJitsi("meet.example", "kinfold", b"shared")
FORWARD = re.compile(r'http-equiv="refresh" content="2;url=([^"]+)"')
PAGE = "/open/an-evening-for-caregivers-03-09"
WHEN = "Tue 9 March, 7:00 – 8:30 PM, New York time"
FORM = {
    "title": "An evening for caregivers",
    "day": "2027-03-09",
    "at": "19:00",
    "minutes": "90",
    "places": "2",
    "room": "open",
}


@pytest.fixture
def stage(client: FlaskClient, watch: Watch, tmp_path: Path) -> Cast:
    stage = assemble()
    (tmp_path / "secret").write_bytes(b"shared")
    room = VideoRoom(
        key="open",
        service=RoomService.JITSI,
        url="https://meet.example",
        app_id="kinfold",
        secret_file=str(tmp_path / "secret"),
        dial_in="+16175550100",
    )
    db.session.add(room)
    db.session.flush()
    wish = EveningWish("An evening for caregivers", datetime(2027, 3, 9, 19, 0), 90, 2, "open")
    announce_evening(wish, by="sam", now=NOW)
    db.session.commit()
    return stage


def guest(client: FlaskClient, at: datetime, **said: str) -> Guest | None:
    """Go in, and say as whom the service lets one in."""
    found = FORWARD.search(send(client, PAGE, said).text)
    return JITSI.enter(found[1], at) if found else None


def test_before_it_opens_it_says_when_and_counts_down(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(hours=1)

    page = client.get(PAGE)

    assert words(page).startswith(f"An evening for caregivers {WHEN} Anyone may come")
    assert 'data-opens-in="2700" data-again-in="600"' in page.text
    assert "<form" not in page.text


def test_anyone_goes_in_under_the_name_they_give(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS

    found = guest(client, STARTS, name="  Robin \n ")

    assert found is not None
    assert (found.name, found.moderates) == ("Robin", False)


@pytest.mark.parametrize("name", ["", " ", "\u202e\u0007"])
def test_who_gives_no_name_is_a_guest(
    client: FlaskClient, stage: Cast, watch: Watch, name: str
) -> None:
    watch.moment = STARTS

    found = guest(client, STARTS, name=name)

    assert found is not None and found.name == "Guest"


def test_who_goes_in_again_from_the_page_of_the_room_keeps_the_name(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    room = send(client, PAGE, {"name": "Robin"})
    watch.moment += timedelta(minutes=1)
    form = room.text.partition("data-again")[2]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]+)"', form))

    found = FORWARD.search(client.post(PAGE, data=fields).text)

    assert found is not None
    entered = JITSI.enter(found[1], watch.moment)
    assert entered is not None and entered.name == "Robin"


def test_places_end_and_who_has_one_comes_back(
    app: Flask, client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    others = [browser(app) for _ in range(2)]

    let_in = [guest(each, STARTS) is not None for each in (client, others[0], client)]
    page = words(others[1].get(PAGE))

    assert let_in == [True, True, True]
    assert "All places are taken." in page
    assert evenings_since(NOW)[0].taken == 2


def test_nothing_is_kept_but_the_number(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS
    client.get(PAGE)
    rows = [repr(row.taken) for row in evenings_since(NOW)]
    evenings_since(NOW)[0].taken = 0
    db.session.commit()
    before = everything()

    assert guest(client, STARTS, name="Robin") is not None
    evenings_since(NOW)[0].taken = 0
    db.session.commit()

    assert (rows, everything()) == (["0"], before)


@pytest.mark.parametrize(("days", "said"), [(1, "This evening is over."), (0, "cancelled")])
def test_evening_that_is_no_more_says_so_and_lets_nobody_in(
    client: FlaskClient, stage: Cast, watch: Watch, days: int, said: str
) -> None:
    row = evening_by_slug(PAGE.rpartition("/")[2])
    assert row is not None
    row.cancelled_at = None if days else NOW
    db.session.commit()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert token is not None
    watch.moment = STARTS + timedelta(days=days)

    answer = client.post(PAGE, data={"csrf_token": token[1]})

    assert said in words(answer)
    assert "meet.example" not in answer.text


def test_unknown_evening_is_nothing(client: FlaskClient, stage: Cast) -> None:
    assert client.get("/open/another").status_code == 404


def test_telephone_number_of_the_room_stands_nowhere(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS

    assert "5550100" not in client.get(PAGE).text + send(client, PAGE).text


def test_service_that_is_down_takes_no_place(
    client: FlaskClient, stage: Cast, watch: Watch, tmp_path: Path
) -> None:
    watch.moment = STARTS
    (tmp_path / "secret").unlink()

    answer = send(client, PAGE)

    assert "The room does not answer" in words(answer)
    assert evenings_since(NOW)[0].taken == 0


def test_flood_is_slowed_down(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS
    current_app.config["EVENING_ENTRIES"] = RateLimit(1, 60, lambda: 0.0)

    answers = [send(client, PAGE), send(client, PAGE)]

    assert [answer.status_code for answer in answers] == [200, 429]


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "Cualquiera puede venir"), ("pt-BR", "Qualquer pessoa pode vir")],
)
def test_page_speaks_the_readers_language(
    client: FlaskClient, stage: Cast, watch: Watch, language: str, said: str
) -> None:
    assert said in words(client.get(PAGE, headers={"Accept-Language": language}))


def test_desk_announces_cancels_and_leads(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    sign_in(client, stage.sam)
    desk = "/desk/evenings/"

    made = send(client, desk, FORM)
    shown = words(client.get(desk))
    watch.moment = STARTS
    sign_in(client, stage.sam)
    room = send(client, f"{desk}an-evening-for-caregivers-03-09-2/room", page=desk)
    led = FORWARD.search(room.text)
    gone = send(client, f"{desk}an-evening-for-caregivers-03-09-2/cancel", page=desk)

    assert (made.status_code, gone.status_code) == (303, 303)
    assert "https://hl-sched.example/open/an-evening-for-caregivers-03-09-2" in shown
    assert led is not None
    found = JITSI.enter(led[1], STARTS)
    assert found is not None and (found.name, found.moderates) == ("Sam Wren", True)
    assert [row.taken for row in evenings_since(NOW)] == [0, 0]
    assert "Cancelled" in words(client.get(desk))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "Recovery evening", "says too much; find another. Nothing was made."),
        ("day", "", "Give a day and a start."),
        ("places", "many", "An evening has 1 to 500 places."),
        ("room", "other", "Choose a room whose service"),
    ],
)
def test_desk_is_told_what_is_wrong_and_keeps_what_was_typed(
    client: FlaskClient, stage: Cast, watch: Watch, field: str, typed: str, said: str
) -> None:
    sign_in(client, stage.sam)

    answer = send(client, "/desk/evenings/", FORM | {field: typed})

    assert (answer.status_code, said in words(answer)) == (422, True)
    assert 'value="2027-03-09"' in answer.text or field == "day"
    assert len(evenings_since(NOW)) == 1


def test_desk_without_a_service_is_told_why(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    evenings_since(NOW)[0].room.in_use = False
    db.session.commit()
    sign_in(client, stage.sam)

    assert "strangers could come to your other sessions" in words(client.get("/desk/evenings/"))
