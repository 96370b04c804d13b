"""The short way to a calendar says what the view says, counts like it, and is logged like it."""

import json
import logging
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import feeds
from scheduler.feeds.models import Feed
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.web.feeds.feed import shelf
from watch import Watch


@pytest.fixture
def address(house: Flask, clock: Watch) -> str:
    secret = feeds.make(person_by_key("jordan"), by="command", now=clock.moment)
    db.session.commit()
    return f"/feeds/{secret}.ics"


@pytest.fixture
def by_view(house: Flask, visitor: FlaskClient, address: str) -> tuple[bytes, dict[str, str]]:
    """What the view itself answers, nothing being kept in memory."""
    shelf.bodies.clear()
    answer = visitor.get(address)
    return answer.data, dict(answer.headers)


def test_short_way_says_what_the_view_says(
    visitor: FlaskClient, address: str, by_view: tuple[bytes, dict[str, str]]
) -> None:
    answer = visitor.get(address)

    assert (answer.data, dict(answer.headers)) == by_view


def test_not_modified_says_what_the_view_says(
    house: Flask, visitor: FlaskClient, address: str, by_view: tuple[bytes, dict[str, str]]
) -> None:
    asked = {"If-None-Match": by_view[1]["ETag"]}
    with house.test_request_context(address, headers=asked):
        viewed = house.full_dispatch_request()

    answer = visitor.get(address, headers=asked)

    assert (answer.status_code, answer.data) == (viewed.status_code, viewed.data) == (304, b"")
    assert {name: answer.headers.get(name) for name, _ in viewed.headers.items()} == dict(
        viewed.headers
    )


def test_short_way_is_over_with_the_address(
    visitor: FlaskClient, address: str, by_view: tuple[bytes, dict[str, str]], clock: Watch
) -> None:
    """What is kept in memory is never served for an address that ended."""
    feeds.make(person_by_key("jordan"), by="command", now=clock.moment)
    db.session.commit()

    body = visitor.get(address).data
    assert (b":20000101T" in by_view[0], body.count(b"BEGIN:VEVENT")) == (False, 1)
    assert b":20000101T" in body


def test_visit_by_the_short_way_is_logged_without_the_secret(
    visitor: FlaskClient,
    address: str,
    by_view: tuple[bytes, dict[str, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="scheduler.web.ops.access_log"):
        visitor.get(address)

    (line,) = [record.__dict__["facts"] for record in caplog.records if record.msg == "visit"]
    assert {name: line[name] for name in ("method", "route", "status")} == {
        "method": "GET",
        "route": "/feeds/<token>.ics",
        "status": 200,
    }
    assert address.split("/")[2].removesuffix(".ics") not in json.dumps(line)


def test_both_ways_note_that_the_address_was_fetched(
    visitor: FlaskClient, address: str, clock: Watch
) -> None:
    seen = []
    etag = ""
    begin = clock.moment
    for minutes in (0, 15, 30):
        clock.moment = begin + timedelta(minutes=minutes)
        answer = visitor.get(address, headers={"If-None-Match": etag})
        answer.close()
        etag = answer.headers["ETag"]
        db.session.rollback()
        seen.append(db.session.scalar(select(Feed.seen_at).where(Feed.ended_at.is_(None))))

    assert seen == [begin + timedelta(minutes=minutes) for minutes in (0, 15, 30)]
