"""A forgotten password: a row for everybody, a letter for staff with an open account alone."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from cast import Cast, assemble
from scheduler.kernel.database import db
from scheduler.people import answer_asks, ask_for_reset, deactivate
from scheduler.people.accounts.models import PasswordAsk
from scheduler.people.models import Role
from visitor import letters, text_of

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
FRONT = "https://hl-sched.example/"


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def told(*addresses: str, after: timedelta = timedelta()) -> list[str]:
    for address in addresses:
        ask_for_reset(address, now=NOW)
    db.session.commit()
    answer_asks(FRONT, now=NOW + after)
    db.session.commit()
    return [letter.address for letter in letters("password")]


def test_every_address_is_one_row_and_staff_alone_get_a_letter(cast: Cast) -> None:
    asked = ("sam@hl-sched.example", "nobody@mail.example", cast.jordan.email, cast.dana.email)

    assert told(*asked, cast.miguel.email) == ["sam@hl-sched.example"]
    rows = db.session.scalar(select(func.count()).select_from(PasswordAsk))
    waiting = db.session.scalars(select(PasswordAsk).where(PasswordAsk.done_at.is_(None)))
    assert (rows, waiting.all()) == (5, [])


def test_letter_says_nothing_of_what_this_is(cast: Cast) -> None:
    told("sam@hl-sched.example")
    said = text_of(letters("password")[0])

    assert f"{FRONT}password/" in said
    assert "Harbor Light" not in said


def test_asked_twice_is_one_letter_whose_link_opens(cast: Cast) -> None:
    assert len(told("sam@hl-sched.example", "SAM@hl-sched.example")) == 1


def test_shut_account_gets_no_letter(cast: Cast) -> None:
    assert cast.rivera.clinician is not None
    cast.rivera.clinician.roles = (Role.CLINICIAN,)
    deactivate(cast.rivera, by="sam", now=NOW)

    assert told(cast.rivera.email) == []


def test_what_was_asked_too_long_ago_is_let_go_of(cast: Cast) -> None:
    assert told("sam@hl-sched.example", after=timedelta(hours=1)) == []
