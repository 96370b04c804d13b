"""Requests as browsers, scanners of mail and gateways send them: each file of the folder is
answered as stands beside it, and nothing happens but that.

In a file `{token}` stands for the token of the mother's letter. The father, without consent, stands
by.
"""

import email
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from household import NOW, stand_up
from scheduler import sms
from scheduler.invitations import announce
from scheduler.invitations.model.models import AnswerGiven
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox import signed
from scheduler.outbox.models import Letter
from scheduler.tasks.models import Task

FOLDER = Path(__file__).parent / "web"
SECRET = "shared"


@pytest.fixture
def token(sqlite_app: Flask) -> Iterator[str]:
    sqlite_app.config["KINFOLD"] = replace(sqlite_app.config["KINFOLD"], sms_secret=SECRET)
    home = stand_up()
    home.consent()
    home.appointment(1)
    home.mother.phone = "+16175550123"
    sms.opt_in(home.mother, by="desk", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    found = re.search(r"/i/([\w.-]+)", words_of_the_letter())
    assert found is not None
    db.session.rollback()
    with turned_to(lambda: NOW):
        yield found.group(1)


def words_of_the_letter() -> str:
    letter = db.session.scalars(select(Letter)).one()
    message = email.message_from_bytes(letter.mime, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def sent(app: Flask, case: dict[str, Any], token: str) -> TestResponse:
    """What the house answers to the request of a case."""
    path = case["path"].replace("{token}", token)
    body = case.get("body", "").encode("utf-8", "surrogatepass")
    headers = dict(case.get("headers", {}))
    if case.get("signed"):
        headers |= signed(SECRET, body, NOW)
    address, _, query = path.partition("?")
    db.session.rollback()
    return app.test_client().open(
        address,
        query_string=query,
        method=case["method"],
        base_url="https://hl-sched.example",
        headers=headers,
        data=body,
    )


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_request_is_answered_as_stands_beside_it(file: Path, sqlite_app: Flask, token: str) -> None:
    case: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    right = case["right"]

    answers = [sent(sqlite_app, case, token) for _ in range(case.get("times", 1))]

    assert [answer.status_code for answer in answers] == right["status"]
    assert right.get("says", "") in answers[-1].text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AnswerGiven)) == 0
    assert sorted(db.session.scalars(select(Task.kind))) == right.get("tasks", [])
