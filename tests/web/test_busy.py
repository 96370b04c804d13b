"""A clinician brings their own calendar; patients and relatives have no such page."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.busy import busy_times
from scheduler.kernel.database import db
from tests.web.conftest import Clock
from tests.web.house import csrf, move_in, post, sign_in_staff
from visitor import Browser

PAGE = "/mine/busy/"
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a@home\r\nSUMMARY:Dentist\r\n"
    b"DTSTART:20270302T140000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def house(sqlite_app: Flask, clock: Clock) -> Flask:
    """The practice; what is brought here does not depend on the engine."""
    move_in()
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


def known(clock: Clock) -> int:
    db.session.rollback()
    return len(busy_times(clock.at, clock.at + timedelta(days=400)))


def test_calendar_is_brought_and_forgotten(desk: FlaskClient, clock: Clock) -> None:
    status, text = bring(desk, CALENDAR)
    assert (status, "1 busy times are known" in text, "Dentist" in text, known(clock)) == (303, True, False, 1)

    assert post(desk, f"{PAGE}forget", PAGE).status_code == 303
    assert known(clock) == 0


@pytest.mark.parametrize("data", [b"", b"hello", CALENDAR[:-30]])
def test_what_cannot_be_read_says_so_and_changes_nothing(desk: FlaskClient, clock: Clock, data: bytes) -> None:
    bring(desk, CALENDAR)

    status, text = bring(desk, data)
    assert (status, 'role="alert"' in text, known(clock)) == (422, True, 1)
