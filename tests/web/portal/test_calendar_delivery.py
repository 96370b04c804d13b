"""A patient chooses how appointments come into their calendar; what they read is true, and nobody
else may.
"""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import feeds
from scheduler.invitations import link_token
from scheduler.invitations.model.models import Answer, AnswerGiven, Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Basis, Letter
from scheduler.people import calendar_choice, person_by_key
from scheduler.people.models import Way
from visitor import browser, send, sign_in, words
from watch import Watch


@pytest.fixture
def jordan(house: Flask) -> FlaskClient:
    client = browser(house)
    sign_in(client, person_by_key("jordan"))
    return client


def letters() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(
        select(Letter).where(Letter.basis == Basis.SELF, Letter.kind != "code")
    )
    return sorted((row.address, row.kind) for row in rows)


def own_invitation() -> str:
    row = db.session.scalars(
        select(Invitation).where(Invitation.person_id == Invitation.patient_id)
    ).first()
    assert row is not None
    return link_token(row.uid)


def test_page_shows_what_holds_before_anything_was_chosen(jordan: FlaskClient) -> None:
    page = jordan.get("/mine/calendar/")

    assert 'value="feed" required checked' in page.text
    assert page.text.count(" checked") == 2


def test_choice_is_kept_and_says_how_many_messages_follow(jordan: FlaskClient) -> None:
    answer = send(jordan, "/mine/calendar/", {"way": "invitations", "titles": ""})

    assert (answer.status_code, answer.location) == (303, "/mine/calendar/")
    assert "4 messages are on the way to you." in words(jordan.get("/mine/calendar/"))
    assert letters() == [("jordan@patient.example", "invitation")] * 4


def test_who_wants_an_address_and_has_none_is_led_to_it(jordan: FlaskClient) -> None:
    answer = send(jordan, "/mine/calendar/", {"way": "both", "titles": "names"})

    assert answer.location == "/mine/feed"
    assert "You have no calendar address yet." in words(jordan.get("/mine/feed"))
    chosen = calendar_choice(person_by_key("jordan"))
    assert (chosen.way, chosen.first_names) == (Way.BOTH, True)


def test_each_choice_moves_one_entry_by_one_message_at_most(
    jordan: FlaskClient, clock: Watch
) -> None:
    secret = feeds.make(person_by_key("jordan"), by="jordan", now=clock.moment)
    db.session.commit()
    found = []
    for way in ("feed", "both", "invitations", "feed"):
        send(jordan, "/mine/calendar/", {"way": way, "titles": "names"})
        body = jordan.get(f"/feeds/{secret}.ics").data
        found.append((body.count(b"BEGIN:VEVENT"), body.count(b"SUMMARY:Appointment with Ana")))

    assert (found, len(letters())) == ([(4, 4), (3, 3), (2, 2), (3, 3)], 2)


@pytest.mark.parametrize(
    ("said", "error"),
    [({}, "way"), ({"way": "pigeon", "titles": ""}, "way"), ({"way": "feed"}, "titles")],
)
def test_half_a_choice_changes_nothing(
    jordan: FlaskClient, said: dict[str, str], error: str
) -> None:
    answer = send(jordan, "/mine/calendar/", said)

    assert (answer.status_code, f'href="#{error}"' in answer.text, letters()) == (422, True, [])


@pytest.mark.parametrize("key", ["jordan-mother", "jordan-father"])
def test_relatives_may_not_choose_here(house: Flask, key: str) -> None:
    client = browser(house)
    sign_in(client, person_by_key(key))

    assert client.get("/mine/calendar/").status_code == 403


def test_clinician_chooses_and_answers_as_a_patient_does(house: Flask) -> None:
    rivera = browser(house)
    sign_in(rivera, person_by_key("rivera"))
    address = rivera.get("/mine/feed").text
    page = rivera.get("/mine/calendar/")
    send(rivera, "/mine/calendar/", {"way": "invitations"})
    chosen = calendar_choice(person_by_key("rivera"))
    seen = rivera.get(f"/i/{own_invitation()}")

    assert 'href="/mine/calendar/"' in address
    assert (page.status_code, 'name="titles"' in page.text) == (200, False)
    assert (chosen.way, chosen.first_names, seen.status_code) == (Way.INVITATIONS, False, 200)
    assert {address for address, _ in letters()} == {person_by_key("rivera").email}


def test_page_of_ones_own_invitation_takes_an_answer(jordan: FlaskClient) -> None:
    send(jordan, "/mine/calendar/", {"way": "invitations", "titles": ""})
    page = f"/i/{own_invitation()}"

    send(jordan, f"{page}/answer", {"answer": "no"}, page=page)

    given = db.session.scalars(select(AnswerGiven)).one()
    assert (given.answer, given.person_id) == (Answer.DECLINED, person_by_key("jordan").id)
    assert "What you may know" not in words(jordan.get(page))


@pytest.mark.parametrize("key", ["jordan-mother", "jordan-father", "noemie"])
def test_page_of_a_patients_own_invitation_stays_shut_for_others(
    jordan: FlaskClient, house: Flask, key: str
) -> None:
    send(jordan, "/mine/calendar/", {"way": "invitations", "titles": ""})
    client = browser(house)
    sign_in(client, person_by_key(key))

    page = client.get(f"/i/{own_invitation()}")

    assert words(page).startswith("Appointment ")
    assert [word for word in ("Jordan", "roup", "amily", "Rivera") if word in page.text] == []


def test_own_invitation_opens_the_room_at_its_time(jordan: FlaskClient, clock: Watch) -> None:
    send(jordan, "/mine/calendar/", {"way": "invitations", "titles": ""})
    row = db.session.scalars(
        select(Invitation).where(Invitation.person_id == Invitation.patient_id)
    ).all()
    first = min(row, key=lambda one: one.told["meetings"][0][3])  # type: ignore[index]
    secret, starts = link_token(first.uid), datetime.fromisoformat(first.told["meetings"][0][3])  # type: ignore[index]
    early = jordan.get(f"/j/{secret}").text
    clock.moment = starts
    sign_in(jordan, person_by_key("jordan"))

    assert (
        "Join now" in early,
        "https://video.example/a" in send(jordan, f"/j/{secret}").text,
    ) == (False, True)


def test_desk_sees_what_an_invited_patient_answered(jordan: FlaskClient, house: Flask) -> None:
    send(jordan, "/mine/calendar/", {"way": "invitations", "titles": ""})
    page = f"/i/{own_invitation()}"
    send(jordan, f"{page}/answer", {"answer": "maybe"}, page=page)
    desk = browser(house)
    sign_in(desk, person_by_key("desk"))

    said = words(desk.get("/desk/patients/jordan"))

    assert "Jordan Quellandrix Maybe" in said
    assert "Jordan Quellandrix, on their page: maybe" in said
