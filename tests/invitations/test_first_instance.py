"""The first date of a series: gone or moved it is no exception to its own rule, because programs
read that differently.

C12. The father stands by.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from foreign import readings
from household import NOW, Household, place
from invitations.sync.test_announce import calendar, letters, sent, shown, told
from scheduler import feeds
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.sessions.models import CalendarName, Session, Status


@pytest.fixture
def weeks(home: Household) -> list[Session]:
    """The mother knows a weekly series of five dates."""
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(5)]
    told()
    sent()
    return sessions


def shift(session: Session, days: int) -> None:
    place(
        session,
        datetime.fromisoformat(session.starts_local) + timedelta(days=days),
        session.minutes,
    )
    db.session.flush()


def fresh(minute: int) -> list[Letter]:
    """Announce, let it leave, and give the new letters: those of the series first."""
    before = {letter.id for letter in letters()}
    told(minute)
    sent()
    new = [letter for letter in letters() if letter.id not in before]
    return sorted(new, key=lambda letter: letter.sequence or 0, reverse=True)


def starts(letter: Letter) -> list[datetime]:
    found = readings(calendar(letter), letter.address)
    assert all(each == found["vobject"] for each in found.values())
    return [start for start, _ in found["vobject"]]


def test_cancelled_first_date_lets_the_series_begin_later(weeks: list[Session]) -> None:
    weeks[0].status = Status.CANCELLED

    (letter,) = fresh(1)

    assert (letter.kind, letter.sequence, starts(letter)) == (
        "update",
        1,
        [each.starts_at for each in weeks[1:]],
    )
    assert not [word for word in (b"EXDATE", b"RECURRENCE-ID") if word in calendar(letter)]


def test_moved_first_date_stands_apart_and_the_series_begins_later(weeks: list[Session]) -> None:
    shift(weeks[0], 2)

    series, single = fresh(1)

    assert (series.uid, series.sequence) == (letters()[0].uid, 1)
    assert starts(series) == [each.starts_at for each in weeks[1:]]
    assert (single.kind, starts(single)) == ("invitation", [weeks[0].starts_at])
    assert not [word for word in (b"EXDATE", b"RECURRENCE-ID") if word in calendar(series)]


def test_what_stands_apart_stays_apart_when_it_moves_back(weeks: list[Session]) -> None:
    """B2: no name is changed twice."""
    shift(weeks[0], 2)
    _, single = fresh(1)
    shift(weeks[0], -2)

    (letter,) = fresh(2)

    assert (letter.uid, letter.sequence) == (single.uid, 1)


def test_date_moved_before_the_first_stands_apart(weeks: list[Session]) -> None:
    shift(weeks[2], -15)

    series, single = fresh(1)

    assert starts(series) == [
        weeks[0].starts_at,
        weeks[1].starts_at,
        weeks[3].starts_at,
        weeks[4].starts_at,
    ]
    assert starts(single) == [weeks[2].starts_at]


def test_next_date_of_a_running_series_moves_within_it(weeks: list[Session]) -> None:
    """Only a beginning is at the edge: what has begun is the first instance for ever."""
    later = int((weeks[0].ends_at - NOW).total_seconds()) // 60
    shift(weeks[1], 1)

    (letter,) = fresh(later)

    assert (letter.kind, len(shown(letter).times)) == ("update", 5)
    assert b"RECURRENCE-ID" in calendar(letter)


def test_feed_without_invitations_says_a_moved_first_date_alike(home: Household) -> None:
    """A patient's feed, which no letter goes before."""
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(5)]
    feeds.make(home.jordan, by="command", now=NOW)
    shift(sessions[0], 2)
    feeds.refresh(now=NOW + timedelta(minutes=1))
    names = list(
        db.session.scalars(select(CalendarName).where(CalendarName.person_id == home.jordan.id))
    )

    feed = feeds.standing_feed(home.jordan)
    assert (
        feed is not None
        and b"RECURRENCE-ID" not in feed.body
        and feed.body.count(b"BEGIN:VEVENT") == 2
    )
    assert sorted(name.form for name in names) == ["series", "singles"]
