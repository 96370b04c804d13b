"""The demo's phones: a text message travels the whole signed way to a screen, and an answer all the
way back.

A mother with a consent agrees to text messages; a father without one agrees, too, and hears
nothing.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from conftest import settings
from fakes.postgres import free_port
from fakes.web_server import served
from household import stand_up
from scheduler import create_app, outbox, sms
from scheduler.cli.demo.demo_gateway import DemoGateway
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import person_by_key
from scheduler.people.models import Role
from scheduler.tasks.models import Task
from scheduler.worker.delivery_loop import deliver_due
from visitor import browser, send, sign_in, words

SECRET = "a secret of the phones"
MOTHER, FATHER = "+16175550142", "+16175550143"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The demo on both engines, behind a real web server, with its gateway."""
    web, gateway = free_port(), free_port()
    addresses = {"base_url": f"http://127.0.0.1:{web}", "sms_url": f"http://127.0.0.1:{gateway}"}
    app = create_app(replace(settings(database_url, demo=True, **addresses), sms_secret=SECRET))
    app.config["DEMO_MAILBOX"] = tmp_path / "mailbox"
    app.testing = True
    phones = DemoGateway(
        addresses["sms_url"], SECRET, tmp_path / "phones", f"{addresses['base_url']}/texts"
    )
    gateway_thread = threading.Thread(target=phones.serve_forever, daemon=True)
    gateway_thread.start()
    with app.app_context():
        with served(app, web):
            yield app
            phones.shutdown()
            gateway_thread.join(20)
            phones.server_close()
        outbox.use_gateway(None)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def agreed(app: Flask) -> None:
    """At the desk both parents' agreements are recorded; the worker carries what follows."""
    home = stand_up()
    home.consent()
    home.mother.phone, home.father.phone = MOTHER, FATHER
    home.rivera.clinician.roles = [Role.COORDINATOR]
    db.session.commit()
    desk, address = browser(app), f"/desk/patients/{home.jordan.key}/texts"
    sign_in(desk, home.rivera)
    for person in (home.mother, home.father):
        send(desk, address, {"person": person.key, "what": "agree"})
    db.session.rollback()
    deliver_due("a worker", None)


def until(seen: Callable[[], Any], seconds: float = 30) -> Any:
    ends = time.monotonic() + seconds
    while not (found := seen()) and time.monotonic() < ends:
        time.sleep(0.1)
        db.session.rollback()
    return found


def screen(client: FlaskClient) -> str:
    return words(client.get("/demo/phones"))


def test_phones_without_a_message_say_what_brings_one(client: FlaskClient) -> None:
    assert "No text message has arrived yet." in screen(client)


def test_agreement_is_confirmed_on_the_mother_s_phone_and_on_no_other(
    client: FlaskClient, agreed: None
) -> None:
    (letter,) = db.session.scalars(select(Letter))

    assert (letter.address, letter.kind, letter.state) == (MOTHER, "agreement", LetterState.SENT)
    assert (
        "you will get text messages about appointments, at most one a day. Answer STOP"
        in screen(client)
    )
    assert (MOTHER in screen(client), FATHER in screen(client)) == (True, False)


def test_receipt_comes_back(client: FlaskClient, agreed: None) -> None:
    assert until(lambda: "receipt returned" in screen(client))
    assert [letter.reply for letter in db.session.scalars(select(Letter))] == ["delivered"]


def test_stop_typed_on_the_phone_ends_it_and_is_answered_once(
    client: FlaskClient, agreed: None
) -> None:
    send(client, "/demo/phones", {"number": MOTHER, "words": "please stop texting me"})
    db.session.rollback()
    mother, father = (
        sms.standing_agreement(person_by_key(key)) for key in ("p-1-mother", "p-1-father")
    )

    assert (mother, father is None) == (None, False)
    said = screen(client)
    assert said.count("please stop texting me") == 1
    assert said.count("you will get no more text messages") == 1
    assert [task.kind for task in db.session.scalars(select(Task))] == ["texts_stopped"]


def test_other_words_are_a_task_for_staff(client: FlaskClient, agreed: None) -> None:
    send(client, "/demo/phones", {"number": MOTHER, "words": "Running late"})
    db.session.rollback()

    assert [task.kind for task in db.session.scalars(select(Task))] == ["text_answered"]
    assert sms.standing_agreement(person_by_key("p-1-mother")) is not None


def test_nothing_is_sent_for_a_number_that_got_nothing(client: FlaskClient, agreed: None) -> None:
    assert send(client, "/demo/phones", {"number": FATHER, "words": "STOP"}).status_code == 400
    assert "type an answer first" in words(
        client.get(send(client, "/demo/phones", {"number": MOTHER}).location)
    )


def test_gateway_keeps_a_repeated_message_once_and_refuses_the_unsigned(
    app: Flask, tmp_path: Path
) -> None:
    url, body = app.config["KINFOLD"].sms_url, outbox.text_body("a" * 32, MOTHER, "Appointment")
    codes = [
        outbox.post_signed(url, secret, body, key="k", now=now())[0]
        for secret in (SECRET, SECRET, "another")
    ]
    codes.append(outbox.post_signed(url, SECRET, b"{}", key="k", now=now())[0])

    assert codes == [202, 202, 401, 400]
    assert len(list((tmp_path / "phones").glob("*.json"))) == 1


def test_phones_are_nowhere_but_in_the_demo(sqlite_app: Flask) -> None:
    assert browser(sqlite_app).get("/demo/phones").status_code == 404


@pytest.mark.parametrize("width", [390, 1280])
def test_phones_fit_the_screen(
    client: FlaskClient, agreed: None, app: Flask, browser: Any, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(f"{app.config['KINFOLD'].base_url}/demo/phones")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".talk li").count() == 1
    page.fill("#words", "What time?")
    page.click("text=Send")
    page.locator(".talk li.mine").wait_for()

    assert page.locator(".talk li.mine").count() == 1
    page.close()
