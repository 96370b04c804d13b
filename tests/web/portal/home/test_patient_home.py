"""A patient's first page: what changed, what the relatives say, who is not invited yet, hours in
words, how it works, and how they are reached. The father without consent is on none of it.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cast import Cast, assemble, session
from scheduler.invitations import announce, answer
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.people import Window, person_by_key
from scheduler.programs import Kind
from scheduler.provenance.models import FieldWord
from scheduler.sessions import cancel, edit_sessions
from visitor import code_mailed, letters, send, sign_in, text_of, words
from watch import Watch

NOT_PRINTED = re.compile(r"<(p|div|form|h2)\b[^>]*\bno-print\b.*?</\1>", re.DOTALL)
NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    return assemble()


def home(client: FlaskClient, stage: Cast) -> str:
    sign_in(client, stage.jordan)
    return words(client.get("/mine/")).replace("\xa0", " ").replace("\u202f", " ")


def test_what_changed_stands_first_until_it_was_read(client: FlaskClient, stage: Cast) -> None:
    moved = session(stage, datetime(2027, 3, 9, 16, 0))
    off = session(stage, datetime(2027, 3, 10, 16, 0), series="one", kind=Kind.INDIVIDUAL)
    edit_sessions(moved, to=datetime(2027, 3, 9, 18, 0), by="desk", now=NOW)
    cancel(off, by="desk", now=NOW)
    db.session.commit()

    before = home(client, stage)
    send(client, "/mine/news", page="/mine/")
    after = home(client, stage)

    assert (
        "What changed Moved to Tue 9 March, 6:00 PM (from 4:00 PM): Family session "
        "Off: Wed 10 March, 4:00 – 5:00 PM, Individual session I have read this" in before
    )
    assert "What changed" not in after
    assert "Wed 10 March, 4:00 – 5:00 PM Cancelled." in after


def test_answers_of_relatives_stand_at_their_session(client: FlaskClient, stage: Cast) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    announce(by="desk", now=NOW)
    silent = home(client, stage)
    row = db.session.scalars(select(Invitation).where(Invitation.person_id == stage.dana.id)).one()
    answer(row, Answer.DECLINED, by="dana", now=NOW)
    db.session.commit()

    said = home(client, stage)
    assert ("Dana Lee : no answer yet" in silent, "Dana Lee : no" in said) == (True, True)
    assert ("no answer yet" in said, "Miguel" in said) == (False, False)


def test_relative_who_is_not_ready_is_named_as_not_yet_invited(
    client: FlaskClient, stage: Cast
) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    assert stage.dana.relative is not None
    stage.dana.relative.ready = False
    db.session.commit()

    said = home(client, stage)
    assert "Dana Lee is not yet invited: your clinician will talk with them first." in said
    assert "Miguel" not in said


def test_hours_of_the_week_stand_beside_what_the_program_asks(
    client: FlaskClient, stage: Cast
) -> None:
    session(stage, datetime(2027, 3, 4, 16, 0), minutes=90)

    assert (
        "This week you have 1 hour 30 minutes. That is 7 hours 30 minutes less than your program "
        "asks. Short breaks count." in home(client, stage)
    )


def test_how_it_works_is_offered_until_the_first_session_began(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    before = home(client, stage)
    watch.moment = datetime(2027, 3, 9, 21, 1, tzinfo=UTC)

    assert ("You are new here." in before, "You are new here." in home(client, stage)) == (
        True,
        False,
    )
    assert client.get("/mine/how").status_code == 200


def test_paper_shows_dates_and_nothing_to_tap(client: FlaskClient, stage: Cast) -> None:
    session(stage, datetime(2027, 3, 9, 16, 0))
    sign_in(client, stage.jordan)
    main = client.get("/mine/").text.partition("<main")[2].partition("</main>")[0]
    paper = NOT_PRINTED.sub("", main)

    assert "Tue 9 March, 4:00" in paper.replace("\xa0", " ")
    assert ("<a " in paper, "<button" in paper) == (False, False)


CONTACT = {
    "email": "jordan@patient.example",
    "phone": "+1 617 555 0123",
    "zone": "America/Chicago",
    "language": "es",
}


def change(client: FlaskClient, **said: str) -> TestResponse:
    page = client.get("/mine/contact").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    return send(client, "/mine/contact", CONTACT | {"seen": seen} | said)


def test_patient_changes_how_they_are_reached(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)
    reply = change(client)
    jordan = stage.jordan
    db.session.refresh(jordan)

    assert reply.status_code == 303
    reached = (jordan.email, jordan.phone, jordan.zone, jordan.language)
    assert reached == ("jordan@patient.example", "+16175550123", "America/Chicago", "es")
    source = select(FieldWord.source).where(FieldWord.field == "zone")
    assert db.session.scalars(source).all() == ["person"]


def test_hours_stay_at_their_moments_when_the_clock_is_another(
    client: FlaskClient, stage: Cast
) -> None:
    """Six to eight in New York is five to seven in Chicago."""
    stage.jordan.free = (Window(("mon",), 18 * 60, 20 * 60), Window(("tue",), 0, 90))
    db.session.commit()
    sign_in(client, stage.jordan)
    change(client)

    db.session.refresh(stage.jordan)
    assert stage.jordan.free == (
        Window(("mon",), 17 * 60, 19 * 60),
        Window(("mon",), 23 * 60, 24 * 60),
        Window(("tue",), 0, 30),
    )


NEW = "new@patient.example"
ASK = "/mine/contact/code"


def letters_of_change() -> list[tuple[str, str, str]]:
    """Return kind, address and subject of what left about an address."""
    found = []
    for letter in [*letters("code"), *letters("contact")]:
        found.append((letter.kind, letter.address, text_of(letter).partition("\n")[0]))
    return found


def test_new_mail_address_counts_once_its_code_is_typed(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)
    asked = change(client, email=NEW, language="en")
    before = (person_by_key("jordan").email, letters_of_change())
    proved = send(client, ASK, {"code": code_mailed()})

    code = ("code", NEW, "Your code")
    assert (asked.status_code, before) == (303, ("jordan@patient.example", [code]))
    assert (proved.status_code, person_by_key("jordan").email) == (303, NEW)
    told = ("contact", "jordan@patient.example", "A change in how we reach you")
    assert letters_of_change() == [code, told]


def test_wrong_code_changes_no_address_and_five_end_it(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)
    change(client, email=NEW, language="en")
    right = code_mailed()
    wrong = "000000" if right != "000000" else "000001"
    said = [send(client, ASK, {"code": wrong}, page="/mine/contact").status_code for _ in range(5)]
    late = send(client, ASK, {"code": right}, page="/mine/contact")

    assert (said, late.status_code) == ([422] * 5, 409)
    assert person_by_key("jordan").email == "jordan@patient.example"
    assert letters("contact") == []


def test_sixth_address_of_a_day_is_not_written_to(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.jordan)
    said = [
        change(client, email=f"n{number}@mail.example", language="en").status_code
        for number in range(6)
    ]

    assert (said, len(letters("code"))) == ([303] * 5 + [429], 5)


def test_old_address_is_told_of_another_number(client: FlaskClient, stage: Cast) -> None:
    stage.jordan.phone = "+16175550199"
    db.session.commit()
    sign_in(client, stage.jordan)
    change(client, language="en")

    (letter,) = letters("contact")
    assert letter.address == "jordan@patient.example"
    assert "Your phone number was changed." in text_of(letter)


def test_other_mail_address_asks_for_a_code_of_a_moment_ago(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    sign_in(client, stage.jordan)
    watch.moment = NOW + timedelta(minutes=6)
    reply = change(client, email="thief@mail.example")
    db.session.refresh(stage.jordan)

    assert reply.status_code == 422
    assert stage.jordan.email == "jordan@patient.example"
    assert (stage.jordan.phone, stage.jordan.zone) == (None, "America/New_York")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("email", "jordan", "This is no mail address. Write it like name@mail.example."),
        ("phone", "call me", "This is no phone number. Write it like +1 617 555 0123."),
        ("zone", "Mars/Olympus", "Choose a time zone from the list."),
    ],
)
def test_bad_contact_is_said_beside_its_field_and_kept(
    client: FlaskClient, stage: Cast, field: str, typed: str, said: str
) -> None:
    sign_in(client, stage.jordan)
    reply = change(client, **{field: typed})

    assert reply.status_code == 422
    assert said in reply.text
    assert f'href="#{field}"' in reply.text


def test_phone_in_another_zone_shows_the_time_of_its_owner(
    client: FlaskClient, stage: Cast
) -> None:
    """What a phone says of itself changes no time: the zone is the person's own."""
    session(stage, datetime(2027, 3, 9, 16, 0))
    stage.jordan.zone = "America/Chicago"
    db.session.commit()
    sign_in(client, stage.jordan)
    page = client.get("/mine/", headers={"Accept-Language": "pt-BR", "Sec-CH-TZ": "Asia/Tokyo"})

    assert "3:00" in page.text or "15:00" in page.text
    assert "05:00" not in page.text
