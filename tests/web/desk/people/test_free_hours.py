"""At the desk: when somebody is free, as a grid and as rows."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import NOW, Household
from scheduler.admissions import change_hours
from scheduler.clinics import dump, export, load, read
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Window, person_by_key
from visitor import TOKEN, say_yes, send

PAGE = "/desk/patients/p-1/hours/p-1-mother"
EVENING = Window(("mon", "wed"), 17 * 60, 20 * 60)
ODD = Window(("sat",), 1050, 1440)
CELLS = [f"{day}-{hour}" for day in ("mon", "wed") for hour in (17, 18, 19)]


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    return told_and_sent(home)


def saved(desk: FlaskClient, said: dict[str, object], seen: str = "null") -> TestResponse:
    token = TOKEN.search(desk.get(PAGE).text)
    assert token is not None
    return desk.post(PAGE, data={"csrf_token": token[1], "seen": seen} | said)


def free() -> object:
    db.session.rollback()
    return person_by_key("p-1-mother").free


def test_grid_and_rows_become_windows(desk: FlaskClient) -> None:
    row = {"days0": "sat", "from0": "17:30", "to0": "24:00"}

    answer = saved(desk, {"free": "hours", "cell": CELLS} | row)

    assert (answer.status_code, free()) == (303, (EVENING, ODD))


def test_page_shows_what_is_known_in_grid_and_rows(desk: FlaskClient, home: Household) -> None:
    change_hours(home.mother, (EVENING, ODD), seen=home.mother.free, by="rivera", now=NOW)
    db.session.commit()

    shown = desk.get(PAGE).text

    ticked = [cell for cell in CELLS if f'value="{cell}" checked' in shown]
    assert (ticked, shown.count('name="cell"')) == (CELLS, 7 * 15)
    assert ('value="17:30"' in shown, 'value="24:00"' in shown) == (True, True)


@pytest.mark.parametrize(("said", "found"), [("always", None), ("never", ())])
def test_always_and_never_are_said_in_one_word(desk: FlaskClient, said: str, found: object) -> None:
    saved(desk, {"free": said})

    assert free() == found


def test_hours_that_end_before_they_begin_are_refused(desk: FlaskClient) -> None:
    before = free()
    row = {"days0": "sat", "from0": "20:00", "to0": "17:00"}

    answer = saved(desk, {"free": "hours"} | row)

    assert (answer.status_code, free()) == (422, before)
    assert ('href="#free"' in answer.text, 'value="20:00"' in answer.text) == (True, True)


def test_somebody_elses_change_is_told_and_not_overwritten(
    desk: FlaskClient, home: Household
) -> None:
    change_hours(home.mother, (EVENING,), seen=home.mother.free, by="wren", now=NOW)
    db.session.commit()

    answer = saved(desk, {"free": "never"})

    assert (answer.status_code, free()) == (409, (EVENING,))
    assert "Monday, Wednesday 17:00–20:00" in answer.text
    assert 'value="never" checked' in answer.text


def test_load_of_an_export_changes_nothing(desk: FlaskClient) -> None:
    saved(desk, {"free": "hours", "cell": CELLS})
    db.session.rollback()

    assert load(read(dump(export()).encode()), by="command", now=NOW).made == []


def test_relative_of_another_family_has_no_page_here(desk: FlaskClient) -> None:
    assert desk.get("/desk/patients/p-1/hours/p-2-aunt").status_code == 404
    assert send(desk, PAGE, {"free": "always", "seen": "null"}).status_code == 303


def letters_waiting() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING))
    return [(row.address, row.kind) for row in rows]


def test_letter_that_narrowed_hours_cause_is_shown_before_it_leaves(
    desk: FlaskClient, home: Household
) -> None:
    home.appointment(1)
    home.consent()
    announce(by="command", now=NOW)
    for letter in db.session.scalars(select(Letter)):
        letter.state = LetterState.SENT
    db.session.commit()
    before = free()

    shown = saved(desk, {"free": "never"})
    kept = free(), letters_waiting()
    done = say_yes(desk, shown, PAGE, {"free": "never", "seen": "null"})

    assert "Save these hours and tell 1 person" in shown.text
    assert "no longer on your calendar" in shown.text.casefold()
    assert kept == (before, [])
    assert (done.status_code, free()) == (303, ())
    assert letters_waiting() == [(person_by_key("p-1-mother").email, "cancellation")]
