"""No word on a page of patients, relatives or sign-in has passed the catalogs by, and each offers
the languages we write at the same place.

A page is added by its address in one of the lists below.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from household import NOW, Household, stand_up
from pseudo import TAG, left_over_on, pseudo_language
from scheduler.consents import purpose_words
from scheduler.i18n import LANGUAGES, zone_city
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.open_evenings import EveningWish, announce_evening
from scheduler.programs import Kind, RoomService
from scheduler.programs.models import VideoRoom
from scheduler.recordings import RecordingSource, add_recording, give_pass, pass_token
from scheduler.web.own.own_contact import ZONES
from visitor import browser, send, sign_in

OPEN = ["/", "/nowhere", "/check", "/passkey"]
PORTAL = [
    "/mine/",
    "/check",
    "/mine/feed",
    "/mine/how",
    "/mine/contact",
    "/mine/calendar/",
    "/safe/",
    "/reminders/",
    "/week/",
    "/mine/let",
    "/mine/let/p-1-mother",
    "/mine/sharing",
    "/mine/sharing/stop",
    "/mine/sharing/p-1-mother/stop",
    "/mine/sharing/p-1-mother/sender",
    "/mine/disclosures",
    "/devices/passkeys",
]
RELATIVE = [
    "/family/calendar/",
    "/family/helps",
    "/family/ready",
    "/family/stop",
    "/devices/",
    "/devices/passkeys",
    "/safe/",
    "/reminders/",
    "/week/",
    "/check",
]
NAMES = (
    "Jordan Lee",
    "Dana Lee",
    "Miguel Lee",
    "Frank Lee",
    "Ana Rivera",
    "Ana",
    "New York",
    "Chicago",
    "Small Pines Practice",
    "SP Calendar",
    "Family hour",
)
LANGUAGE_NAMES = tuple(language.name for language in LANGUAGES.values())
"""What each language calls itself, whoever reads."""


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pseudo_language(tmp_path_factory.mktemp("pseudo")):
        yield


@pytest.fixture
def home(app: Flask, pseudo: None) -> Household:
    home = stand_up()
    home.appointment(1)
    home.consent(home.mother)
    home.jordan.language = home.mother.language = TAG
    announce(by="command", now=NOW)
    db.session.commit()
    return home


@pytest.fixture
def client(app: Flask, home: Household) -> FlaskClient:
    return browser(app)


def languages_on(page: str) -> set[str]:
    """Return the languages that a page is offered in, above all else of it."""
    offered = page.partition('<nav class="tongues')[2].partition("<main")[0]
    return set(re.findall(r' lang="([^"]+)"', offered)) - {TAG}


WRITTEN = {"en", "es", "pt-BR"}


@pytest.mark.parametrize("page", OPEN)
def test_open_pages_have_no_left_overs(client: FlaskClient, page: str) -> None:
    answer = client.get(f"{page}?lang={TAG}")

    assert left_over_on(answer.text, NAMES) == []
    assert f'<html lang="{TAG}" dir="ltr">' in answer.text
    assert languages_on(answer.text) == WRITTEN


@pytest.mark.parametrize("page", PORTAL)
def test_pages_of_a_patient_have_no_left_overs(
    client: FlaskClient, home: Household, page: str
) -> None:
    sign_in(client, home.jordan)
    answer = client.get(page)

    cities = [zone_city(name, TAG) for name in ZONES]
    known = (*NAMES, *LANGUAGE_NAMES, *cities, *signed_words())
    assert answer.status_code == 200
    assert left_over_on(answer.text, known) == []
    assert languages_on(answer.text) == WRITTEN


def test_pages_of_a_relative_have_no_left_overs(client: FlaskClient, home: Household) -> None:
    token = link_token(invitations_of(home.mother.id)[0].uid)
    closed = [client.get(f"/i/{token}"), client.get(f"/i/{token}/code"), client.get(f"/j/{token}")]
    sign_in(client, home.mother)
    opened = [client.get(f"/i/{token}"), client.get("/family"), client.get(f"/j/{token}")]
    other = re.search(r'href="([^"]+/other-time[^"]+)"', opened[0].text)
    assert other is not None
    opened += [client.get(page) for page in (html.unescape(other[1]), *RELATIVE)]
    send(client, "/family/stop")
    opened.append(client.get("/family/stop"))

    known = (*NAMES, *LANGUAGE_NAMES)
    pages = (*closed, *opened)
    assert [left_over_on(page.text, known) for page in pages] == [[]] * len(pages)
    assert [languages_on(page.text) for page in pages] == [WRITTEN] * len(pages)


def test_pages_of_who_cannot_come_have_no_left_overs(client: FlaskClient, home: Household) -> None:
    row = home.appointment(8, week=2)
    page = f"/mine/sessions/{row.id}/cannot-come"
    db.session.commit()
    sign_in(client, home.jordan)
    asked = client.get(page)
    send(client, page, {"seen": "0"})
    said = client.get(page)

    known = (*NAMES, "New York time")
    assert [left_over_on(answer.text, known) for answer in (asked, said)] == [[], []]
    assert [languages_on(answer.text) for answer in (asked, said)] == [WRITTEN] * 2


def test_pages_of_a_recording_have_no_left_overs(client: FlaskClient, home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    missed = home.slot(1)
    later = missed.ends_at + timedelta(hours=1)
    source = RecordingSource(url="https://video.example/x")
    recording = add_recording(missed, source, days=14, by="desk", now=later)
    row = give_pass(recording, home.mother, by="p-1-mother", now=later)
    page = f"/r/{pass_token(row.id)}"
    db.session.commit()

    with clock.turned_to(lambda: later):
        closed = [client.get(page), client.get(f"{page}/code")]
        sign_in(client, home.mother)
        opened = [client.get("/family"), client.get(page), send(client, page)]

    assert [answer.status_code for answer in (*closed, *opened)] == [200] * 5
    pages = (*closed, *opened)
    assert [left_over_on(answer.text, NAMES) for answer in pages] == [[]] * 5
    assert [languages_on(answer.text) for answer in pages] == [WRITTEN] * 5


@pytest.mark.parametrize("minutes", [-600, -60, 0, 600])
def test_page_of_an_open_evening_has_no_left_overs(
    client: FlaskClient, home: Household, minutes: int
) -> None:
    url = "https://video.example/{session}"
    db.session.add(VideoRoom(key="open", service=RoomService.TEMPLATE, url=url))
    db.session.flush()
    starts = datetime(2027, 3, 9, 19, 0)
    wish = EveningWish("Jordan Lee", starts, 90, 5, "open")
    row = announce_evening(wish, by="desk", now=datetime(2027, 3, 1, tzinfo=UTC))
    page = f"/open/{row.slug}?lang={TAG}"
    at = row.starts_at + timedelta(minutes=minutes)
    db.session.commit()

    with clock.turned_to(lambda: at):
        answer = client.get(page)

    assert left_over_on(answer.text, NAMES) == []


def signed_words() -> list[str]:
    """What may be chosen and is signed, in the words it is signed in."""
    return [word for pair in purpose_words("en").values() for word in (*pair, *pair[1].split(", "))]
