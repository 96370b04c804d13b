"""What of a feed's address and of the asker is kept, said and logged: nothing that opens it. Only
for programs.
"""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from scheduler import feeds
from scheduler.feeds.models import Feed
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.people import person_by_key
from scheduler.sessions import cancel
from scheduler.sessions.models import Session
from visitor import browser, send, sign_in, words
from watch import Watch


@pytest.fixture
def secret(house: Flask, clock: Watch) -> str:
    made = feeds.make(person_by_key("jordan"), by="command", now=clock.moment)
    db.session.commit()
    return made


def unfolded(visitor: FlaskClient, secret: str) -> list[str]:
    body = visitor.get(f"/feeds/{secret}.ics").data.decode()
    return body.replace("\r\n ", "").split("\r\n")


def test_feed_is_never_compressed_whatever_is_offered_h3(visitor: FlaskClient, secret: str) -> None:
    answer = visitor.get(f"/feeds/{secret}.ics", headers={"Accept-Encoding": "gzip, br, deflate"})

    assert ("Content-Encoding" in answer.headers, answer.data[:15]) == (False, b"BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    "asks",
    [{}, {"Accept": "text/html"}, {"Accept": "*/*", "User-Agent": "Google-Calendar-Importer"}],
)
def test_nothing_is_negotiated_and_nobody_is_sent_to_sign_in_h2(
    visitor: FlaskClient, secret: str, asks: dict[str, str]
) -> None:
    answer = visitor.get(f"/feeds/{secret}.ics", headers=asks)

    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert (answer.headers.get("Location"), answer.headers.get("Set-Cookie")) == (None, None)


def test_session_that_fell_out_is_news_by_date_alone_h6(
    visitor: FlaskClient, secret: str, clock: Watch
) -> None:
    known = visitor.get(f"/feeds/{secret}.ics").headers["Last-Modified"]
    clock.moment += timedelta(minutes=10)
    cancel(db.session.scalars(select(Session)).first(), by="desk", now=clock.moment)  # type: ignore[arg-type]
    feeds.refresh(now=clock.moment)
    db.session.commit()

    answer = visitor.get(f"/feeds/{secret}.ics", headers={"If-Modified-Since": known})

    struck = answer.data.count(b"STATUS:CANCELLED")
    assert (answer.status_code, answer.data.count(b"BEGIN:VEVENT"), struck) == (200, 4, 1)


def test_feed_is_indexed_and_referred_to_by_nobody_h7(visitor: FlaskClient, secret: str) -> None:
    answer = visitor.get(f"/feeds/{secret}.ics")

    assert answer.headers["Cache-Control"] == "private, max-age=300, must-revalidate"
    assert (answer.headers["X-Robots-Tag"], answer.headers["Referrer-Policy"]) == (
        "noindex, nofollow",
        "no-referrer",
    )


def test_no_robots_file_keeps_google_from_the_feed_h8(visitor: FlaskClient) -> None:
    assert visitor.get("/robots.txt").status_code == 404


def test_feed_says_how_often_to_look_what_it_is_called_and_how_to_draw_it_h9_h13(
    visitor: FlaskClient, secret: str
) -> None:
    head = unfolded(visitor, secret)
    head = head[: head.index("BEGIN:VTIMEZONE")]

    assert {line for line in head if not line.startswith("UID:")} == {
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kinfold//Appointments//EN",
        "NAME:My appointments",
        "X-WR-CALNAME:My appointments",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "COLOR:teal",
        "X-APPLE-CALENDAR-COLOR:#0F5C5E",
    }


def test_page_says_that_programs_look_in_their_own_time_and_keep_copies_h9_j7(house: Flask) -> None:
    client = browser(house)
    sign_in(client, person_by_key("jordan"))

    said = words(send(client, "/mine/feed"))

    assert "Whoever has it sees when your appointments are, so do not pass it on." in said
    assert "Google may take a day. For changes on short notice, look here." in said
    assert "Google and Microsoft keep a copy of what they fetch." in said


def test_ways_to_subscribe_lead_to_this_address_h14(house: Flask) -> None:
    client = browser(house)
    sign_in(client, person_by_key("jordan"))

    page = send(client, "/mine/feed").text
    bare = page.partition('value="https://')[2].partition('"')[0]

    assert f'href="webcal://{bare}"' in page
    assert f"calendar/r?cid=webcal%3A%2F%2F{bare.replace('/', '%2F')}" in page
    assert (
        f"addfromweb?url=https%3A%2F%2F{bare.replace('/', '%2F')}&amp;name=My%20appointments"
        in page
    )
    assert (
        "data-copy" in page,
        "<svg" in page,
        "the Android app cannot add addresses" in page,
    ) == (True, True, True)


def test_secret_is_256_bits_and_only_its_hash_is_kept_j1(house: Flask, secret: str) -> None:
    row = db.session.scalars(select(Feed)).one()

    assert (len(secret), row.token_hash) == (43, token_hash(secret))
    assert secret not in repr({name: getattr(row, name) for name in Feed.__table__.columns.keys()})  # noqa: SIM118


def test_no_log_holds_a_secret_whatever_happens_j3(
    visitor: FlaskClient, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Asked, asked again, guessed, worn out, broken: what is logged names no address."""
    caplog.set_level(logging.DEBUG)
    address = f"/feeds/{secret}.ics"
    visitor.get(address)
    visitor.get(address, headers={"If-None-Match": "*"})
    visitor.get(f"/feeds/{secret}x.ics")
    visitor.post(address)

    db.session.execute(text("DROP TABLE feeds"))
    db.session.commit()
    broken = visitor.get(address)

    assert broken.status_code == 503
    assert "no_database" in caplog.text
    assert secret not in caplog.text
    assert secret not in " ".join(str(vars(record)) for record in caplog.records)
