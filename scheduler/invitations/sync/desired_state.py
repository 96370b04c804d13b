"""What everybody who is invited should know of the future: read through the audience, grouped by
calendar name.

Relatives are invited until they chose otherwise, patients and clinicians when they chose
it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import ColumnElement, and_, or_, select

from scheduler.consents import Recipient, audiences
from scheduler.invitations.model.chosen_ways import ChosenWays, chosen_ways
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.links import link_settings
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, Relative, Way
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
    if people is not None and not people:
        return {}
    ways = chosen_ways(people)
    known = _known_by_person(people, ways, now)
    if not known:
        return {}
    names = _names(known, now)
    told = _told_uids(ways)
    grouped: dict[str, Known] = defaultdict(list)
    by_uid: dict[str, CalendarName] = {}
    for person_id, pairs in known.items():
        for session, recipient in pairs:
            name = names[person_id, session.id]
            is_invited = ways.invites(recipient, session)
            if ways.stays(person_id, name.uid):
                is_invited = name.uid in told
            if is_invited:
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


def _told_uids(ways: ChosenWays) -> set[str]:
    """Return the UIDs under which something stands told, of those that stay as they came."""
    kept = {uid for uids in ways.kept.values() for uid in uids}
    if not kept:
        return set()
    rows = select(Invitation.uid).where(Invitation.uid.in_(kept), Invitation.told.is_not(None))
    return set(db.session.scalars(rows))


def _known_by_person(
    people: Collection[str] | None, ways: ChosenWays, now: datetime
) -> dict[str, Known]:
    """Return by person (id) the sessions they could be invited to, and as whom."""
    chose = []
    for person_id, way in ways.ways.items():
        if way is not Way.FEED or ways.kept.get(person_id):
            chose.append(person_id)
    known: dict[str, Known] = defaultdict(list)
    sessions = upcoming(now, chose, people)
    told = audiences(sessions, now=now)
    for session in sessions:
        for recipient in told[session.id]:
            asked_for = people is None or recipient.person.id in people
            if asked_for and _could_be_invited(recipient, session, ways):
                known[recipient.person.id].append((session, recipient))
    return known


def _could_be_invited(recipient: Recipient, session: Session, ways: ChosenWays) -> bool:
    """True if somebody is invited by what they chose, or was before they changed their mind."""
    return ways.invites(recipient, session) or bool(ways.kept.get(recipient.person.id))


def upcoming(
    now: datetime, choosers: Collection[str] = (), people: Collection[str] | None = None
) -> list[Session]:
    """Return the sessions still to begin that relatives (among `people`, by id; None: all), or
    these patients and clinicians (ids), could be invited to, in order.
    """
    could = [_seats_family_of(people)]
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


def _seats_family_of(people: Collection[str] | None) -> ColumnElement[bool]:
    """Choose the sessions that seat families: everybody's, or those of these relatives (ids)."""
    seats_families = Session.kind.in_(sorted(FAMILY_KINDS))
    if people is None:
        return seats_families
    patients = select(Relative.patient_id).where(Relative.person_id.in_(list(people)))
    theirs = select(SessionPatient.session_id).where(SessionPatient.person_id.in_(patients))
    return and_(seats_families, Session.id.in_(theirs))


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
