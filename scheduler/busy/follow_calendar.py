"""A clinician's calendar is followed at an address: read every few hours, the last good reading
kept.

Three steps, so that no transaction waits for a stranger's server: claim one that is due, look (no
rows), settle.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import update

from scheduler import audit
from scheduler.busy.models import BusyCalendar, BusyFeed
from scheduler.busy.queries import next_due
from scheduler.busy.replace_calendar import (
    AHEAD,
    read,
    reading,
    replace_calendar,
    require_clinician,
)
from scheduler.ical import LARGEST, Busy
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.http_answer import Unreachable
from scheduler.kernel.untrusted.safe_http import (
    OPEN_INTERNET,
    Fetched,
    Network,
    fetch,
    plain_address,
)
from scheduler.kernel.untrusted.sandbox import apart
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
    read: "partial[Busy]"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look brought: `busy` None when nothing has changed; `wrong` says why nothing came,
    and `wait` for how many seconds the server asked not to be asked again.
    """

    fetched: Fetched | None = None
    busy: Busy | None = None
    wrong: str | None = None
    wait: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a child process that asked a server says."""

    fetched: Fetched | None = None
    wrong: str | None = None
    wait: int | None = None


def follow(person: Person, address: str, *, by: str, now: datetime) -> None:
    """Let the worker read the calendar at `address`, next and then every few hours; what was known
    stays until then.

    Raises InputError for an address that may not be read; then nothing has changed.
    """
    require_clinician(person)
    plain = plain_address(address)
    host = urlsplit(plain).hostname
    row = db.session.get(BusyFeed, person.id)
    not_before = None
    if row is not None:
        if urlsplit(row.address).hostname == host:
            not_before = row.not_before
        db.session.delete(row)
        db.session.flush()
    feed = BusyFeed(
        person_id=person.id,
        address=plain,
        added_at=now,
        next_at=max(now, not_before or now),
        not_before=not_before,
    )
    db.session.add(feed)
    db.session.flush()
    audit.append("busy.followed", f"person {person.id}", {"host": host}, by=by, now=now)


def read_soon(person: Person, *, now: datetime) -> None:
    """Let the worker read it next, a minute after the last try at the earliest, and not before its
    server allows. Raises InputError: none is followed.
    """
    row = db.session.get(BusyFeed, person.id)
    if row is None:
        raise InputError("no calendar is followed; give its address first")
    soonest = now
    if row.tried_at is not None:
        soonest = max(soonest, row.tried_at + BETWEEN)
    if row.not_before is not None:
        soonest = max(soonest, row.not_before)
    row.next_at = soonest


def claim(*, now: datetime) -> Due | None:
    """Take the calendar that is due longest, so that no other worker reads it meanwhile; None when
    none is due.
    """
    row = next_due(now)
    if row is None or not _is_taken(row, now):
        return None
    person = db.session.get_one(Person, row.person_id)
    is_whole = _wants_all(row, now)
    return Due(
        person_id=row.person_id,
        address=row.address,
        tag=None if is_whole else row.tag,
        modified=None if is_whole else row.modified,
        read=reading(person, now=now),
    )


def _is_taken(row: BusyFeed, now: datetime) -> bool:
    """Take a calendar for the length of a lease; False when another worker was quicker."""
    lease = (
        update(BusyFeed)
        .where(BusyFeed.person_id == row.person_id)
        .where(BusyFeed.next_at == row.next_at)
        .values(next_at=now + LEASE, tried_at=now)
        .returning(BusyFeed.person_id)
    )
    taken = db.session.execute(lease)
    return taken.first() is not None


def _wants_all(row: BusyFeed, now: datetime) -> bool:
    """True if a calendar is read whole, changed or not."""
    known = db.session.get(BusyCalendar, row.person_id)
    if known is None or row.read_at is None:
        return True
    enough = now + AHEAD - FRESH
    return known.read_until < enough


def look(due: Due, *, reach: Network = OPEN_INTERNET, wall: float = WALL) -> Seen:
    """Fetch (for at most `wall` seconds) and read one calendar, each in a child process with hard
    limits; no rows.

    Raises nothing: what went wrong is in what was seen.
    """
    question = partial(ask, tag=due.tag, modified=due.modified, reach=reach)
    address = due.address.encode("ascii")
    try:
        asked = apart(question, address, Asked, wall=wall, longest=2 * LARGEST)
        if asked.fetched is None:
            return Seen(wrong=asked.wrong, wait=asked.wait)
        data = asked.fetched.data
        if data is None:
            return Seen(asked.fetched)
        busy = read(due.read, data)
        return Seen(asked.fetched, busy)
    except InputError as error:
        return Seen(wrong=str(error))


def ask(address: bytes, *, tag: str | None, modified: str | None, reach: Network) -> Asked:
    """Ask the server at an address; what goes wrong is in the answer."""
    try:
        found = fetch(address, tag=tag, modified=modified, largest=LARGEST, reach=reach)
        return Asked(found)
    except Unreachable as error:
        return Asked(wrong=str(error), wait=error.wait)


def settle(due: Due, seen: Seen, *, now: datetime) -> None:
    """Write what a look brought; after a failure the last good reading stays. Another address
    since: nothing.
    """
    row = db.session.get(BusyFeed, due.person_id, populate_existing=True, with_for_update=True)
    if row is None or row.address != due.address:
        return
    if seen.fetched is None:
        _note_failure(row, seen, now=now)
        return
    if seen.busy is not None or seen.fetched.tag:
        row.tag = seen.fetched.tag
        row.modified = seen.fetched.modified
    row.read_at = now
    row.wrong = None
    row.failures = 0
    row.next_at = now + EVERY
    row.not_before = None
    if seen.busy is None:
        return
    person = db.session.get_one(Person, due.person_id)
    count = replace_calendar(person, seen.busy, now=now)
    audit.append("busy.read", f"person {person.id}", {"times": count}, by="worker", now=now)


def _note_failure(row: BusyFeed, seen: Seen, *, now: datetime) -> None:
    """Write why a calendar was not read, and when it is tried again."""
    doublings = min(row.failures, 8)
    delay = SOON * 2**doublings
    soonest = now + min(EVERY, delay)
    row.wrong = seen.wrong
    row.failures += 1
    row.next_at = soonest
    row.not_before = None
    if seen.wait:
        row.not_before = now + timedelta(seconds=seen.wait)
        row.next_at = max(soonest, row.not_before)
