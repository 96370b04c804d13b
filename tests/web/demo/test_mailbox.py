"""The demo's mailbox: letters as they came, a true answer mailed back; nowhere but in the demo."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import assemble, session
from conftest import settings
from fakes.postgres import free_port
from scheduler import create_app
from scheduler.invitations import announce
from scheduler.invitations.model.models import AnswerGiven
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import new_factor
from scheduler.web.demo import mailbox, phones, styleguide
from scheduler.worker.lmtp_server import ReplyDoor
from visitor import browser, send, words

NAME = "00000000000000000001-000000"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The demo on both engines, its letters in a folder of the test."""
    port = free_port()
    app = create_app(replace(settings(database_url, mail_in=f"lmtp://127.0.0.1:{port}"), demo=True))
    app.config["DEMO_MAILBOX"] = tmp_path / "mailbox"
    (tmp_path / "mailbox").mkdir()
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def invited(app: Flask, client: FlaskClient) -> None:
    """Dana's invitation lies in the mailbox; Miguel has no consent and no letter."""
    stage = assemble()
    moment = clock.now()
    session(
        stage,
        moment.replace(
            tzinfo=None,
            month=3,
            day=9,
            hour=16,
            minute=0,
            second=0,
            microsecond=0,
            year=moment.year + 1,
        ),
    )
    announce(by="command", now=moment)
    db.session.commit()
    (letter,) = db.session.scalars(select(Letter))
    (app.config["DEMO_MAILBOX"] / f"{NAME}.eml").write_bytes(letter.mime)


@pytest.fixture
def door(app: Flask) -> Iterator[Controller]:
    door = ReplyDoor(app.app_context, app.config["KINFOLD"].mail_in)
    door.start()
    yield door
    door.stop()


def test_empty_mailbox_says_what_to_do(client: FlaskClient) -> None:
    assert "No letter has arrived yet." in words(client.get("/demo/mailbox"))


def test_letter_is_shown_with_its_invitation(client: FlaskClient, invited: None) -> None:
    page = client.get("/demo/mailbox")

    assert "Invitation: Appointment" in words(page)
    assert "METHOD:REQUEST" in page.text
    assert re.findall(r"[a-z]+@family\.example", page.headers.get("Set-Cookie", "")) == []
    assert "miguel" not in page.text


def test_mailbox_is_english_all_through(client: FlaskClient, invited: None) -> None:
    page = client.get("/demo/mailbox", headers={"Accept-Language": "es"}).text

    assert ('<html lang="en"' in page, "Desde" in page) == (True, False)


def test_letter_s_page_is_shut_into_a_frame(client: FlaskClient, invited: None) -> None:
    page, frame = client.get("/demo/mailbox"), client.get(f"/demo/letters/{NAME}/page")

    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in frame.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "00000000000000000009-000000", "x"])
def test_nothing_but_letters_is_read(client: FlaskClient, invited: None, name: str) -> None:
    assert client.get(f"/demo/letters/{name}/page").status_code == 404


@pytest.mark.parametrize(
    ("word", "said"), [("yes", "ACCEPTED"), ("no", "DECLINED"), ("maybe", "TENTATIVE")]
)
def test_answer_travels_by_mail(
    client: FlaskClient, invited: None, door: Controller, word: str, said: str
) -> None:
    send(client, f"/demo/letters/{NAME}/answer", {"answer": word}, page="/demo/mailbox")

    db.session.rollback()
    (given,) = db.session.scalars(select(AnswerGiven))
    assert (given.answer.value, given.way) == (said, "mail")


def test_answer_without_a_worker_is_said_to_have_failed(client: FlaskClient, invited: None) -> None:
    answer = send(client, f"/demo/letters/{NAME}/answer", {"answer": "yes"}, page="/demo/mailbox")

    assert "The answer did not arrive" in words(client.get(answer.location))


def test_code_of_a_second_factor_is_shown(app: Flask, client: FlaskClient) -> None:
    stage = assemble()
    secret = new_factor(stage.sam, now=clock.now()).secret
    db.session.commit()
    shown = words(client.get("/demo/mailbox"))

    code = re.search(r"Sam Wren: (\d{6})", shown)
    assert code is not None
    assert pyotp.TOTP(secret).verify(code[1], for_time=clock.now(), valid_window=1)
    assert "Ana Rivera: " not in shown


def test_mailbox_is_nowhere_but_in_the_demo(sqlite_app: Flask) -> None:
    """Nor is anything else that only the demo has."""
    served = {rule.endpoint.partition(".")[0] for rule in sqlite_app.url_map.iter_rules()}

    assert browser(sqlite_app).get("/demo/mailbox").status_code == 404
    assert served & {part.bp.name for part in (mailbox, phones, styleguide)} == set()
    assert [rule.rule for rule in sqlite_app.url_map.iter_rules() if "demo" in rule.rule] == []
