"""A patient or a relative chooses on their own page how they are reminded."""

import pytest
from flask import Flask

from household import Household
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.reminders import Way, Wish, wish_of
from visitor import browser, send, sign_in, words

EVENING = {"way": "mail", "when": ["day", "hour"], "evening": "19"}


def chosen(key: str) -> Wish | None:
    db.session.rollback()
    return wish_of(person_by_key(key))


@pytest.mark.parametrize("key", ["p-1", "p-1-mother"])
def test_reminders_are_chosen(sqlite_home: Household, sqlite_app: Flask, key: str) -> None:
    client = browser(sqlite_app)
    sign_in(client, person_by_key(key))

    kept = send(client, "/reminders/", EVENING)
    shown = client.get("/reminders/")

    wish = Wish(Way.MAIL, day_before=True, hour_before=True, evening=19)
    assert (kept.status_code, chosen(key)) == (303, wish)
    assert 'value="19" selected' in shown.text
    assert "You have not chosen yet" not in words(shown)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"way": "pigeon"}, "Choose how your reminders come."),
        ({"way": "text"}, "Choose how your reminders come."),
        ({"when": []}, "Choose at least one time, or no reminders."),
        ({"evening": "3"}, "Choose an hour from the list."),
    ],
)
def test_choice_that_is_none_is_said_so(
    sqlite_home: Household, sqlite_app: Flask, typed: dict[str, object], said: str
) -> None:
    """No text messages are offered to whoever did not agree to them."""
    client = browser(sqlite_app)
    sign_in(client, person_by_key("p-1-mother"))

    answer = send(client, "/reminders/", EVENING | typed)  # type: ignore[arg-type]

    assert (answer.status_code, said in words(answer)) == (422, True)
    assert chosen("p-1-mother") is None
