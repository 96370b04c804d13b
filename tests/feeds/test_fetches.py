"""An address that was fetched since a change needs no second letter. A father without consent has
an address, too.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler import feeds
from scheduler.feeds import RecentFetches, note_fetch, unseen_since
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats
from scheduler.sessions import cancel
from scheduler.sessions.models import Session

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def fetched(token: str, **later: int) -> None:
    db.session.commit()
    note_fetch(db.engine, token_hash(token), NOW + timedelta(**later))
    db.session.expire_all()


def letters(person: Person) -> int:
    rows = select(Letter).where(Letter.recipient_id == person.id, Letter.kind == "change")
    return len(list(db.session.scalars(rows)))


@pytest.fixture
def cancelled(home: Household) -> Session:
    """A group that is cancelled, and told, three days before."""
    home.consent()
    session = home.slot(0, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")
    feeds.make(home.father, by="command", now=NOW)
    now = session.starts_at - 3 * DAY
    cancel(session, by="desk", now=now)
    announce(by="worker", now=now)
    return session


def test_address_not_fetched_since_is_told_once_more_within_the_day(
    home: Household, cancelled: Session
) -> None:
    feeds.make(home.jordan, by="command", now=NOW)
    told = []

    for hours in (25, 23, 22, 1):
        announce(by="worker", now=cancelled.starts_at - hours * HOUR)
        told.append(letters(home.jordan))

    assert told == [1, 2, 2, 2]
    assert [letters(home.tess), letters(home.father)] == [1, 0]


def test_address_fetched_since_needs_no_letter_beyond_the_first(
    home: Household, cancelled: Session
) -> None:
    token = feeds.make(home.jordan, by="command", now=NOW)
    db.session.commit()
    note_fetch(db.engine, token_hash(token), cancelled.starts_at - 2 * DAY)

    announce(by="worker", now=cancelled.starts_at - 20 * HOUR)

    assert [letters(home.jordan), letters(home.father)] == [1, 0]


def test_change_within_the_day_is_told_once_whatever_is_fetched(home: Household) -> None:
    session = home.slot(0, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")
    feeds.make(home.jordan, by="command", now=NOW)
    now = session.starts_at - 20 * HOUR

    cancel(session, by="desk", now=now)
    for hours in (0, 1, 10):
        announce(by="worker", now=now + hours * HOUR)

    assert [letters(home.jordan), letters(home.father)] == [1, 0]


def test_fetch_is_kept_and_an_ended_address_has_none(home: Household) -> None:
    old = feeds.make(home.jordan, by="command", now=NOW)
    new = feeds.make(home.jordan, by="command", now=NOW)

    fetched(old, hours=2)
    before = unseen_since([home.jordan.id, home.tess.id], NOW + HOUR)
    fetched(new, hours=2)
    fetched(new, hours=1)

    assert before == {home.jordan.id}
    assert unseen_since([home.jordan.id], NOW + HOUR) == set()
    assert unseen_since([home.jordan.id], NOW + 3 * HOUR) == {home.jordan.id}


def test_fetch_is_written_once_in_ten_minutes() -> None:
    recent = RecentFetches()
    minutes = (0, 1, 9, 10, 11, 30)

    due = [recent.is_due("a", NOW + timedelta(minutes=each)) for each in minutes]

    assert due == [True, False, False, True, False, True]
    assert recent.is_due("b", NOW)
