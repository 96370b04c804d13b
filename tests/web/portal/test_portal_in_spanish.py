"""A patient reads, signs and withdraws in Spanish: no English of those pages is left; the father
stays out.
"""

import html
import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from household import NOW, TODAY, Household
from scheduler.consents.model.models import Statement
from scheduler.i18n import LANGUAGES
from scheduler.i18n.catalogs import TRANSLATIONS, merged
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from visitor import browser, code_mailed, send, sign_in

LET = "/mine/let/p-1-mother"
CHOICE = {"purpose": "family_therapy", "until": "program_end", "lang": "es"}
WORDS = [message for message in merged(TRANSLATIONS / "es", LANGUAGES["es"]) if message.id]


@pytest.fixture
def home(home: Household) -> Household:
    home.appointment(1)
    home.consent(home.mother)
    announce(by="command", now=NOW)
    db.session.commit()
    return home


@pytest.fixture
def client(app: Flask, home: Household) -> FlaskClient:
    client = browser(app)
    sign_in(client, home.jordan)
    return client


def phrases(said: Iterable[object]) -> set[str]:
    """Every fixed piece of what is said that is long enough to be known again."""
    flat = [one for each in said for one in (each if isinstance(each, tuple) else (each,))]
    parts = {
        part.strip(" .,:;()") for one in flat for part in re.split(r"{\w+}|%\(\w+\)s", str(one))
    }
    return {part for part in parts if len(part) > 4}


ENGLISH = sorted(
    phrases(message.id for message in WORDS) - phrases(message.string for message in WORDS)
)


def left_in_english(text: str) -> list[str]:
    """Return each English phrase that stands on a page as a whole, its title and labels
    included.
    """
    unseen = (
        r'<(script|link)[^>]*>|type="hidden"[^>]*>|lang="en"[^>]*>[^<]*<'
        r'|\b(href|(form)?action|id|aria-\w+by)="[^"]*"'
    )
    seen = html.unescape(re.sub(unseen, " ", text))
    found = [phrase for phrase in ENGLISH if phrase in seen]
    return [one for one in found if re.search(rf"(?<![\w]){re.escape(one)}(?![\w])", seen)]


def test_english_phrases_are_found_where_they_stand(client: FlaskClient) -> None:
    found = left_in_english(client.get("/mine/sharing").text)

    assert {
        "Skip to the page",
        "Who may know what",
        "Let somebody know",
        "Your appointments",
    } <= set(found)


@pytest.mark.parametrize(
    "page",
    [
        "/mine/let",
        LET,
        "/mine/sharing",
        "/mine/sharing/stop",
        "/mine/sharing/p-1-mother/stop",
        "/mine/disclosures",
    ],
)
def test_page_in_spanish_holds_no_english(client: FlaskClient, page: str) -> None:
    answer = client.get(f"{page}?lang=es")

    assert (answer.status_code, left_in_english(answer.text)) == (200, [])
    assert '<html lang="es" dir="ltr">' in answer.text


def test_signing_and_the_copy_are_spanish_throughout(client: FlaskClient) -> None:
    address = f"{LET}?lang=es"
    pages = [
        send(client, LET, {"lang": "es"}, page=address),
        send(client, LET, CHOICE, page=address),
    ]
    pages.append(send(client, f"{LET}/code", CHOICE, page=address))
    signing = CHOICE | {"name": "Jo", "code": code_mailed()}
    pages.append(send(client, f"{LET}/sign", signing, page=address))
    done = send(client, f"{LET}/sign", signing | {"name": "jordan lee"}, page=address)
    pages.append(client.get(done.location))

    assert [left_in_english(page.text) for page in pages] == [[]] * 5
    assert db.session.scalars(
        select(Statement.language).where(Statement.wording != "paper")
    ).all() == ["es"]


def test_withdrawing_and_its_answer_are_spanish(client: FlaskClient) -> None:
    answer = send(
        client, "/mine/sharing/p-1-mother/stop?lang=es", {"calendar": "leave", "lang": "es"}
    )

    assert (answer.status_code, answer.location) == (303, "/mine/sharing/stopped?lang=es")
    answer = client.get(answer.location)
    assert left_in_english(answer.text) == []
    assert "No saldrá nada más." in answer.text
    assert 'href="/mine/sharing?lang=es"' in answer.text


def test_patient_whose_language_is_spanish_needs_no_switch(client: FlaskClient) -> None:
    person_by_key("p-1").language = "es-MX"
    db.session.commit()

    assert "Quién puede saber qué" in client.get("/mine/sharing").text
    assert "Who may know what" in client.get("/mine/sharing?lang=en").text


def test_paper_recorded_by_staff_is_read_in_spanish(client: FlaskClient) -> None:
    statement = db.session.scalars(select(Statement.id)).one()
    page = client.get(f"/mine/papers/{statement}?lang=es")

    last = TODAY + timedelta(days=200)
    assert left_in_english(page.text) == []
    assert "Sesiones familiares" in page.text
    assert f"hasta el {last.day} de " in page.text


def test_father_was_written_to_by_none_of_it(client: FlaskClient) -> None:
    send(client, "/mine/sharing/stop?lang=es", {"calendar": "clear", "lang": "es"})

    assert "f@family.example" not in set(db.session.scalars(select(Letter.address)))
