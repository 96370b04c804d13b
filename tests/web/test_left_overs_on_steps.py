"""No word of the steps of signing in, of a consent and of an open room has passed the catalogs by.

A father without consent stands in the family.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from household import NOW, TODAY, Household, stand_up
from pseudo import TAG, left_over_on, pseudo_language
from scheduler.consents import purpose_words
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.programs.models import VideoRoom
from scheduler.sessions.models import Session
from visitor import browser, letters, send, sign_in, text_of
from watch import Watch

LET = "/mine/let/p-1-mother"
STOP = "/mine/sharing/p-1-mother/stop"
ADDRESS = {"address": "one@patient.example"}
NAMES = (
    "Jordan Lee",
    "Dana Lee",
    "Ana Rivera",
    "Ana",
    "New York",
    "Chicago",
    "Small Pines Practice",
    "SP Calendar",
    "Family hour",
)


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pseudo_language(tmp_path_factory.mktemp("pseudo")):
        yield


@pytest.fixture
def home(app: Flask, pseudo: None) -> Household:
    home = stand_up()
    room = VideoRoom(key="room-a", url="https://video.example/a", dial_in="+16175550141")
    home.appointment(1).room = room
    home.jordan.language = home.mother.language = TAG
    db.session.commit()
    return home


@pytest.fixture
def client(app: Flask, home: Household) -> FlaskClient:
    return browser(app)


def read(page: TestResponse, *names: str) -> list[str]:
    """Return what is left over on a page, which must be one in the made-up language."""
    assert f'<html lang="{TAG}"' in page.text
    return left_over_on(page.text, (*NAMES, *names))


def choice() -> dict[str, object]:
    until = TODAY + timedelta(days=100)
    return {"purpose": ["family_therapy"], "until": "day", "day": until.isoformat(), "lang": TAG}


def signed_words() -> list[str]:
    """Return what may be chosen and is signed, in the words it is signed in."""
    words: list[str] = []
    for name, told in purpose_words("en").values():
        words += [name, told, *told.split(", ")]
    return words


@pytest.mark.parametrize("way", ["code", "password"])
def test_steps_of_signing_in_have_no_left_overs(client: FlaskClient, way: str) -> None:
    client.get(f"/?lang={TAG}")
    asked = send(client, "/", {"address": "nobody", "way": way})
    send(client, "/", ADDRESS | {"way": way})
    step = client.get(f"/{way}")
    wrong = send(client, f"/{way}", {way: "000000"})

    assert [read(page) for page in (asked, step, wrong)] == [[], [], []]


def test_another_code_and_signing_out_have_no_left_overs(
    client: FlaskClient, home: Household
) -> None:
    client.get(f"/?lang={TAG}")
    send(client, "/", ADDRESS | {"way": "code"})
    send(client, "/code", {"again": "1"})
    again = client.get("/code")
    sign_in(client, home.jordan)
    send(client, "/sign-out", page="/mine/")
    left = client.get("/")

    assert [read(page) for page in (again, left)] == [[], []]


def test_steps_of_a_consent_have_no_left_overs(client: FlaskClient, home: Household) -> None:
    sign_in(client, home.jordan)
    nothing = send(client, LET, {"lang": TAG})
    preview = send(client, LET, choice(), page=LET)  # type: ignore[arg-type]
    to_sign = send(client, f"{LET}/code", choice(), page=LET)  # type: ignore[arg-type]
    wrong = send(client, f"{LET}/sign", choice() | {"name": "J"}, page=LET)  # type: ignore[arg-type]

    left = [read(page, *signed_words()) for page in (nothing, preview, to_sign, wrong)]
    assert left == [[], [], [], []]


def test_copy_of_what_was_signed_has_no_left_overs(client: FlaskClient, home: Household) -> None:
    sign_in(client, home.jordan)
    send(client, f"{LET}/code", choice(), page=LET)  # type: ignore[arg-type]
    code = "".join(sign for sign in text_of(letters("code")[-1]) if sign.isdigit())[:6]
    name = {"name": "Jordan Lee", "code": code}
    signed = send(client, f"{LET}/sign", choice() | name, page=LET)  # type: ignore[arg-type]
    copy = client.get(signed.location)

    assert (signed.status_code, read(copy, *signed_words())) == (303, [])


def test_answer_of_a_withdrawal_has_no_left_overs(client: FlaskClient, home: Household) -> None:
    home.consent(home.mother)
    db.session.commit()
    announce(by="command", now=NOW)
    db.session.commit()
    sign_in(client, home.jordan)
    answer = client.get(send(client, STOP).location)

    assert read(answer, *signed_words()) == []


@pytest.mark.parametrize("minutes", [0, 20])
def test_door_of_a_room_has_no_left_overs(
    client: FlaskClient, home: Household, watch: Watch, minutes: int
) -> None:
    home.consent(home.mother)
    announce(by="command", now=NOW)
    starts = db.session.query(Session).one().starts_at
    db.session.commit()
    watch.moment = starts - timedelta(minutes=minutes)
    token = link_token(invitations_of(home.mother.id)[0].uid)
    sign_in(client, home.mother)
    door = client.get(f"/j/{token}")
    opened = send(client, f"/j/{token}", page="/family")

    assert [read(page, *signed_words()) for page in (door, opened)] == [[], []]
    assert ("video.example" in opened.text) is (minutes == 0)
