"""What broke is said to nobody who asks: no words, no places, no values."""

import pytest
from flask import Flask

from scheduler.web.auth.access import Who, allow

SECRET = "SELECT password_hash FROM people"


@allow(Who.ANYONE)
def broken() -> str:
    raise RuntimeError(SECRET)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_page_that_breaks_says_nothing_of_why(
    house: Flask, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    house.add_url_rule("/breaks", "breaks", broken)
    monkeypatch.setitem(house.config, "PROPAGATE_EXCEPTIONS", False)
    answer = house.test_client().get("/breaks", headers={"Accept": accept})

    assert answer.status_code == 500
    told = [word for word in (SECRET, "RuntimeError", "Traceback", ".py") if word in answer.text]
    assert told == []


def test_nothing_is_debugged_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    from conftest import settings
    from scheduler import create_app

    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert create_app(settings(sqlite_url)).debug is False
