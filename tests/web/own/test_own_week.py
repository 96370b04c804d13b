"""Patients and relatives paint the week in which they can come; dates that this takes out are named
before. A father without consent stands by, and gets nothing.
"""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, Household
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Window, person_by_key
from scheduler.tasks import open_tasks
from visitor import browser, letters, send, sign_in, words

MONDAYS = {"free": "hours", "cell": ["mon-9", "mon-10"], "seen": "null"}


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    """The mother was invited, and it has left."""
    sqlite_home.consent()
    sqlite_home.appointment(1)
    announce(by="worker", now=NOW)
    for letter in db.session.scalars(select(Letter)):
        letter.state, letter.sent_at = LetterState.SENT, NOW
    db.session.commit()
    return sqlite_home


@pytest.fixture
def mother(home: Household, sqlite_app: Flask) -> FlaskClient:
    client = browser(sqlite_app)
    sign_in(client, person_by_key("p-1-mother"))
    return client


def plain(answer: TestResponse) -> str:
    return words(answer).replace("\xa0", " ")


def free(key: str = "p-1-mother") -> object:
    db.session.expire_all()
    return person_by_key(key).free


def keep(client: FlaskClient, said: dict[str, object]) -> TestResponse:
    return send(client, "/week/", said)  # type: ignore[arg-type]


def told() -> list[str]:
    """Return who got a letter that takes a date out."""
    return [letter.address for letter in letters("cancellation")]


def test_dates_that_hours_take_out_are_named_before(mother: FlaskClient) -> None:
    asked = keep(mother, MONDAYS)

    assert (asked.status_code, free(), told()) == (200, None, [])
    day = f"{(MONDAY + timedelta(days=1)):%-d %B}"
    said = plain(asked)
    shown = [
        words in said for words in ("These dates do not fit your hours", day, "6:00", "Family")
    ]
    assert (shown, "Jordan" in said) == ([True] * 4, False)


def test_hours_are_kept_once_that_was_seen(mother: FlaskClient) -> None:
    done = keep(mother, MONDAYS | {"sure": "yes"})

    window = Window(("mon",), 9 * 60, 11 * 60)
    assert (done.status_code, free(), told()) == (303, (window,), ["m@family.example"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"free": "never"}, "You have no hours now, so no new date can be planned with you."),
        ({"cell": [], "days0": "sun", "from0": "09:00", "to0": "09:30"}, "hardly any date fits"),
        ({}, "New dates will be at these hours."),
    ],
)
def test_hours_that_leave_nothing_are_said_so(
    mother: FlaskClient, typed: dict[str, object], said: str
) -> None:
    keep(mother, MONDAYS | {"sure": "yes"} | typed)

    assert said in words(mother.get("/week/"))


def test_hours_changed_meanwhile_are_shown_as_they_are_now(mother: FlaskClient) -> None:
    keep(mother, MONDAYS | {"sure": "yes"})

    late = keep(mother, MONDAYS | {"free": "never"})

    assert (late.status_code, "Your clinic changed these hours" in words(late)) == (409, True)
    assert 'value="mon-9" checked' in late.text
    assert json.dumps([[["mon"], 540, 660]]).replace('"', "&#34;") in late.text


def test_nothing_ticked_is_no_week(mother: FlaskClient) -> None:
    answer = keep(mother, {"free": "hours", "seen": "null"})

    assert (answer.status_code, free()) == (422, None)


def test_patient_paints_their_own_week_and_keeps_their_dates(
    home: Household, sqlite_app: Flask
) -> None:
    """Which do not fit is said before, and to staff after."""
    client = browser(sqlite_app)
    sign_in(client, person_by_key("p-1"))

    asked = keep(client, MONDAYS)
    unsaid = (free("p-1"), open_tasks())
    done = keep(client, MONDAYS | {"sure": "yes"})

    assert "They stay as they are until your clinic finds other times" in plain(asked)
    assert (asked.status_code, unsaid) == (200, (None, []))
    assert (done.status_code, free("p-1") is not None, told()) == (303, True, [])
    assert [task.kind for task in open_tasks()] == ["unfit_dates"]


def test_hours_that_fit_all_dates_ask_nothing(home: Household, sqlite_app: Flask) -> None:
    client = browser(sqlite_app)
    sign_in(client, person_by_key("p-1"))

    done = keep(client, MONDAYS | {"cell": ["tue-18", "tue-19"]})

    assert (done.status_code, open_tasks()) == (303, [])
