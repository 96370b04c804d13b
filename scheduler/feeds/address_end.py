"""Ending a calendar address at its owner's word; the way in which sessions come follows."""

from datetime import datetime

from scheduler import audit
from scheduler.feeds.store import standing_feed
from scheduler.kernel.database import db
from scheduler.people.models import Person


def end_address(person: Person, *, by: str, now: datetime) -> bool:
    """End the calendar address of a person; True if there was one. For 14 days it says one neutral
    date of long ago, after that it is unknown.
    """
    feed = standing_feed(person)
    if feed is None:
        return False
    feed.ended_at = now
    db.session.flush()
    audit.append("feeds.ended", f"person {person.id}", {"feed": feed.id}, by=by, now=now)
    return True
