"""No English on the pages of who reads Spanish or Portuguese, whatever language their family gets
its letters in; what leaves in English stands under a heading of their own language and says that it
is English. The father without consent stands by.
"""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from household import NOW, TODAY, Household
from pseudo import left_over_on, pseudo_language
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.programs import Kind
from tests.web.test_left_overs_on_pages import NAMES, PORTAL, RELATIVE, signed_words
from visitor import browser, send, sign_in

STOP = "/mine/sharing/p-1-mother/stop"
OTHERS = ["/mine/sees/p-1-mother", STOP, "/mine/sharing/stop"]
ENGLISH = re.compile(
    r"\b(the|and|you|your|yours|with|from|this|that|what|when|who|whom|how|is|are|was|not|will|to|of"
    r"|on|it|at|by|here|appointments?|session|family|group|calendar|dates?|times?|message|letter"
    r"|code|page|join|sign|keep|choose|reminder|changed?|new|today|tomorrow|soon|through|about)\b"
)
"""Words that neither Spanish nor Portuguese knows."""
MARKED = re.compile(r'(?s)<(\w+)[^>]*\blang="([^"]+)"[^>]*>(.*?)</\1>')
THEIRS = (*NAMES, "Process group", "Harbor Light", "Small Pines")


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    home = sqlite_home
    home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.CAREGIVER_GROUP)
    home.appointment(1)
    home.appointment(8, week=2)
    announce(by="command", now=NOW)
    for letter in db.session.scalars(select(Letter)):
        letter.state, letter.sent_at = LetterState.SENT, NOW
    assert home.father.relative is not None
    home.father.relative.ready = True
    db.session.commit()
    return home


def main_of(page: str) -> str:
    body = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", body)


def english_on(page: str) -> list[str]:
    """Return the English words of a page, but for names and what says that it is English."""
    body = re.sub(r"<[^>]+>", " ", MARKED.sub(" ", main_of(page)))
    said = html.unescape(body)
    for name in (*THEIRS, "Jordan Lee", "Google Calendar", "Outlook"):
        said = said.replace(name, " ")
    said = re.sub(r"\S+@\S+|https?://\S+", " ", said)
    return ENGLISH.findall(said.lower())


def shown(client: FlaskClient, page: str) -> str:
    """Return a page; of the one that stops a consent what follows once it is chosen."""
    if page == STOP:
        return send(client, f"{page}/look", {"purpose": "all"}, page=page).text
    return client.get(page).text


def foreign_on(page: str, language: str) -> list[str]:
    """Return the elements that say they are in another language than the page."""
    return [name for name, tag, _ in MARKED.findall(main_of(page)) if tag != language]


@pytest.mark.parametrize("language", ["es", "pt-BR"])
def test_no_english_on_the_pages_of_a_patient(
    sqlite_app: Flask, home: Household, language: str
) -> None:
    home.jordan.language = language
    home.mother.language = home.father.language = "en"
    db.session.commit()
    client = browser(sqlite_app)
    sign_in(client, home.jordan)
    until = (TODAY + timedelta(days=100)).isoformat()
    choice = {"purpose": "family_therapy", "until": "day", "day": until}
    preview = send(client, "/mine/let/p-1-father", choice)
    pages = {page: shown(client, page) for page in (*PORTAL, *OTHERS)}
    pages["preview"] = preview.text

    found = {page: english_on(text) for page, text in pages.items()}
    assert {page: words for page, words in found.items() if words} == {}
    marked = {page: set(foreign_on(text, language)) for page, text in pages.items()}
    letters = {STOP: {"pre"}, "/mine/sharing/stop": {"pre"}}
    letters |= {"/mine/sees/p-1-mother": {"span"}, "preview": {"div", "span"}}
    letters["/mine/"] = {"span"}  # the title that its clinic gave
    assert {page: names for page, names in marked.items() if names} == letters


@pytest.mark.parametrize("language", ["es", "pt-BR"])
def test_no_english_on_the_pages_of_a_relative(
    sqlite_app: Flask, home: Household, language: str
) -> None:
    home.mother.language = language
    db.session.commit()
    token = link_token(invitations_of(home.mother.id)[0].uid)
    client = browser(sqlite_app)
    own = (f"/i/{token}", f"/i/{token}/code", f"/j/{token}")
    closed = [client.get(page).text for page in own]
    sign_in(client, home.mother)
    pages = [*closed, *(client.get(page).text for page in ("/family", *own, *RELATIVE))]

    assert [english_on(page) for page in pages] == [[]] * len(pages)
    assert {name for page in pages for name in foreign_on(page, language)} == {"span"}


@pytest.fixture
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pseudo_language(tmp_path_factory.mktemp("pseudo")) as tag:
        yield tag


@pytest.mark.parametrize("theirs", [None, "en", "es"])
def test_what_others_get_is_told_to_a_patient_in_their_own_language(
    sqlite_app: Flask, home: Household, pseudo: str, theirs: str | None
) -> None:
    home.jordan.language, home.mother.language = pseudo, theirs
    db.session.commit()
    client: FlaskClient = browser(sqlite_app)
    sign_in(client, home.jordan)
    pages = [shown(client, page) for page in OTHERS]

    assert [left_over_on(page, (*NAMES, *signed_words())) for page in pages] == [[]] * 3
    assert [set(foreign_on(page, pseudo)) for page in pages] == [{"p"}, {"pre"}, {"pre"}]
