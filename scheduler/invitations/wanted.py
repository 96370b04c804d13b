"""What every relative should know of the future: read from sessions through the audience, grouped by calendar name."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.consents import Recipient, audiences
from scheduler.invitations.itip import Content, Meeting
from scheduler.invitations.outward import outward
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions import calendar_names
from scheduler.sessions.models import CalendarForm, CalendarName, Session, Status

Known = list[tuple[Session, Recipient]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one person should know under one name, and as the recipient of what."""

    name: CalendarName
    recipient: Recipient
    content: Content
    covers_until: datetime


def wanted(people: Collection[str] | None, *, now: datetime) -> dict[str, Wanted]:
    """Give by UID what relatives (ids; None: all) should know of sessions that have not begun."""
    known: dict[str, Known] = defaultdict(list)
    sessions = upcoming(now)
    told = audiences(sessions, now=now)
    for session in sessions:
        for recipient in told[session.id]:
            if recipient.role is PersonKind.RELATIVE and (people is None or recipient.person.id in people):
                known[recipient.person.id].append((session, recipient))
    if not known:
        return {}
    host = practice().outward_email.rpartition("@")[2]
    names = calendar_names({one: [each for each, _ in pairs] for one, pairs in known.items()}, host=host, now=now)
    grouped: dict[str, Known] = defaultdict(list)
    by_uid: dict[str, CalendarName] = {}
    for person_id, pairs in known.items():
        for session, recipient in pairs:
            name = names[person_id, session.id]
            by_uid[name.uid] = name
            grouped[name.uid].append((session, recipient))
    return {uid: _wanted(by_uid[uid], pairs) for uid, pairs in grouped.items()}


def upcoming(now: datetime) -> list[Session]:
    """Give the sessions still to begin that relatives could be invited to, in order."""
    rows = select(Session).where(
        Session.starts_at > now, Session.status == Status.SCHEDULED, Session.kind.in_(sorted(FAMILY_KINDS))
    )
    return list(db.session.scalars(rows.order_by(Session.starts_at, Session.key)))


def content_of(sessions: Iterable[Session], *, series: bool) -> Content:
    """Give what a calendar would say of sessions of one series; only the program's outward title names them."""
    rows = sorted(sessions, key=lambda each: each.starts_at)
    zone = rows[0].zone
    meetings = tuple(
        Meeting(each.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), each.minutes, each.starts_at, each.id)
        for each in rows
    )
    words = outward().base_url, practice().outward_email
    return Content(rows[0].cohort.program.outward_title, zone, series, meetings, *words)


def telling(person: Person) -> str:
    """Give the zone a person reads times in."""
    return person.zone or practice().zone


def _wanted(name: CalendarName, pairs: Known) -> Wanted:
    content = content_of((session for session, _ in pairs), series=name.form is CalendarForm.SERIES)
    # The last session's grant holds now and then, so it covers all that lies between.
    last, recipient = max(pairs, key=lambda pair: pair[0].ends_at)
    return Wanted(name, recipient, content, last.ends_at)
