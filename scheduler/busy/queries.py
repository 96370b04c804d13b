"""Shared reads of busy times."""

from datetime import datetime

from sqlalchemy import select

from scheduler.busy.models import BusyCalendar, BusyFeed, BusyTime
from scheduler.kernel.database import db
from scheduler.people.models import Person


def busy_times(first: datetime, last: datetime) -> list[tuple[str, tuple[datetime, datetime]]]:
    """Return (clinician's key, stretch) for every busy time between two instants, in order."""
    rows = (
        select(Person.key, BusyTime.starts_at, BusyTime.ends_at)
        .join(Person, Person.id == BusyTime.person_id)
        .where(BusyTime.starts_at < last)
        .where(BusyTime.ends_at > first)
        .order_by(BusyTime.starts_at, Person.key)
    )
    found = []
    for key, begin, end in db.session.execute(rows):
        stretch = begin, end
        found.append((key, stretch))
    return found


def next_due(now: datetime) -> BusyFeed | None:
    """Return the followed calendar that is due longest at `now`, None when none is."""
    due = select(BusyFeed).where(BusyFeed.next_at <= now)
    longest = due.order_by(BusyFeed.next_at).limit(1)
    return db.session.scalar(longest)


def calendar_of(person: Person) -> BusyCalendar | None:
    """Return what is known of the calendar a clinician brought."""
    return db.session.get(BusyCalendar, person.id)


def feed_of(person: Person) -> BusyFeed | None:
    """Return the address at which a clinician's calendar is followed, and how that goes."""
    return db.session.get(BusyFeed, person.id)
