"""A passkey from its making to its end in a real browser, whose authenticator is Chromium's own."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from scheduler.kernel.clock import now, turned_to
from scheduler.kernel.database import db
from scheduler.people import begin_sign_in, person_by_key
from tests.web.house import NOW, move_in

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VERIFYING = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def server(sqlite_app: Flask, live_server: str) -> Iterator[str]:
    """The practice behind a web server, by the name that passkeys need."""
    with turned_to(lambda: NOW):
        move_in()
        yield live_server.replace("127.0.0.1", "localhost")


@pytest.fixture
def phone(page: Any) -> Any:
    """A page on a telephone that can keep passkeys and knows its owner."""
    page.set_viewport_size({"width": 390, "height": 800})
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": VERIFYING})
    return page


def enter(page: Any, server: str, key: str) -> None:
    secret = begin_sign_in(person_by_key(key), now=now())
    db.session.commit()
    host = urlsplit(server).hostname
    page.context.add_cookies([{"name": "kinfold", "value": secret, "domain": host, "path": "/"}])


def complain(said: str, complaints: list[str]) -> None:
    """Keep what the console says, but that signing out cleared what it had to, and that nobody is
    asked for RS256.
    """
    if not said.startswith(("Clear-Site-Data", "publicKey.pubKeyCredParams is missing")):
        complaints.append(said)


def findings(page: Any) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    return [one["id"] for one in Axe().run(page, options=options).response["violations"]]


def sign_out_and_in(page: Any) -> None:
    """Sign out, and in again by the passkey alone: one press on the first page."""
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in with a passkey").click()


def test_staff_make_a_passkey_and_sign_in_by_it_alone(phone: Any, server: str) -> None:
    complaints: list[str] = []
    phone.on("console", lambda said: complain(said.text, complaints))
    enter(phone, server, "desk")
    phone.goto(f"{server}/desk/sign-ins")
    phone.get_by_role("link", name="Your passkeys").click()
    phone.get_by_role("button", name="Add a passkey").click()
    phone.get_by_label("What to call it").fill("My phone")
    faults = findings(phone)
    phone.get_by_role("button", name="Let this device make it").click()
    phone.get_by_text("Your passkey is added").wait_for()
    phone.goto(f"{server}/desk/passkeys")
    sign_out_and_in(phone)
    phone.wait_for_url(f"{server}/desk/")

    assert (faults, complaints) == ([], [])


def test_patient_makes_a_passkey_and_signs_in_by_it_alone(phone: Any, server: str) -> None:
    enter(phone, server, "jordan")
    phone.goto(f"{server}/mine/")
    phone.get_by_role("link", name="Your devices").click()
    phone.get_by_role("link", name="Your passkeys").click()
    phone.get_by_label("What to call it").fill("My phone")
    faults = findings(phone)
    phone.get_by_role("button", name="Add a passkey").click()
    phone.get_by_text("Your passkey is added").wait_for()
    phone.goto(f"{server}/mine/")
    sign_out_and_in(phone)
    phone.wait_for_url(f"{server}/mine/")
    phone.goto(f"{server}/devices/passkeys")
    phone.get_by_text("used last on 25 February 2027").wait_for()

    assert faults == []
