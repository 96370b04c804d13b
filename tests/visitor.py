"""Somebody with a browser without a screen: signs in, reads, sends forms with the token the page
gave them.
"""

import email
import html
import re
from contextvars import Context
from email import policy
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.invitations import send_asked_codes
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import begin_sign_in
from scheduler.people.models import Person
from scheduler.worker import drain

SIGN_IN = "__Host-kinfold"
"""The cookie of who is signed in, where BASE_URL is https as in the tests."""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def work(app: Flask) -> None:
    """Let a worker do what is due, in a context of its own as on a server: the test keeps its
    session and people.
    """
    db.session.rollback()

    def drained() -> None:
        with app.app_context():
            drain(app.config["KINFOLD"])

    Context().run(drained)


class Browser(FlaskClient):
    """Gives every request a context and a transaction of its own, as on a server."""

    def open(self, *arguments: Any, **said: Any) -> TestResponse:
        """Send one request; what the test had begun in the database is let go of first."""
        db.session.rollback()
        return Context().run(super().open, *arguments, **said)


def browser(app: Flask) -> FlaskClient:
    """Return a fresh browser."""
    return Browser(app, app.response_class, use_cookies=True)


def sign_in(client: FlaskClient, person: Person) -> None:
    """Return the browser the cookie of a person who has just signed in."""
    secret = begin_sign_in(person, now=clock.now())
    db.session.commit()
    https = client.application.config["KINFOLD"].base_url.startswith("https:")
    client.set_cookie(SIGN_IN if https else "kinfold", secret)


def send(
    client: FlaskClient, url: str, said: dict[str, str] | None = None, *, page: str | None = None
) -> TestResponse:
    """Send a form of `page` (the same address when left out)."""
    found = TOKEN.search(client.get(page or url).text)
    assert found is not None, f"{page or url} holds no form"
    return client.post(url, data={"csrf_token": found[1]} | (said or {}))


def words(response: TestResponse) -> str:
    """Return what a reader sees, in one line, without marks."""
    body = response.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    said = html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\N{WORD JOINER}", "")
    return re.sub(r"\s+", " ", said).strip()


def letters(kind: str) -> list[Letter]:
    """Return the letters of a kind, oldest first; of codes, once the worker has written them."""
    db.session.rollback()
    if kind == "code":
        send_asked_codes(now=clock.now())
        db.session.commit()
    return list(
        db.session.scalars(
            select(Letter).where(Letter.kind == kind).order_by(Letter.created_at, Letter.id)
        )
    )


def text_of(letter: Letter) -> str:
    """Return the plain text of a letter, its subject first."""
    message = email.message_from_bytes(letter.mime, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


def code_mailed() -> str:
    """Return the newest code as its letter says it."""
    found = re.search(r"\b(\d{6})\b", text_of(letters("code")[-1]))
    assert found is not None
    return found[1]


SEEN = re.compile(r'name="shown" value="([^"]+)"')
"""What a page that shows letters before they leave says of them."""


def say_yes(
    client: FlaskClient, answer: TestResponse, url: str, said: dict[str, Any]
) -> TestResponse:
    """Go on where `answer` shows first what leaves; any other answer is the end of it."""
    seen = SEEN.search(answer.text)
    if seen is None:
        return answer
    found = TOKEN.search(answer.text)
    assert found is not None
    return client.post(url, data={"csrf_token": found[1], "shown": seen[1]} | said)
