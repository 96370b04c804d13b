"""The page on which people try camera and sound: theirs alone until they press a button."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler.consents import revoke
from scheduler.kernel.database import db
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from scheduler.tasks import open_tasks
from scheduler.tech_checks import Outcome, TechResult
from scheduler.tech_checks.models import TechCheck
from visitor import send, sign_in, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
SHUT = "camera=(), geolocation=(), microphone=(), payment=()"
OPEN = "camera=(self), geolocation=(), microphone=(self), payment=()"
SPANISH = '<html lang="es"'


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    stage = assemble()
    url = "https://meet.example:8443/{session}"
    room = VideoRoom(key="a", service=RoomService.TEMPLATE, url=url)
    session(stage, datetime(2027, 3, 9, 16, 0)).room = room
    db.session.commit()
    return stage


def told() -> list[tuple[str, TechResult]]:
    db.session.rollback()
    return [(row.person.key, row.result) for row in db.session.scalars(select(TechCheck))]


def test_camera_and_microphone_are_open_on_this_page_alone(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.dana)
    pages = ("/check", "/family", "/check/none", "/")

    found = [client.get(page).headers["Permissions-Policy"] for page in pages]

    assert found == [OPEN, SHUT, SHUT, SHUT]


def test_policy_lets_the_page_reach_the_rooms_host_and_nothing_more(
    client: FlaskClient, stage: Cast
) -> None:
    usual = client.get("/").headers["Content-Security-Policy"]
    sign_in(client, stage.dana)
    page = client.get("/check")

    assert page.headers["Content-Security-Policy"] == (
        f"{usual}; connect-src https://meet.example:8443"
    )
    assert 'data-hosts="https://meet.example:8443/"' in page.text


@pytest.mark.parametrize("who", ["nobody", "miguel", "sam"])
def test_who_has_no_appointment_learns_of_no_host_and_has_nothing_to_tell(
    client: FlaskClient, stage: Cast, who: str
) -> None:
    usual = client.get("/").headers["Content-Security-Policy"]
    if who != "nobody":
        sign_in(client, getattr(stage, who))

    page = client.get("/check")

    assert page.headers["Content-Security-Policy"] == usual
    assert ("meet.example" in page.text, "Tell my clinic" in page.text) == (False, False)
    assert "Try the camera" in page.text


def test_page_speaks_the_language_of_who_is_signed_in(client: FlaskClient, stage: Cast) -> None:
    stage.dana.language = "es"
    db.session.commit()
    before = client.get("/check").text
    sign_in(client, stage.dana)

    assert (SPANISH in before, SPANISH in client.get("/check").text) == (False, True)


def test_result_is_told_when_the_person_says_so(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)
    said = {"tell": "result", "camera": "works", "microphone": "fails", "speakers": "nonsense"}

    answer = send(client, "/check", said)

    assert answer.status_code == 303
    assert "Your clinic knows now what works for you." in words(client.get("/check"))
    assert told() == [
        ("dana", TechResult(camera=Outcome.WORKS, microphone=Outcome.FAILS)),
    ]


def test_phoning_instead_is_an_answer_and_shown_to_the_clinician(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.dana)
    send(client, "/check", {"tell": "phone"})
    sign_in(client, stage.rivera)

    patient = words(client.get("/desk/patients/jordan"))
    meeting = words(client.get("/desk/sessions/evening-2027-03.fam.jordan.w2"))

    assert "Dana Lee, 2 March, 10:00 AM: Will phone instead." in patient
    assert "Will phone instead of coming by video: Dana Lee." in meeting
    assert "Will phone instead of coming by video." in words(client.get("/desk/needs"))


def test_check_of_a_withdrawn_relative_is_not_told_at_the_session(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.dana)
    send(client, "/check", {"tell": "phone"})
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    db.session.commit()
    sign_in(client, stage.rivera)

    said = words(client.get("/desk/sessions/evening-2027-03.fam.jordan.w2"))
    assert ("Will phone instead" in said, "Dana Lee relative ✕ no: consent withdrawn" in said) == (
        False,
        True,
    )


def test_father_without_consent_tells_nothing(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.miguel)

    answer = send(client, "/check", {"tell": "phone"}, page="/family")

    assert (answer.status_code, told(), open_tasks()) == (403, [], [])


def test_looking_at_the_page_tells_nobody(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)
    client.get("/check")

    assert (told(), open_tasks()) == ([], [])


@pytest.mark.parametrize("page", ["/family", "/mine/"])
def test_page_is_linked_where_appointments_are(client: FlaskClient, stage: Cast, page: str) -> None:
    from scheduler.invitations import announce

    announce(by="command", now=NOW)
    db.session.commit()
    sign_in(client, stage.dana if page == "/family" else stage.jordan)

    assert 'href="/check"' in client.get(page).text


def test_page_tells_those_without_script_what_to_do(client: FlaskClient, stage: Cast) -> None:
    assert "your browser is too old or blocks scripts" in words(client.get("/check"))
