"""Text messages as phones and gateways send them: each file of the folder does what stands beside
it.

The mother agreed to be texted at +16175550123; the father, without consent and without a number,
stands by.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from household import NOW, Household, stand_up
from scheduler import sms
from scheduler.kernel.database import db
from scheduler.sms import Reply
from scheduler.tasks.models import Task

FOLDER = Path(__file__).parent / "text"
CONFIRMS = {
    "SP Calendar: you will get no more text messages. Messages by mail go on.": "done",
    "SP Calendar: text messages about appointments, at most one a day. Questions: "
    "calendar@sp-cal.example. Answer STOP to end them.": "help",
    None: None,
}


@pytest.fixture
def home(sqlite_app: Flask) -> Household:
    home = stand_up()
    home.consent()
    home.mother.phone = "+16175550123"
    sms.opt_in(home.mother, by="desk", now=NOW)
    db.session.commit()
    return home


def take(said: dict[str, str]) -> Reply:
    return sms.receive_text(said["from"], said["text"], reply_id=said["id"], now=NOW)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.jsonl")), ids=lambda file: file.stem)
def test_text_message_does_what_stands_beside_it(file: Path, home: Household) -> None:
    right: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    posts = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    answers = [CONFIRMS[take(post).answer] for post in posts]

    assert answers == right["answers"]
    assert (sms.standing_agreement(home.mother) is None) == right["ended"]
    assert sorted(db.session.scalars(select(Task.kind))) == right["tasks"]


def test_every_value_has_its_text_message() -> None:
    values = {file.stem for file in FOLDER.glob("*.json")}

    assert values == {file.stem for file in FOLDER.glob("*.jsonl")}
