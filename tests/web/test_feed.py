"""Feeds over the wire: for programs, conditional, without cookies, telling nothing to guessers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler import feeds
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from tests.web.conftest import Clock


@pytest.fixture
def address(house: Flask, clock: Clock) -> str:
    secret = feeds.make(person_by_key("jordan"), by="command", now=clock.at)
    db.session.commit()
    return f"/feeds/{secret}.ics"


def test_feed_is_a_calendar_without_cookies(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get(address)

    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "private, max-age=300, must-revalidate"
    assert (answer.headers.get("Set-Cookie"), answer.headers.get("Vary")) == (None, None)
    assert answer.data.count(b"BEGIN:VEVENT") == 4


def test_head_is_answered_like_get_without_a_body(visitor: FlaskClient, address: str) -> None:
    got, head = visitor.get(address), visitor.head(address)

    assert head.status_code == 200
    assert (head.headers["ETag"], head.headers["Content-Length"]) == (
        got.headers["ETag"],
        got.headers["Content-Length"],
    )
    assert head.data == b""


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_known_bytes_are_not_sent_again(visitor: FlaskClient, address: str, form: str) -> None:
    first = visitor.get(address)

    again = visitor.get(address, headers={"If-None-Match": form.format(tag=first.headers["ETag"])})

    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Last-Modified"):
        assert again.headers[name] == first.headers[name]


def test_tag_goes_before_date(visitor: FlaskClient, address: str) -> None:
    modified = visitor.get(address).headers["Last-Modified"]

    answer = visitor.get(address, headers={"If-None-Match": '"other"', "If-Modified-Since": modified})

    assert answer.status_code == 200


@pytest.mark.parametrize(("since", "status"), [("same", 304), ("not a date", 200)])
def test_date_alone_is_enough_when_it_is_one(visitor: FlaskClient, address: str, since: str, status: int) -> None:
    known = visitor.get(address).headers["Last-Modified"] if since == "same" else since

    assert visitor.get(address, headers={"If-Modified-Since": known}).status_code == status


@pytest.mark.parametrize("secret", ["A" * 43, "x", "%00", "..%2Fetc"])
def test_guess_is_told_nothing(visitor: FlaskClient, secret: str) -> None:
    assert visitor.get(f"/feeds/{secret}.ics").status_code == 404
