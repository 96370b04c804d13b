"""When an address was asked for last, so that who reads it is known to have seen what changed.

One process writes it at most once in ten minutes for an address, after the answer has left; what is
not written, because it dies first, counts as not seen.
"""

import threading
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Engine

from scheduler.feeds.models import Feed
from scheduler.kernel.database import db

EVERY = timedelta(minutes=10)
SETTLES = timedelta(minutes=1)
"""How long after a change its body may still be on its way into a feed."""
MOST = 100_000
"""Addresses that one process remembers."""


class RecentFetches:
    """Which addresses one process has written of within the last minutes."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.written: dict[str, datetime] = {}

    def is_due(self, address: str, now: datetime) -> bool:
        """True if a fetch at `now` is to be written, which then counts as done; `address` is the
        hash of the secret.
        """
        with self.lock:
            last = self.written.get(address)
            if last is not None and timedelta() <= now - last < EVERY:
                return False
            if len(self.written) >= MOST:
                self.written.clear()
            self.written[address] = now
            return True


def note_fetch(engine: Engine, address: str, now: datetime) -> None:
    """Write that an address, by the hash of its secret, was asked for; in a transaction of its
    own.
    """
    feed = update(Feed).where(
        Feed.token_hash == address,
        Feed.ended_at.is_(None),
        or_(Feed.seen_at.is_(None), Feed.seen_at < now),
    )
    with engine.begin() as connection:
        connection.execute(feed.values(seen_at=now))


def unseen_since(people: Collection[str], since: datetime) -> set[str]:
    """Return those of `people` (ids) with an address that nobody has asked for since a change at
    `since`.
    """
    rows = select(
        Feed.person_id,
        Feed.seen_at,
        Feed.changed_at,
    ).where(
        Feed.person_id.in_(list(people)),
        Feed.ended_at.is_(None),
    )
    found = set()
    for person_id, seen_at, changed_at in db.session.execute(rows):
        if seen_at is None or seen_at < min(since + SETTLES, max(since, changed_at)):
            found.add(person_id)
    return found


def fetched_since(people: Collection[str], since: datetime) -> list[Feed]:
    """Return the addresses of `people` (ids), ended ones too, that a program asked for from `since`
    on, the oldest first.
    """
    wanted = select(Feed).where(Feed.person_id.in_(list(people)), Feed.seen_at >= since)
    return list(db.session.scalars(wanted.order_by(Feed.made_at, Feed.id)))
