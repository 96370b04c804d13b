"""`worker drain`: what it says, and how it ends. A father without consent stands by."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from cast import assemble, session
from fakes.post_office import PostOffice
from fakes.postgres import free_port
from scheduler.kernel.database import db
from scheduler.outbox.models import Heartbeat, Letter, LetterState
from scheduler.people import practice


@pytest.fixture(autouse=True)
def evening(app: Flask) -> None:
    """One appointment the mother may know of."""
    session(assemble(), datetime(2027, 3, 9, 16))


def drained(runner: FlaskCliRunner) -> tuple[int, str, str]:
    said = runner.invoke(args=["worker", "drain"])
    return said.exit_code, said.stdout, said.stderr


def test_drain_says_what_it_carried_and_a_second_one_nothing(
    runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    first, second = drained(runner), drained(runner)

    assert first == (0, "1 sent, 0 to be tried again, 0 set aside\n", "")
    assert second == (0, "0 sent, 0 to be tried again, 0 set aside\n", "")
    assert [letter.recipients for letter in post_office.messages] == [["dana@family.example"]]


def test_drain_exits_1_while_the_mail_server_is_down_and_sends_later(
    app: Flask, runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    here = app.config["KINFOLD"]
    app.config["KINFOLD"] = replace(here, smtp_url=f"smtp://127.0.0.1:{free_port()}?starttls=off")
    down = drained(runner)
    app.config["KINFOLD"] = here
    up = drained(runner)

    assert down[:2] == (1, "0 sent, 0 to be tried again, 0 set aside\n")
    assert down[2].endswith("letters wait\n")
    assert (up[0], len(post_office.messages)) == (0, 1)


def test_drain_without_a_mail_server_exits_1_and_writes_nothing(runner: FlaskCliRunner) -> None:
    code, said, complained = drained(runner)

    assert (code, said) == (1, "")
    assert complained == "SMTP_URL is not set: nothing can leave. Letters wait until it is.\n"
    assert db.session.scalars(select(Letter)).all() == []


def test_letter_refused_for_now_is_tried_again_and_for_good_is_set_aside(
    runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    post_office.refuse["dana@family.example"] = "450 4.2.1 busy"
    later = drained(runner)
    db.session.rollback()
    letter = db.session.scalars(select(Letter)).one()
    letter.due_at = datetime.fromisoformat("2026-01-05T05:00+00:00")
    db.session.commit()
    post_office.refuse["dana@family.example"] = "550 5.1.1 unknown"
    refused = drained(runner)

    assert later == (0, "0 sent, 1 to be tried again, 0 set aside\n", "")
    assert refused == (0, "0 sent, 0 to be tried again, 1 set aside\n", "")
    db.session.rollback()
    assert [row.state for row in db.session.scalars(select(Letter))] == [LetterState.SET_ASIDE]


def test_drain_leaves_no_heartbeat(runner: FlaskCliRunner, post_office: PostOffice) -> None:
    drained(runner)

    assert db.session.scalars(select(Heartbeat)).all() == []


def test_nothing_leaves_under_a_name_that_gives_it_away(
    runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    practice().outward_name = "Sunrise Recovery"
    db.session.commit()

    code, said, complained = drained(runner)

    assert (code, said, post_office.messages) == (1, "", [])
    assert complained == "nothing is sent: the outside would read outward_name: recover\n"
