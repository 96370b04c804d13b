"""A clinician's calendar comes, takes the place of the one before, and goes again."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert

from scheduler import audit
from scheduler.busy.models import BusyCalendar, BusyFeed, BusyTime
from scheduler.ical import Busy, read_busy
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.kernel.untrusted.sandbox import apart
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind

AHEAD = timedelta(days=400)
"""How far ahead a calendar is read: longer than any cohort."""
BACK = timedelta(days=7)

WALL = 20.0
"""Seconds for one calendar: a busy machine needs several for what takes one of processor time."""
LONGEST_ANSWER = 8 * 1024 * 1024
"""Octets of what the child that reads a calendar may answer."""

Stretch = tuple[datetime, datetime]


def upload(person: Person, data: bytes, *, by: str, now: datetime) -> int:
    """Keep when `person` is busy by the calendar in `data` and forget what an earlier one said;
    return how many times.

    It is read in a child process with hard limits; an address that was followed is followed no
    more. Raises InputError with what to do; then nothing has changed.
    """
    require_clinician(person)
    reader = reading(person, now=now)
    found = read(reader, data)
    _follow_no_more(person)
    count = replace_calendar(person, found, now=now)
    audit.append("busy.uploaded", f"person {person.id}", {"times": count}, by=by, now=now)
    return count


def forget(person: Person, *, by: str, now: datetime) -> None:
    """Forget all that a clinician's calendar said, and the address it was read at."""
    _clear(person)
    _follow_no_more(person)
    audit.append("busy.forgotten", f"person {person.id}", {}, by=by, now=now)


def require_clinician(person: Person) -> None:
    """Refuse everybody else's calendar. Raises InputError."""
    if person.kind is not PersonKind.CLINICIAN:
        raise InputError("only clinicians' own calendars are kept")


def read(how: "partial[Busy]", data: bytes) -> Busy:
    """Read a calendar in a child process with hard limits. Raises InputError with what to do."""
    return apart(how, data, Busy, wall=WALL, longest=LONGEST_ANSWER)


def reading(person: Person, *, now: datetime) -> "partial[Busy]":
    """Return what reads a calendar of `person` as of `now`, for a child process."""
    house = practice()
    ours = house.outward_email.rpartition("@")[2]
    return partial(
        read_busy,
        zone=person.zone or house.zone,
        first=now - BACK,
        last=now + AHEAD,
        ours=ours,
    )


def replace_calendar(person: Person, found: Busy, *, now: datetime) -> int:
    """Write when `person` is busy from now on, in the place of what was known; return how many
    times.
    """
    zone = person.zone or practice().zone
    _clear(person)
    known = BusyCalendar(
        person_id=person.id,
        uploaded_at=now,
        read_until=now + AHEAD,
        unread=found.unread or None,
    )
    db.session.add(known)
    db.session.flush()
    rows = []
    for starts_at, ends_at in found.stretches:
        for begin, end in by_day(starts_at, ends_at, zone):
            row = {
                "id": new_id(),
                "person_id": person.id,
                "starts_at": begin,
                "ends_at": end,
            }
            rows.append(row)
    if rows:
        db.session.execute(insert(BusyTime), rows)
    return len(rows)


def by_day(begin: datetime, end: datetime, zone: str) -> Iterator[Stretch]:
    """Return a stretch cut at each midnight of `zone`, since plans are made by days."""
    place = ZoneInfo(zone)
    while begin < end:
        today = begin.astimezone(place).date()
        tomorrow = today + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(), place)
        cut = min(midnight.astimezone(UTC), end)
        yield begin, cut
        begin = cut


def _clear(person: Person) -> None:
    times = delete(BusyTime).where(BusyTime.person_id == person.id)
    calendar = delete(BusyCalendar).where(BusyCalendar.person_id == person.id)
    db.session.execute(times)
    db.session.execute(calendar)


def _follow_no_more(person: Person) -> None:
    feed = delete(BusyFeed).where(BusyFeed.person_id == person.id)
    db.session.execute(feed)
