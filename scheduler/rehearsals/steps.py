"""At which moments something may be due for one relative: walked from one to the next."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from scheduler.consents import agenda
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.outbox import hours_for, letters_waiting, safe_from
from scheduler.outbox.models import Channel
from scheduler.people import people_by_id, practice
from scheduler.people.models import Person
from scheduler.reminders import DAYS_BEFORE, REACH, next_due
from scheduler.sessions.models import SessionChange

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def known_ahead(person: Person, grants: Collection[Grant], now: datetime) -> list[datetime]:
    """Return the moments that are known from the start, in order: when a session comes into the
    reach of reminders, when the patient is told of an end, when the grants begin and end.
    """
    found = {now}
    zone = ZoneInfo(practice().zone)
    for grant in grants:
        found |= {grant.valid_from, grant.valid_until}
        last = (grant.valid_until - timedelta(seconds=1)).astimezone(zone).date()
        for days in DAYS_BEFORE:
            morning = datetime.combine(last - timedelta(days=days), time(), zone)
            found.add(morning.astimezone(now.tzinfo))
    end = max(grant.valid_until for grant in grants)
    for session, _recipient in agenda(person, now=now, since=now, until=end):
        found.add(session.starts_at - REACH)
    found |= _cooling(now)
    return sorted(moment for moment in found if now <= moment <= end)


def _cooling(now: datetime) -> set[datetime]:
    """Return when what was published a moment ago may be told."""
    cools = select(func.max(SessionChange.not_before)).where(
        SessionChange.heard_at.is_(None), SessionChange.not_before > now
    )
    last = db.session.scalar(cools)
    return {last} if last is not None else set()


def walk(ahead: Iterable[datetime], people: Collection[str], now: datetime) -> Iterator[datetime]:
    """Give one moment after another, from what is known ahead and from what is due by then for
    `people` (ids).
    """
    left = sorted(ahead)
    end = left[-1] if left else now
    moment = now
    while moment <= end:
        yield moment
        following = [*left, *_due(people, moment)]
        moment = min(
            (later for later in following if later > moment),
            default=end + QUARTER,
        )


def _due(people: Collection[str], moment: datetime) -> Iterator[datetime]:
    """Give when reminders and letters of `people` (ids) are due; what waits for a better hour is
    looked at when it may come.
    """
    due = next_due(people, now=moment)
    if due is not None and due > moment:
        yield due
    elif due is not None:
        yield from _better_hours(people, moment)
    for letter in letters_waiting(people):
        yield letter.due_at


def _better_hours(people: Collection[str], moment: datetime) -> Iterator[datetime]:
    """Give when what waits may go: quiet hours end at a whole hour of the reader's zone, and marked
    hours when whoever marked them said.
    """
    house = practice().zone
    readers = list(people_by_id(people).values())
    for reader in readers:
        local = moment.astimezone(ZoneInfo(reader.zone or house))
        begun = local.replace(minute=0, second=0, microsecond=0)
        yield begun.astimezone(moment.tzinfo) + HOUR
    mails = [(reader.id, reader.email) for reader in readers]
    texts = [(reader.id, reader.phone or "") for reader in readers]
    for letters, channel in ((mails, Channel.MAIL), (texts, Channel.TEXT)):
        for hours in hours_for(letters, channel).values():
            free = safe_from(moment, hours)
            if free is not None:
                yield free
