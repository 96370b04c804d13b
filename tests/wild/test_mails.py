"""Mails as people, their programs and mail servers write them: each file of the folder does what
stands beside it.

In a file `{uid}` and `{message_id}` stand for those of the mother's letter. The father, without
consent, stands by and is told nothing.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from household import NOW, Household, stand_up
from scheduler.invitations import announce, receive
from scheduler.invitations.model.models import AnswerGiven, HeldReply, Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people.models import Person
from scheduler.tasks.models import Task

FOLDER = Path(__file__).parent / "mail"


@pytest.fixture
def home(sqlite_app: Flask) -> Household:
    home = stand_up()
    home.consent()
    home.appointment(1)
    announce(by="command", now=NOW)
    db.session.execute(update(Letter).values(state=LetterState.SENT, sent_at=NOW))
    db.session.commit()
    return home


def filled(data: bytes) -> bytes:
    """The mail, about the letter that this household has sent."""
    letter = db.session.scalars(select(Letter)).one()
    uid = db.session.scalars(select(Invitation.uid)).one()
    return data.replace(b"{uid}", uid.encode()).replace(b"{message_id}", letter.message_id.encode())


def answers() -> list[list[str | None]]:
    rows = db.session.scalars(select(AnswerGiven))
    return [[row.answer.value, row.comment] for row in rows]


def held() -> list[list[str | None]]:
    """What waits for a person: its kind, and the words that were kept."""
    rows = db.session.scalars(select(HeldReply))
    return [[row.kind.value, row.comment] for row in rows]


def tasks() -> list[list[str | None]]:
    """The kind of each task, and the key of the person it is about."""
    rows = db.session.execute(
        select(Task.kind, Person.key).outerjoin(Person, Person.id == Task.about_id)
    )
    return sorted([kind, key] for kind, key in rows)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.eml")), ids=lambda file: file.stem)
def test_mail_does_what_stands_beside_it(file: Path, home: Household) -> None:
    right: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    data = filled(file.read_bytes())

    for _ in range(2):  # whatever comes twice counts once
        receive(data, by="reply", now=NOW)

    assert answers() == right.get("answers", [])
    assert held() == right.get("held", [])
    assert tasks() == right.get("tasks", [])
    assert len(db.session.scalars(select(Letter)).all()) == 1


def test_every_value_has_its_mail() -> None:
    values = {file.stem for file in FOLDER.glob("*.json")}

    assert values == {file.stem for file in FOLDER.glob("*.eml")}
