"""Feeds over the wire: for programs, conditional, without cookies, telling nothing to guessers."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler import feeds
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.web.feeds.feed import shelf
from tests.web.house import token
from watch import Watch


@pytest.fixture
def address(house: Flask, clock: Watch) -> str:
    secret = feeds.make(person_by_key("jordan"), by="command", now=clock.moment)
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

    answer = visitor.get(
        address, headers={"If-None-Match": '"other"', "If-Modified-Since": modified}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(("since", "status"), [("same", 304), ("not a date", 200)])
def test_date_alone_is_enough_when_it_is_one(
    visitor: FlaskClient, address: str, since: str, status: int
) -> None:
    known = visitor.get(address).headers["Last-Modified"] if since == "same" else since

    assert visitor.get(address, headers={"If-Modified-Since": known}).status_code == status


@pytest.mark.parametrize("secret", ["A" * 43, "x", "%00", "..%2Fetc"])
def test_guess_is_told_nothing(visitor: FlaskClient, secret: str) -> None:
    assert visitor.get(f"/feeds/{secret}.ics").status_code == 404


def test_same_bytes_come_from_memory_and_from_the_row(visitor: FlaskClient, address: str) -> None:
    shelf.bodies.clear()

    first, second = visitor.get(address), visitor.get(address)

    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])


CONDITIONS: tuple[tuple[dict[str, str], int], ...] = (
    ({}, 200),
    ({"If-None-Match": "{tag}"}, 304),
    ({"If-None-Match": "W/{tag}"}, 304),
    ({"If-None-Match": '"other", W/{tag}'}, 304),
    ({"If-None-Match": '"other"'}, 200),
    ({"If-None-Match": ""}, 200),
    ({"If-None-Match": "*", "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 304),
    ({"If-None-Match": '"other"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),
    ({"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
    ({"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
    ({"If-Modified-Since": "yesterday"}, 200),
)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions_are_judged_as_rfc_9110_says_h5(
    visitor: FlaskClient, address: str, method: str
) -> None:
    tag = visitor.get(address).headers["ETag"]
    for headers, status in CONDITIONS:
        said = {name: value.replace("{tag}", tag) for name, value in headers.items()}
        answer = visitor.open(address, method=method, headers=said)

        assert answer.status_code == status, headers
        assert (answer.headers["ETag"], "Content-Type" in answer.headers) == (tag, status == 200), (
            headers
        )
        assert bool(answer.data) == (method == "GET" and status == 200), headers


def test_withdrawal_is_served_at_once_though_bodies_are_kept(
    visitor: FlaskClient, address: str, clock: Watch
) -> None:
    assert b"BEGIN:VEVENT" in visitor.get(address).data
    feeds.make(person_by_key("jordan"), by="command", now=clock.moment)
    db.session.commit()

    emptied = visitor.get(address)
    assert (emptied.status_code, emptied.data.count(b"BEGIN:VEVENT")) == (200, 1)
    assert b"DTSTART;TZID=America/New_York:20000101T120000" in emptied.data


def test_address_that_ended_long_ago_is_gone(
    visitor: FlaskClient, address: str, clock: Watch
) -> None:
    feeds.make(person_by_key("jordan"), by="command", now=clock.moment)
    db.session.commit()
    clock.moment += timedelta(days=14)

    assert visitor.get(address).status_code == 404


def test_guesser_is_told_to_wait_and_subscribers_are_not(
    visitor: FlaskClient, address: str
) -> None:
    found = [visitor.get(f"/feeds/{'A' * 40}{number}.ics").status_code for number in range(40)]

    assert found == [404] * 30 + [429] * 10
    assert visitor.get(address).status_code == 200


def test_one_address_is_not_asked_without_end(
    house: Flask, visitor: FlaskClient, address: str
) -> None:
    house.config["FEED_PACE"].most = 3

    found = [visitor.get(address) for _ in range(4)]

    assert [one.status_code for one in found] == [200, 200, 200, 429]
    assert found[-1].headers["Retry-After"] == "600"


def test_unknown_malformed_and_other_secrets_look_alike(visitor: FlaskClient) -> None:
    found = [visitor.get(f"/feeds/{secret}.ics") for secret in ("A" * 43, "x", "%00", token())]

    assert {(one.status_code, one.data) for one in found} == {(404, found[0].data)}
