"""A clinician's calendar is followed at an address: read every few hours, the last good reading
kept.

Three steps, so that no transaction waits for a stranger's server: claim one that is due, look (no
rows), settle.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import select, update

from scheduler import audit
from scheduler.busy.models import BusyCalendar, BusyFeed
from scheduler.busy.replace_calendar import (
    AHEAD,
    Stretch,
    reading,
    replace_calendar,
    require_clinician,
)
from scheduler.ical import LARGEST
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.safe_http import OPEN_INTERNET, Fetched, Network, fetch, plain_address
from scheduler.kernel.sandbox import apart
from scheduler.people.models import Person

EVERY = timedelta(hours=4)
"""How often an address is read: calendars say no other pace of themselves (RFC 7986 5.7 is rarely
written).
"""
SOON = timedelta(minutes=30)
"""How long after a first failure it is tried again; each further one doubles it, up to `EVERY`."""
LEASE = timedelta(minutes=10)
"""How long a worker has for one reading before another may take it."""
BETWEEN = timedelta(minutes=1)
"""How long after a try the next may be asked for."""
FRESH = timedelta(days=30)
"""An unchanged calendar is read whole again when the days known ahead are this much fewer."""
WALL = 20.0
"""Seconds for one answer, whatever the other side does."""


@dataclass(frozen=True, slots=True)
class Due:
    """One calendar to be read: where, under which conditions, and what reads it."""

    person_id: str
    address: str
    tag: str | None
    modified: str | None
    read: "partial[tuple[Stretch, ...]]"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look brought: `stretches` None when nothing has changed; `wrong` says why nothing
    came.
    """

    fetched: Fetched | None = None
    stretches: tuple[Stretch, ...] | None = None
    wrong: str | None = None


def follow(person: Person, address: str, *, by: str, now: datetime) -> None:
    """Let the worker read the calendar at `address`, next and then every few hours; what was known
    stays until then.

    Raises InputError for an address that may not be read; then nothing has changed.
    """
    require_clinician(person)
    plain = plain_address(address)
    row = db.session.get(BusyFeed, person.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    db.session.add(BusyFeed(person_id=person.id, address=plain, added_at=now, next_at=now))
    db.session.flush()
    audit.append(
        "busy.followed", f"person {person.id}", {"host": urlsplit(plain).hostname}, by=by, now=now
    )


def read_soon(person: Person, *, now: datetime) -> None:
    """Let the worker read it next, a minute after the last try at the earliest. Raises InputError:
    none is followed.
    """
    row = db.session.get(BusyFeed, person.id)
    if row is None:
        raise InputError("no calendar is followed; give its address first")
    row.next_at = max(now, (row.tried_at or now - BETWEEN) + BETWEEN)


def claim(*, now: datetime) -> Due | None:
    """Take the calendar that is due longest, so that no other worker reads it meanwhile; None when
    none is due.
    """
    row = db.session.scalar(
        select(BusyFeed).where(BusyFeed.next_at <= now).order_by(BusyFeed.next_at).limit(1)
    )
    if row is None:
        return None
    mine = update(BusyFeed).where(
        BusyFeed.person_id == row.person_id, BusyFeed.next_at == row.next_at
    )
    taken = db.session.execute(
        mine.values(next_at=now + LEASE, tried_at=now).returning(BusyFeed.person_id)
    )
    if taken.first() is None:
        return None
    person, known = (
        db.session.get_one(Person, row.person_id),
        db.session.get(BusyCalendar, row.person_id),
    )
    whole = known is None or row.read_at is None or known.read_until < now + AHEAD - FRESH
    conditions = (None, None) if whole else (row.tag, row.modified)
    return Due(row.person_id, row.address, *conditions, reading(person, now=now))


def look(due: Due, *, reach: Network = OPEN_INTERNET, wall: float = WALL) -> Seen:
    """Fetch (for at most `wall` seconds) and read one calendar, each in a child process with hard
    limits; no rows.

    Raises nothing: what went wrong is in what was seen.
    """
    ask = partial(fetch, tag=due.tag, modified=due.modified, largest=LARGEST, reach=reach)
    try:
        fetched = apart(ask, due.address.encode("ascii"), wall=wall)
        return Seen(fetched, None if fetched.data is None else apart(due.read, fetched.data))
    except InputError as error:
        return Seen(wrong=str(error))


def settle(due: Due, seen: Seen, *, now: datetime) -> None:
    """Write what a look brought; after a failure the last good reading stays. Another address
    since: nothing.
    """
    row = db.session.get(BusyFeed, due.person_id, populate_existing=True, with_for_update=True)
    if row is None or row.address != due.address:
        return
    if seen.fetched is None:
        row.wrong, row.failures = seen.wrong, row.failures + 1
        row.next_at = now + min(EVERY, SOON * 2 ** min(row.failures - 1, 8))
        return
    if seen.stretches is not None or seen.fetched.tag:
        row.tag, row.modified = seen.fetched.tag, seen.fetched.modified
    row.read_at, row.wrong, row.failures, row.next_at = now, None, 0, now + EVERY
    if seen.stretches is not None:
        count = replace_calendar(db.session.get_one(Person, due.person_id), seen.stretches, now=now)
        audit.append("busy.read", f"person {due.person_id}", {"times": count}, by="worker", now=now)
