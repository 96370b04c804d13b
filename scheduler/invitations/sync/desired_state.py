"""What everybody who is invited should know of the future: read through the audience, grouped by
calendar name.

Relatives are always invited, patients and clinicians when they chose it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import or_, select

from scheduler.consents import Recipient, audiences, is_placed
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.links import link_settings
from scheduler.kernel.database import db
from scheduler.people import calendar_choices, practice
from scheduler.people.models import Person, PersonKind, Way
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions import calendar_names, wall_start
from scheduler.sessions.models import (
    CalendarForm,
    CalendarName,
    Session,
    SessionLead,
    SessionPatient,
    Status,
)

Known = list[tuple[Session, Recipient]]


@dataclass(frozen=True, slots=True)
class DesiredState:
    """What one person should know under one name, and as the recipient of what."""

    name: CalendarName
    recipient: Recipient
    content: Content
    covers_until: datetime


def desired_state(people: Collection[str] | None, *, now: datetime) -> dict[str, DesiredState]:
    """Return by UID what those who are invited (ids; None: all) should know of sessions that have
    not begun.
    """
    known = _known_by_person(people, now)
    if not known:
        return {}
    names = _names(known, now)
    grouped: dict[str, Known] = defaultdict(list)
    by_uid: dict[str, CalendarName] = {}
    for person_id, pairs in known.items():
        for session, recipient in pairs:
            name = names[person_id, session.id]
            by_uid[name.uid] = name
            grouped[name.uid].append((session, recipient))
    wanted = {}
    for uid, pairs in grouped.items():
        wanted[uid] = _wanted(by_uid[uid], pairs)
    return wanted


def _names(known: Mapping[str, Known], now: datetime) -> Mapping[tuple[str, str], CalendarName]:
    """Return by (person, session) the calendar name it goes under."""
    host = practice().outward_email.rpartition("@")[2]
    theirs = {}
    for person_id, pairs in known.items():
        theirs[person_id] = [session for session, _ in pairs]
    return calendar_names(theirs, host=host, now=now)


def _known_by_person(people: Collection[str] | None, now: datetime) -> dict[str, Known]:
    """Return by person (id) the sessions they are invited to, and as whom."""
    ways = {}
    for person_id, choice in calendar_choices(people).items():
        if choice.way is not Way.FEED:
            ways[person_id] = choice.way
    known: dict[str, Known] = defaultdict(list)
    sessions = upcoming(now, ways)
    told = audiences(sessions, now=now)
    for session in sessions:
        for recipient in told[session.id]:
            asked_for = people is None or recipient.person.id in people
            if asked_for and is_invited(recipient, session, ways):
                known[recipient.person.id].append((session, recipient))
    return known


def is_invited(recipient: Recipient, session: Session, ways: Mapping[str, Way]) -> bool:
    """True if somebody who may know of a session is invited to it; `ways` are the choices of
    patients and clinicians by id.
    """
    if recipient.role is PersonKind.RELATIVE:
        return True
    way = ways.get(recipient.person.id, Way.FEED)
    return way is Way.INVITATIONS or (way is Way.BOTH and is_placed(session))


def upcoming(now: datetime, choosers: Collection[str] = ()) -> list[Session]:
    """Return the sessions still to begin that relatives, or these patients and clinicians (ids),
    could be invited to, in order.
    """
    could = [Session.kind.in_(sorted(FAMILY_KINDS))]
    if choosers:
        for seats in (SessionPatient, SessionLead):
            theirs = select(seats.session_id).where(seats.person_id.in_(list(choosers)))
            could.append(Session.id.in_(theirs))
    rows = select(Session).where(
        Session.starts_at > now,
        Session.status == Status.SCHEDULED,
        or_(*could),
    )
    in_order = rows.order_by(Session.starts_at, Session.key)
    return list(db.session.scalars(in_order))


def content_of(sessions: Iterable[Session], *, series: bool) -> Content:
    """Return what a calendar would say of sessions of one series; only the program's outward title
    names them.
    """
    rows = sorted(sessions, key=attrgetter("starts_at"))
    zone = rows[0].zone
    meetings = []
    for session in rows:
        start = wall_start(session, zone)
        meetings.append(
            Meeting(
                start,
                session.minutes,
                session.starts_at,
                session.id,
            )
        )
    return Content(
        rows[0].cohort.program.outward_title,
        zone,
        series,
        tuple(meetings),
        place=link_settings().base_url,
        sender=practice().outward_email,
    )


def telling(person: Person) -> str:
    """Return the zone a person reads times in."""
    return person.zone or practice().zone


def _wanted(name: CalendarName, pairs: Known) -> DesiredState:
    sessions = [session for session, _ in pairs]
    is_series = name.form is CalendarForm.SERIES
    content = content_of(sessions, series=is_series)
    # The last session's grant holds now and then, so it covers all that lies between.
    last, recipient = max(pairs, key=_end)
    return DesiredState(name, recipient, content, last.ends_at)


def _end(pair: tuple[Session, Recipient]) -> datetime:
    session, _ = pair
    return session.ends_at
