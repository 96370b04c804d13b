"""What a request for a feed costs when nothing has changed: one row by its index, no object, and
never the body.

A body is kept in memory under its ETag, which is its SHA-256: what is kept can never be another
body's.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy.engine import Engine

from scheduler.kernel.ids import token_hash
from scheduler.kernel.raw_query import ask

ROOM = 32 * 1024 * 1024
"""Octets of bodies that one process keeps."""
COLUMNS = "etag, changed_at, stale_at, ended_at"


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What is known of an address without its body."""

    etag: str
    changed_at: datetime
    stale_at: datetime
    ended_at: datetime | None

    def is_settled(self, now: datetime) -> bool:
        """True if the stored body may be served as it is."""
        return self.ended_at is None and now < self.stale_at


def look_up_feed(token: str, engine: Engine) -> FeedHead | None:
    """Return what stands behind a secret, None for an unknown one; in a transaction of its own that
    only reads.
    """
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    query = f"SELECT {COLUMNS} FROM feeds WHERE token_hash = {mark}"  # noqa: S608
    row = ask(engine, query, token_hash(token))
    if row is None:
        return None
    etag, changed_at, stale_at, ended_at = row
    return FeedHead(
        etag=etag,
        changed_at=_instant(changed_at),
        stale_at=_instant(stale_at),
        ended_at=ended_at and _instant(ended_at),
    )


@lru_cache(10_000)
def _instant(value: str | datetime) -> datetime:
    """Return what the driver gave as an aware instant; SQLite keeps UTC without saying so."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC)
    return at


class BodyCache:
    """Bodies by ETag, the longest unused of them put away when there is no more room."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.held = 0
        self.lock = threading.Lock()
        self.bodies: OrderedDict[str, bytes] = OrderedDict()

    def get(self, etag: str) -> bytes | None:
        """Return a body, None when it is not here."""
        with self.lock:
            body = self.bodies.get(etag)
            if body is not None:
                self.bodies.move_to_end(etag)
            return body

    def put(self, etag: str, body: bytes) -> None:
        """Keep a body."""
        with self.lock:
            if etag in self.bodies or len(body) > self.room:
                return
            self.bodies[etag] = body
            self.held += len(body)
            while self.held > self.room:
                _, old = self.bodies.popitem(last=False)
                self.held -= len(old)
