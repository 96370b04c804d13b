"""A language picked on a page: whoever has proved to be themselves is written to in it from then
on. The father without consent picks one, too, and is written to in none.
"""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cast import Cast, assemble, session
from scheduler.clinics import dump, export, load, read
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.people.models import Person
from scheduler.reminders import sweep
from tests.web.house import NOW as AT_HOME
from tests.web.house import clinic_file, sign_in_by_code
from visitor import browser, code_mailed, send, sign_in, text_of, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
AT = datetime(2027, 3, 9, 16, 0)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    return assemble()


def pick(client: FlaskClient, tag: str, page: str = "/family", **said: str) -> TestResponse:
    """Press the button of a language on a page."""
    offered = client.get(page).text.partition('<nav class="tongues')[2].partition("</nav>")[0]
    form = {name: html.unescape(value) for name, value in HIDDEN.findall(offered)}
    return client.post("/language", data=form | {"lang": tag} | said)


def language_of(person: Person) -> str | None:
    db.session.refresh(person)
    return person.language


def written_to(person: Person) -> list[str]:
    db.session.rollback()
    rows = select(Letter).where(Letter.recipient_id == person.id).order_by(Letter.created_at)
    return [text_of(letter).split("\n")[0] for letter in db.session.scalars(rows)]


def token_of(stage: Cast) -> str:
    session(stage, AT)
    announce(by="desk", now=NOW)
    db.session.commit()
    (invitation,) = invitations_of(stage.dana.id)
    return link_token(invitation.uid)


def test_letters_and_reminders_follow_the_language_a_relative_picks(
    client: FlaskClient, stage: Cast
) -> None:
    for person in (stage.miguel, stage.dana):
        sign_in(client, person)
        pick(client, "es")
    session(stage, AT)
    announce(by="desk", now=NOW)
    soon = datetime(2027, 3, 8, 21, 30, tzinfo=UTC)
    sweep(by="worker", now=soon)
    db.session.commit()

    invited, reminded = written_to(stage.dana)
    assert (invited[:6], reminded[:12]) == ("Cita e", "Mañana: Cita")
    assert written_to(stage.miguel) == []


def test_own_page_says_in_which_language_we_write(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)
    led = pick(client, "es", "/family?lang=en")
    said = words(client.get("/family"))
    again = words(client.get("/family"))

    assert (led.status_code, led.location) == (303, "/family")
    assert "Desde ahora le escribimos en español." in said
    assert "Le escribimos en español." in again and "Desde ahora" not in again


def test_page_in_another_language_than_our_letters_says_so(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.dana)
    page = client.get("/family", headers={"Accept-Language": "es-MX,es;q=0.9"}).text

    assert "Le escribimos en inglés." in page
    pick(client, "es")
    assert "Le escribimos en inglés." not in client.get("/family").text


@pytest.mark.parametrize(("hours", "theirs"), [(0, "es"), (2, None)])
def test_language_picked_before_the_code_is_theirs_within_the_hour(
    client: FlaskClient, stage: Cast, watch: Watch, hours: int, theirs: str | None
) -> None:
    page = f"/i/{token_of(stage)}"
    closed = client.get(f"{page}?lang=es").text
    watch.moment = NOW + timedelta(hours=hours)
    send(client, f"{page}/send", page=page)
    send(client, f"{page}/code", {"code": code_mailed()}, page=f"{page}/code")

    assert "En español" not in closed
    assert (language_of(stage.dana), language_of(stage.miguel)) == (theirs, None)


def test_nobody_picks_for_another(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.miguel)
    answer = pick(client, "es", person=stage.dana.id)

    assert (answer.status_code, answer.location) == (303, "/?lang=es")
    assert (language_of(stage.dana), language_of(stage.miguel)) == (None, None)


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_choice_leads_nowhere_else(client: FlaskClient, stage: Cast, back: str) -> None:
    sign_in(client, stage.dana)

    assert pick(client, "es", back=back).location == "/"


def test_language_nobody_has_is_refused(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)

    assert (pick(client, "xx").status_code, language_of(stage.dana)) == (400, None)


def test_page_behind_an_address_names_nobody_to_who_is_not_known_here(
    client: FlaskClient, stage: Cast
) -> None:
    page = f"/i/{token_of(stage)}"
    sign_in(client, stage.miguel)

    for address in (page, f"{page}/code", "/i/guessed"):
        offered = client.get(address).text.partition('<nav class="tongues')[2].partition("</nav>")
        assert "<form" not in offered[0]
        assert page not in offered[0]
    assert stage.dana.id not in browser(client.application).get(page).text


def test_page_that_only_a_form_opens_leads_back_to_the_one_above(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.jordan)
    preview = send(client, "/mine/let/dana", {"purpose": "family_therapy"})

    assert 'name="back" value="/mine/let/dana"' in preview.text


def test_clinic_file_keeps_what_a_relative_picked(house: Flask) -> None:
    client = house.test_client()
    sign_in_by_code(client, "dana@family.example")
    pick(client, "es")
    exported = dump(export()).encode()
    same = load(read(exported), by="command", now=AT_HOME).lines()
    older = load(read(clinic_file()), by="command", now=AT_HOME).lines()
    theirs = [person_by_key(key).language for key in ("jordan-mother", "jordan-father")]

    assert [line for line in same if "language" in line] == []
    assert [line for line in older if "language" in line] != []
    assert theirs == ["es", None]
