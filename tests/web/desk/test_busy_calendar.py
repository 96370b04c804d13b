"""A clinician brings their own calendar; patients and relatives have no such page."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.busy import Seen, busy_times, claim, feed_of, settle
from scheduler.busy.models import BusyFeed
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from tests.web.house import csrf, move_in, post, sign_in_staff
from visitor import Browser
from warm import World
from watch import Watch

PAGE = "/mine/busy/"
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a@home\r\nSUMMARY:Dentist\r\n"
    b"DTSTART:20270302T140000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def house(sqlite_app: Flask, clock: Watch, world: World) -> Flask:
    """The practice; what is brought here does not depend on the engine."""
    world.begin(move_in)
    sqlite_app.test_client_class = Browser
    return sqlite_app


@pytest.fixture
def desk(visitor: FlaskClient) -> FlaskClient:
    """A member of staff."""
    sign_in_staff(visitor)
    return visitor


def bring(desk: FlaskClient, data: bytes) -> tuple[int, str]:
    answer = desk.post(
        PAGE,
        data={"csrf_token": csrf(desk, PAGE), "calendar": (BytesIO(data), "my.ics")},
        content_type="multipart/form-data",
    )
    return answer.status_code, answer.text if answer.status_code != 303 else desk.get(PAGE).text


def known(clock: Watch) -> int:
    db.session.rollback()
    return len(busy_times(clock.moment, clock.moment + timedelta(days=400)))


def test_calendar_is_brought_and_forgotten(desk: FlaskClient, clock: Watch) -> None:
    status, text = bring(desk, CALENDAR)
    assert (status, "1 busy times are known" in text, "Dentist" in text, known(clock)) == (
        303,
        True,
        False,
        1,
    )

    assert post(desk, f"{PAGE}forget", PAGE).status_code == 303
    assert known(clock) == 0


@pytest.mark.parametrize("data", [b"", b"hello", CALENDAR[:-30]])
def test_what_cannot_be_read_says_so_and_changes_nothing(
    desk: FlaskClient, clock: Watch, data: bytes
) -> None:
    bring(desk, CALENDAR)

    status, text = bring(desk, data)
    assert (status, 'role="alert"' in text, known(clock)) == (422, True, 1)


def test_calendar_of_ten_megabytes_is_taken(desk: FlaskClient, clock: Watch) -> None:
    past = CALENDAR[CALENDAR.index(b"BEGIN:VEVENT") : CALENDAR.index(b"END:VCALENDAR")]
    past = past.replace(b"20270302", b"20230302")
    count = 10 * 1024**2 // len(past)

    body = form(csrf(desk, PAGE), CALENDAR.replace(b"BEGIN:VEVENT", past * count + b"BEGIN:VEVENT"))
    answer = desk.post(PAGE, data=body, content_type="multipart/form-data; boundary=cut")

    assert (answer.status_code, known(clock)) == (303, 1)


def form(token: str, data: bytes) -> bytes:
    """The octets of a form with a file; the test client would leave a file of its own open."""
    named = 'Content-Disposition: form-data; name="csrf_token"'
    file = 'Content-Disposition: form-data; name="calendar"; filename="my.ics"'
    head = f"--cut\r\n{named}\r\n\r\n{token}\r\n--cut\r\n{file}\r\n\r\n"
    return head.encode() + data + b"\r\n--cut--\r\n"


def test_other_doors_take_no_more_than_before(desk: FlaskClient) -> None:
    answer = desk.post(f"{PAGE}address", data={"address": "x" * 1024**2})

    assert answer.status_code == 413


def test_entry_that_could_not_be_read_is_named_by_its_time(desk: FlaskClient) -> None:
    odd = CALENDAR.replace(b"DURATION:PT1H", b"DURATION:PT1H\r\nRRULE:FREQ=NOW")

    _, text = bring(desk, odd)

    assert "The appointment of" in text
    assert "its repetition is broken" in text
    assert "Dentist" not in text


ADDRESS = "webcal://calendar.example/secret-of-rivera/basic.ics"


def follow(desk: FlaskClient, address: str) -> tuple[int, str]:
    answer = post(desk, f"{PAGE}address", PAGE, address=address)
    return answer.status_code, answer.text if answer.status_code != 303 else desk.get(PAGE).text


def feed() -> BusyFeed | None:
    db.session.rollback()
    return feed_of(person_by_key("desk"))


def test_calendar_is_followed_and_its_secret_is_not_shown_again(desk: FlaskClient) -> None:
    status, text = follow(desk, ADDRESS)
    row = feed()
    assert row is not None
    assert (status, row.address) == (303, "https://calendar.example/secret-of-rivera/basic.ics")
    assert ("calendar.example is followed" in text, "It has not been read yet" in text) == (
        True,
        True,
    )
    assert "secret-of-rivera" not in text


def test_address_that_replaces_a_file_says_so_before_and_after(desk: FlaskClient) -> None:
    replaces = "takes the place of the file you brought"
    before = desk.get(PAGE).text
    _, brought = bring(desk, CALENDAR)
    answer = post(desk, f"{PAGE}address", PAGE, address=ADDRESS)
    after, later = desk.get(PAGE).text, desk.get(PAGE).text

    assert answer.status_code == 303
    assert [replaces in page for page in (before, brought, after, later)] == [
        False,
        True,
        True,
        False,
    ]
    assert "Until it is, plans keep clear of what is known since" in later


def test_address_without_a_file_before_replaces_nothing(desk: FlaskClient) -> None:
    follow(desk, ADDRESS)
    _, again = follow(desk, ADDRESS.replace("basic", "other"))

    assert "The calendar is read within a minute. Look again then." in again
    assert "takes the place" not in again.replace("A newer file takes the place of this one", "")


def test_what_went_wrong_is_said_beside_when_it_was_read(desk: FlaskClient, clock: Watch) -> None:
    bring(desk, CALENDAR)
    follow(desk, ADDRESS)
    due = claim(now=clock.moment)
    assert due is not None
    settle(
        due,
        Seen(wrong="the address answers 404: there is no calendar any more; copy the address anew"),
        now=clock.moment,
    )
    db.session.commit()

    text = desk.get(PAGE).text
    assert "The address answers 404: there is no calendar any more; copy the address anew." in text
    assert known(clock) == 1


def test_reading_is_asked_for_by_a_button(desk: FlaskClient, clock: Watch) -> None:
    follow(desk, ADDRESS)
    claim(now=clock.moment)
    db.session.commit()

    assert post(desk, f"{PAGE}again", PAGE).status_code == 303
    row = feed()
    assert row is not None
    assert row.next_at == clock.moment + timedelta(minutes=1)


@pytest.mark.parametrize(
    "address",
    ["", "http://calendar.example/a.ics", "https://10.0.0.1/a.ics", "https://localhost/a"],
)
def test_address_that_may_not_be_read_says_why(desk: FlaskClient, address: str) -> None:
    status, text = follow(desk, address)

    assert (status, 'href="#address"' in text, feed()) == (422, True, None)


def test_forgetting_ends_the_following(desk: FlaskClient) -> None:
    follow(desk, ADDRESS)

    assert (post(desk, f"{PAGE}forget", PAGE).status_code, feed()) == (303, None)


@pytest.mark.parametrize("name", ["my.html", "my.ics.exe", "calendar", "my.zip"])
def test_file_of_another_kind_is_refused_by_its_name(desk: FlaskClient, name: str) -> None:
    said = {"csrf_token": csrf(desk, PAGE), "calendar": (BytesIO(b"BEGIN:VCALENDAR"), name)}
    answer = desk.post(PAGE, data=said, content_type="multipart/form-data")

    assert (answer.status_code, "it ends in .ics" in answer.text) == (422, True)
