"""One-time codes: one person's, once, for ten minutes and five tries."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from cast import assemble
from scheduler.kernel.database import db
from scheduler.people import CODE_LASTS, new_code, redeem
from scheduler.people.models import SignInCode

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_code_has_six_digits_and_is_stored_as_a_hash(app: Flask) -> None:
    code = new_code(assemble().jordan, now=NOW)

    (row,) = db.session.scalars(select(SignInCode))
    assert (len(code), code.isdecimal(), len(row.code_hash), code in row.code_hash[:6]) == (
        6,
        True,
        64,
        False,
    )


def test_code_opens_once(app: Flask) -> None:
    stage = assemble()
    code = new_code(stage.jordan, now=NOW)

    assert (redeem([stage.jordan], code, now=NOW), redeem([stage.jordan], code, now=NOW)) == (
        stage.jordan,
        None,
    )


def test_code_may_be_typed_with_blanks(app: Flask) -> None:
    stage = assemble()
    code = new_code(stage.jordan, now=NOW)

    assert redeem([stage.jordan], f" {code[:3]} {code[3:]} ", now=NOW) == stage.jordan


def test_code_is_void_after_ten_minutes(app: Flask) -> None:
    stage = assemble()
    code = new_code(stage.jordan, now=NOW)

    assert redeem([stage.jordan], code, now=NOW + CODE_LASTS) is None


def test_newer_code_voids_the_older(app: Flask) -> None:
    stage = assemble()
    older = new_code(stage.jordan, now=NOW)
    newer = new_code(stage.jordan, now=NOW + timedelta(minutes=1))
    found = [
        redeem([stage.jordan], code, now=NOW + timedelta(minutes=1))
        for code in (older, newer)
        if older != newer
    ]

    assert found == [None, stage.jordan]


def test_five_wrong_tries_void_the_code(app: Flask) -> None:
    stage = assemble()
    code = new_code(stage.jordan, now=NOW)

    for _ in range(5):
        redeem([stage.jordan], another(code), now=NOW)

    assert redeem([stage.jordan], code, now=NOW) is None


def test_fourth_wrong_try_leaves_one_more(app: Flask) -> None:
    stage = assemble()
    code = new_code(stage.jordan, now=NOW)

    for _ in range(4):
        redeem([stage.jordan], another(code), now=NOW)

    assert redeem([stage.jordan], code, now=NOW) == stage.jordan


def test_code_of_the_mother_lets_nobody_else_in(app: Flask) -> None:
    stage = assemble()
    code = new_code(stage.dana, now=NOW)

    assert (redeem([stage.miguel], code, now=NOW), redeem([], code, now=NOW)) == (None, None)
