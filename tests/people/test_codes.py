"""One-time codes: one person's, once, for ten minutes and five tries."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from cast import assemble
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.people import CODE_LASTS, count_try, new_code, take_back_try, use_code, which_fits
from scheduler.people.models import Person, SignInCode

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
HERE, ELSEWHERE = "this browser", "another browser"


def made(person: Person, *, browser: str = HERE, at: datetime = NOW) -> str:
    return new_code(person, browsers=[token_hash(browser)], now=at).digits


def typed(
    person: Person | None, code: str, *, browser: str = HERE, at: datetime = NOW
) -> Person | None:
    tried = count_try([person] if person else [], browser=browser, now=at)
    right = which_fits(tried, code)
    return person if right is not None and use_code(right, now=at) else None


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_code_has_six_digits_and_is_stored_as_a_hash(app: Flask) -> None:
    code = made(assemble().jordan)

    (row,) = db.session.scalars(select(SignInCode))
    assert (len(code), code.isdecimal(), len(row.code_hash), code in row.code_hash[:6]) == (
        6,
        True,
        64,
        False,
    )


def test_code_opens_once(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)

    assert (typed(stage.jordan, code), typed(stage.jordan, code)) == (
        stage.jordan,
        None,
    )


def test_code_may_be_typed_with_blanks(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)

    assert typed(stage.jordan, f" {code[:3]} {code[3:]} ") == stage.jordan


def test_code_is_void_after_ten_minutes(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)

    assert typed(stage.jordan, code, at=NOW + CODE_LASTS) is None


def test_newer_code_voids_the_older(app: Flask) -> None:
    stage = assemble()
    older = made(stage.jordan)
    newer = made(stage.jordan, at=NOW + timedelta(minutes=1))
    found = [
        typed(stage.jordan, code, at=NOW + timedelta(minutes=1))
        for code in (older, newer)
        if older != newer
    ]

    assert found == [None, stage.jordan]


def test_five_wrong_tries_void_the_code(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)

    for _ in range(5):
        typed(stage.jordan, another(code))

    assert typed(stage.jordan, code) is None


def test_fourth_wrong_try_leaves_one_more(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)

    for _ in range(4):
        typed(stage.jordan, another(code))

    assert typed(stage.jordan, code) == stage.jordan


def test_code_of_the_mother_lets_nobody_else_in(app: Flask) -> None:
    stage = assemble()
    code = made(stage.dana)

    assert (typed(stage.miguel, code), typed(None, code)) == (None, None)


def test_code_opens_in_the_browser_that_asked_for_it_alone(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)

    found = typed(stage.jordan, code, browser=ELSEWHERE), typed(stage.jordan, code)
    assert found == (None, stage.jordan)


def test_who_asks_again_within_a_minute_is_sent_the_code_that_stands(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)

    assert made(stage.jordan, at=NOW + timedelta(seconds=59)) == code
    assert typed(stage.jordan, code, at=NOW + timedelta(minutes=9)) == stage.jordan


def test_stranger_who_asks_makes_nothing_void(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)
    for second in (10, 70, 130):
        made(stage.jordan, browser=ELSEWHERE, at=NOW + timedelta(seconds=second))

    assert typed(stage.jordan, code, at=NOW + timedelta(minutes=3)) == stage.jordan


def test_guesses_of_a_stranger_leave_the_owner_their_tries(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)
    made(stage.jordan, browser=ELSEWHERE)
    for _ in range(5):
        typed(stage.jordan, another(code), browser=ELSEWHERE)

    assert typed(stage.jordan, code, browser=ELSEWHERE) is None
    assert typed(stage.jordan, code) == stage.jordan


def test_code_sent_twice_opens_once_whichever_browser(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)
    made(stage.jordan, browser=ELSEWHERE)

    assert typed(stage.jordan, code) == stage.jordan
    assert typed(stage.jordan, code, browser=ELSEWHERE) is None


def test_code_that_opened_is_not_sent_again(app: Flask) -> None:
    stage = assemble()
    first = made(stage.jordan)
    typed(stage.jordan, first)
    made(stage.jordan)

    assert len(db.session.scalars(select(SignInCode)).all()) == 2


def test_try_that_was_never_compared_is_not_counted(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)
    for _ in range(9):
        tried = count_try([stage.jordan], browser=HERE, now=NOW)
        take_back_try(tried, browser=HERE)

    assert typed(stage.jordan, code) == stage.jordan


def test_right_code_opens_for_the_first_of_two_at_once(app: Flask) -> None:
    stage = assemble()
    code = made(stage.jordan)
    made(stage.jordan, browser=ELSEWHERE)
    tried = [count_try([stage.jordan], browser=where, now=NOW) for where in (HERE, ELSEWHERE)]
    right = [which_fits(one, code) for one in tried]

    assert [use_code(one, now=NOW) for one in right if one is not None] == [True, False]
