"""A clinician's calendar is followed at its address: read gently, the last good reading kept, and
plans keep clear.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fakes.calendar_server import URL, CalendarServer, serving
from household import Household
from scheduler.busy import (
    busy_times,
    calendar_of,
    claim,
    feed_of,
    follow,
    forget,
    look,
    read_soon,
    settle,
    upload,
)
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.worker.strangers.busy_refresh import read_calendars
from tests.busy.test_upload import calendar

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LAST = NOW + timedelta(days=400)
HOUR = timedelta(hours=1)
ONE = calendar("DTSTART:20270302T140000Z\r\nDURATION:PT1H")
TWO = calendar(
    "DTSTART:20270302T140000Z\r\nDURATION:PT1H", "DTSTART:20270303T140000Z\r\nDURATION:PT1H"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with serving(tmp_path) as server:
        server.body = ONE
        yield server


@pytest.fixture
def home(home: Household) -> Household:
    """Rivera follows a calendar; nothing of it has been read yet."""
    follow(home.rivera, URL, by="rivera", now=NOW)
    db.session.commit()
    return home


@pytest.fixture
def reads(server: CalendarServer) -> Callable[[datetime], int]:
    """The worker's round at a moment; gives how many calendars it read."""

    def round_at(moment: datetime) -> int:
        with clock.turned_to(lambda: moment):
            return read_calendars(reach=server.reach)

    return round_at


def known() -> int:
    db.session.rollback()
    return len(busy_times(NOW, LAST))


def state(home: Household) -> tuple[str | None, int, timedelta]:
    """What went wrong last, how often in a row, and how long after NOW it is read next."""
    db.session.rollback()
    row = feed_of(home.rivera)
    assert row is not None
    return row.wrong, row.failures, row.next_at - NOW


def test_followed_calendar_is_read_at_once_and_then_every_four_hours(
    home: Household, server: CalendarServer, reads: Callable[[datetime], int]
) -> None:
    assert [reads(NOW), reads(NOW + HOUR), known()] == [1, 0, 1]
    server.body = TWO

    assert [reads(NOW + 4 * HOUR), known(), state(home)] == [1, 2, (None, 0, 8 * HOUR)]


def test_unchanged_calendar_is_asked_about_and_not_carried_again(
    home: Household, server: CalendarServer, reads: Callable[[datetime], int]
) -> None:
    server.tag = '"v1"'
    reads(NOW)
    reads(NOW + 4 * HOUR)
    reads(NOW + 8 * HOUR)

    assert [each.get("if-none-match") for each in server.asked] == [None, '"v1"', '"v1"']
    assert (known(), state(home)) == (1, (None, 0, 12 * HOUR))


def test_unchanged_calendar_is_read_whole_again_as_the_days_go_by(
    home: Household, server: CalendarServer, reads: Callable[[datetime], int]
) -> None:
    server.tag = '"v1"'
    reads(NOW)
    reads(NOW + timedelta(days=31))

    assert [each.get("if-none-match") for each in server.asked] == [None, None]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [(500, b"", "it is tried again later"), (200, b"hello", ""), (200, ONE[:-30], "")],
    ids=["server fails", "no calendar", "cut off"],
)
def test_last_good_reading_stays_when_one_fails(
    home: Household,
    server: CalendarServer,
    reads: Callable[[datetime], int],
    status: int,
    body: bytes,
    words: str,
) -> None:
    reads(NOW)
    server.status, server.body = status, body

    reads(NOW + 4 * HOUR)
    wrong, failures, after = state(home)
    assert (known(), failures, after, wrong is not None and words in wrong) == (
        1,
        1,
        4.5 * HOUR,
        True,
    )
    row = feed_of(home.rivera)
    assert row is not None
    assert (row.read_at, row.tried_at) == (NOW, NOW + 4 * HOUR)


def test_failures_are_tried_again_ever_more_slowly_and_heal(
    home: Household, server: CalendarServer, reads: Callable[[datetime], int]
) -> None:
    server.status, waits, at = 503, [], NOW
    for _ in range(5):
        reads(at)
        waits.append(state(home)[2] - (at - NOW))
        at = NOW + state(home)[2]

    assert waits == [HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 4 * HOUR]
    server.status = 200
    reads(at)
    assert (known(), state(home)[:2]) == (1, (None, 0))


def test_server_that_wants_to_be_left_alone_is(
    home: Household, server: CalendarServer, reads: Callable[[datetime], int]
) -> None:
    server.status, server.said = 429, {"Retry-After": "86400"}
    reads(NOW)
    read_soon(home.rivera, now=NOW + HOUR)
    db.session.commit()

    assert state(home)[1:] == (1, 24 * HOUR)
    assert [reads(NOW + 23 * HOUR), reads(NOW + 24 * HOUR), len(server.asked)] == [0, 1, 2]


def test_address_given_anew_is_not_asked_before_its_server_allows(
    home: Household, server: CalendarServer, reads: Callable[[datetime], int]
) -> None:
    server.status, server.said = 503, {"Retry-After": "7200"}
    reads(NOW)
    follow(home.rivera, f"{URL}?again", by="rivera", now=NOW + HOUR)
    db.session.commit()

    assert [reads(NOW + HOUR), reads(NOW + 2 * HOUR)] == [0, 1]


def test_good_answer_ends_the_wait(
    home: Household, server: CalendarServer, reads: Callable[[datetime], int]
) -> None:
    server.status, server.said = 429, {"Retry-After": "60"}
    reads(NOW)
    server.status, server.said = 200, {}
    reads(NOW + HOUR)

    row = feed_of(home.rivera)
    assert row is not None
    assert (row.not_before, state(home)) == (None, (None, 0, 5 * HOUR))


def test_this_machine_is_never_read_by_the_worker(home: Household, server: CalendarServer) -> None:
    follow(home.rivera, f"https://localtest.example:443/{server.port}", by="rivera", now=NOW)
    due = claim(now=NOW)
    assert due is not None

    seen = look(due)

    assert (seen.fetched, server.asked) == (None, [])
    assert (
        seen.wrong == "localtest.example is no known server of the open internet; check the address"
    )


def test_server_that_says_nothing_is_given_up(home: Household, server: CalendarServer) -> None:
    server.pause = 3
    due = claim(now=NOW)
    assert due is not None

    assert look(due, reach=server.reach, wall=1.0).wrong == "reading it takes too long"


def test_calendar_asked_for_is_read_next_but_not_twice_a_minute(
    home: Household, reads: Callable[[datetime], int]
) -> None:
    reads(NOW)
    read_soon(home.rivera, now=NOW + timedelta(seconds=10))
    db.session.commit()

    assert [reads(NOW + timedelta(seconds=seconds)) for seconds in (10, 59, 60)] == [0, 0, 1]


def test_claimed_calendar_is_read_by_one_worker(home: Household, server: CalendarServer) -> None:
    first, second = claim(now=NOW), claim(now=NOW)

    assert (first is not None, second, claim(now=NOW + HOUR) is not None) == (True, None, True)


def test_what_was_read_at_an_address_given_up_meanwhile_is_not_kept(
    home: Household, server: CalendarServer
) -> None:
    due = claim(now=NOW)
    assert due is not None
    seen = look(due, reach=server.reach)
    forget(home.rivera, by="rivera", now=NOW)

    settle(due, seen, now=NOW)

    assert (seen.busy is not None, busy_times(NOW, LAST), feed_of(home.rivera)) == (
        True,
        [],
        None,
    )


def test_file_takes_the_place_of_the_address(
    home: Household, reads: Callable[[datetime], int]
) -> None:
    reads(NOW)
    upload(home.rivera, TWO, by="rivera", now=NOW)
    db.session.commit()

    assert (known(), reads(NOW + 4 * HOUR), feed_of(home.rivera)) == (2, 0, None)


def test_forgotten_address_leaves_nothing(
    home: Household, reads: Callable[[datetime], int]
) -> None:
    reads(NOW)
    forget(home.rivera, by="rivera", now=NOW)
    db.session.commit()

    assert (known(), calendar_of(home.rivera), feed_of(home.rivera), reads(NOW + 4 * HOUR)) == (
        0,
        None,
        None,
        0,
    )


@pytest.mark.parametrize("who", ["father", "mother", "jordan"])
def test_only_clinicians_calendars_are_followed(home: Household, who: str) -> None:
    with pytest.raises(InputError):
        follow(getattr(home, who), URL, by="x", now=NOW)
