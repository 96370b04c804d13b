"""Who was told what: made as it happens, for the patient and for staff; a father without consent
was told nothing.
"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import Cast, assemble, session
from fakes.post_office import PostOffice
from scheduler import feeds
from scheduler.disclosures.models import Opened, Opening
from scheduler.feeds.models import Feed
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.programs import Kind
from scheduler.programs.models import VideoRoom
from visitor import send, sign_in, words, work
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STATEMENT = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY)
    row = session(stage, datetime(2027, 3, 9, 16))
    row.room = VideoRoom(key="room-a", url="https://video.example/a", dial_in=None)
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


def page_of(stage: Cast) -> str:
    (row,) = invitations_of(stage.dana.id)
    return f"/i/{link_token(row.uid)}"


def openings() -> list[tuple[Opened, str, list[str]]]:
    db.session.rollback()
    rows = db.session.scalars(select(Opening).order_by(Opening.at, Opening.id))
    return [(row.page, row.person_id, [one["purpose"] for one in row.grants]) for row in rows]


def test_opening_the_page_is_noted_with_its_grants(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)
    client.get(page_of(stage))

    assert openings() == [(Opened.INVITATION, stage.dana.id, ["family_therapy"])]


def test_opening_the_list_and_the_room_is_noted(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    sign_in(client, stage.dana)
    client.get("/family")
    watch.moment = datetime(2027, 3, 9, 20, 50, tzinfo=UTC)
    sign_in(client, stage.dana)
    door = page_of(stage).replace("/i/", "/j/")
    answer = send(client, door)

    assert [page for page, _, _ in openings()] == [Opened.HOME, Opened.ROOM]
    assert STATEMENT in words(answer)


@pytest.mark.parametrize("who", [None, "miguel", "jordan", "rivera"])
def test_page_that_stays_shut_is_no_disclosure(
    client: FlaskClient, stage: Cast, who: str | None
) -> None:
    if who:
        sign_in(client, getattr(stage, who))
    client.get(page_of(stage))
    client.get("/family")

    assert openings() == []


@pytest.mark.parametrize("part2", [True, False])
def test_every_page_that_discloses_carries_the_scope_and_under_part_2_the_notice(
    client: FlaskClient, stage: Cast, part2: bool
) -> None:
    practice().part2 = part2
    db.session.commit()
    sign_in(client, stage.dana)

    for page in (page_of(stage), "/family"):
        told = words(client.get(page))
        assert (
            "Jordan Quellandrix lets you know about: family session, through 31 December 2099."
            in told
        )
        assert (STATEMENT in told) is part2


def test_head_of_a_page_shows_nothing_and_notes_nothing(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)

    assert (client.head(page_of(stage)).data, openings()) == (b"", [])


def test_patient_reads_letters_and_pages_newest_first(
    app: Flask, client: FlaskClient, stage: Cast, watch: Watch, post_office: PostOffice
) -> None:
    work(app)
    watch.moment = NOW + timedelta(hours=1)
    sign_in(client, stage.dana)
    client.get(page_of(stage))
    sign_in(client, stage.jordan)

    told = words(client.get("/mine/disclosures"))

    assert told.startswith(
        "Who was told what Harbor Light Behavioral Health. For Jordan Quellandrix, as of 2 March "
        "2027."
    )
    assert "Since 2 March 2024, the last three years. Times are New York time." in told
    consent = "Family session signed 5 January 2026, through 31 December 2099"
    assert f"Tue 2 March 2027, 11:00 AM Opened the page of an appointment {consent}" in told
    assert f"Letter: an appointment {consent}" in told
    assert told.index("Opened the page") < told.index("Letter: an appointment")
    assert "Miguel Lee, father Was told nothing." in told


def test_code_is_told_as_a_way_in_and_of_no_session(
    app: Flask, client: FlaskClient, stage: Cast, post_office: PostOffice
) -> None:
    page = page_of(stage)
    send(client, f"{page}/send", page=page)
    work(app)
    sign_in(client, stage.jordan)

    told = words(client.get("/mine/disclosures"))
    assert "Letter: a code for their page The way to their own page signed" in told
    assert "code for their page Family session" not in told


def test_patient_prints_with_a_button_that_needs_no_script(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.jordan)
    page, asked = client.get("/mine/disclosures").text, client.get("/mine/disclosures?print=1")

    assert '<form method="get"><button name="print" value="1">Print this</button></form>' in page
    assert ("print.js" in page, "print.js" in asked.text) == (False, True)
    assert words(asked) == words(client.get("/mine/disclosures"))


def test_nobody_told_is_said(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)

    assert "Nobody was told anything: no letter left and no page was opened." in words(
        client.get("/mine/disclosures")
    )


def test_staff_read_the_same(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)
    client.get(page_of(stage))
    sign_in(client, stage.sam)

    told = words(client.get("/desk/patients/jordan/disclosures"))

    assert told.startswith("Jordan Quellandrix Who was told what of Jordan Quellandrix")
    assert "Opened the page of an appointment" in told


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("dana", "/mine/disclosures"),
        ("dana", "/desk/patients/jordan/disclosures"),
        ("jordan", "/desk/patients/jordan/disclosures"),
    ],
)
def test_accounting_is_for_the_patient_and_for_staff(
    client: FlaskClient, stage: Cast, who: str, page: str
) -> None:
    sign_in(client, getattr(stage, who))

    assert client.get(page).status_code == 403


def test_staff_ask_for_a_relative_s_accounting_in_vain(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.sam)

    assert client.get("/desk/patients/dana/disclosures").status_code == 404


def test_patient_sees_who_of_the_practice_opened_their_pages(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.rivera)
    for _ in range(2):
        client.get("/desk/patients/jordan")
    sign_in(client, stage.jordan)
    shown = words(client.get("/mine/disclosures"))

    assert "Who of the practice opened these pages" in shown
    assert "Ana Rivera: on 1 day, " in shown
    assert "Sam" not in shown.partition("Who of the practice")[2]


def test_calendar_address_that_was_read_is_told_and_the_fathers_is_not_there(
    client: FlaskClient, stage: Cast
) -> None:
    feeds.make(stage.dana, by="dana", now=NOW)
    for feed in db.session.scalars(select(Feed)):
        feed.seen_at = NOW
    db.session.commit()
    sign_in(client, stage.jordan)

    said = words(client.get("/mine/disclosures"))
    assert said.count("Their calendar looked up the times of appointments (last time)") == 1
    assert "Was told nothing." in said.partition("Miguel")[2]
