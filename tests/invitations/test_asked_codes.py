"""Codes that were asked for: one row for every address, and a letter for who may have one."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from cast import Cast, assemble, grant
from scheduler.invitations import send_asked_codes
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import CODE_LASTS, ask_for_code, note_wrong_code
from scheduler.people.models import Person
from scheduler.people.proofs.models import CodeAsk, CodeAsking
from scheduler.programs import Kind
from visitor import text_of

NOW = datetime(2027, 3, 2, 15, tzinfo=UTC)
NOBODY = "nobody@elsewhere.example"


@pytest.fixture
def stage(app: Flask) -> Cast:
    """The mother has a consent, the father has none."""
    return assemble(Kind.FAMILY_THERAPY)


def ask(address: str, *, browser: str = "here", known: bool = False, **more: str) -> None:
    ask_for_code(
        address,
        browser=browser,
        known=known,
        asked_language=more.get("asked_language"),
        language=more.get("language", "en"),
        person_id=more.get("person_id"),
        now=NOW,
    )


def written(*, after: timedelta = timedelta()) -> list[Letter]:
    """Let the worker answer, and return the letters it wrote."""
    db.session.commit()
    send_asked_codes(now=NOW + after)
    db.session.commit()
    return list(db.session.scalars(select(Letter).where(Letter.kind == "code")))


def stopped(person: Person) -> None:
    for _ in range(100):
        note_wrong_code(person, now=NOW)


def test_every_address_is_one_row_of_one_shape(stage: Cast) -> None:
    for address in (stage.jordan.email, stage.dana.email, stage.miguel.email, NOBODY):
        ask(address)
    rows = list(db.session.scalars(select(CodeAsk)))
    shapes = set()
    for row in rows:
        columns = inspect(CodeAsk).columns.keys()
        said = {name: getattr(row, name) for name in columns if name not in ("id", "address")}
        shapes.add(tuple(said.items()))

    assert (len(rows), len(shapes)) == (4, 1)


def test_who_may_have_a_code_gets_one_and_the_rows_are_gone(stage: Cast) -> None:
    for address in (stage.jordan.email, stage.dana.email, stage.miguel.email, NOBODY):
        ask(address)

    told = {letter.recipient_id for letter in written()}
    left = db.session.scalar(select(func.count()).select_from(CodeAsk))
    assert (told, left) == ({stage.jordan.id, stage.dana.id}, 0)


def test_asked_often_is_one_letter_that_opens_in_every_browser(stage: Cast) -> None:
    for browser in ("one", "two", "two"):
        ask(stage.dana.email.upper(), browser=browser)

    assert len(written()) == 1
    assert db.session.scalar(select(func.count()).select_from(CodeAsking)) == 2


def test_behind_a_link_of_their_own_nobody_else_of_the_mailbox_is_written_to(stage: Cast) -> None:
    stage.miguel.email = stage.dana.email
    grant(stage.miguel, stage.jordan, Kind.FAMILY_THERAPY)
    ask(stage.dana.email, person_id=stage.miguel.id)

    assert [letter.recipient_id for letter in written()] == [stage.miguel.id]


def test_what_was_asked_for_too_long_ago_is_let_go_of(stage: Cast) -> None:
    ask(stage.dana.email)

    assert written(after=CODE_LASTS) == []
    assert db.session.scalars(select(CodeAsk)).all() == []


def test_letter_is_in_what_the_page_was_asked_in_then_their_own_language(stage: Cast) -> None:
    stage.dana.language = "es"
    ask(stage.dana.email, language="pt-BR")
    ask(stage.jordan.email, asked_language="pt-BR")

    subjects = {text_of(letter).partition("\n")[0] for letter in written()}
    assert subjects == {"Su código", "Seu código"}


def test_stopped_codes_reach_a_known_browser_alone(stage: Cast) -> None:
    stopped(stage.dana)
    ask(stage.dana.email, browser="new")
    (refused,) = written()
    ask(stage.dana.email, browser="known", known=True)
    letters = {letter.id: text_of(letter) for letter in written()}

    assert letters.pop(refused.id).startswith("No code this time")
    assert [said.startswith("Your code") for said in letters.values()] == [True]
