"""Everybody's time ahead, by those whose time is alike: a group's members share one plan of
reminders.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from scheduler import consents
from scheduler.consents import Recipient, is_placed, rosters
from scheduler.invitations import ToldDate, told_dates
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind, Practice
from scheduler.programs import FAMILY_KINDS
from scheduler.programs.models import Enrolment
from scheduler.reminders.decide_policy import policies_by_cohort
from scheduler.reminders.policy import USUAL, Audience, Policy
from scheduler.reminders.selection import Ahead
from scheduler.reminders.timing import AHEAD, DAY
from scheduler.sessions.models import Session, SessionPatient, Status

NEW = timedelta(days=45)
"""A first session lies this near to the first day of the stay."""


class Week(NamedTuple):
    """One time ahead, in order, as reminders see it; `first` is the start of the first session
    ever, None: unknown.
    """

    policy: Policy
    zone: str
    first: datetime | None
    sessions: tuple[Ahead, ...]


def weeks(now: datetime) -> list[tuple[Week, list[str]]]:
    """Return the time from a day ago to eight days ahead, with the people (ids) whose time it
    is.
    """
    if db.session.get(Practice, 1) is None:
        return []
    near = _Near()
    for roster in rosters(now - DAY, now + AHEAD):
        near.seat(
            roster.patients,
            Ahead(roster.session_id, roster.starts_at, roster.ends_at),
            roster.cohort_id,
        )
    firsts = _first_told(_family_sessions(near, now))
    newcomers, policies, house = _newcomers(now), policies_by_cohort(), practice().zone
    zones = {
        row.id: row.zone
        for row in db.session.execute(
            select(Person.id, Person.zone).where(Person.zone.is_not(None))
        )
    }
    found: dict[tuple[int, Audience, str, datetime | None], tuple[Week, list[str]]] = {}
    for person, sessions in near.by_person():
        audience = Audience.RELATIVE if person in near.relatives else Audience.PATIENT
        first = sessions[0].starts_at if person in newcomers else firsts.get(person)
        case = id(sessions), audience, zones.get(person, house), first
        if case not in found:
            policy = policies.get((near.cohorts[sessions[0].session_id], audience), USUAL[audience])
            found[case] = Week(policy, zones.get(person, house), first, sessions), []
        found[case][1].append(person)
    return list(found.values())


@dataclass(slots=True)
class _Near:
    """Sessions near, by those who sit in the same ones."""

    seats: dict[tuple[str, ...], list[Ahead]] = field(default_factory=lambda: defaultdict(list))
    cohorts: dict[str, str] = field(default_factory=dict)
    relatives: set[str] = field(default_factory=set)

    def seat(self, people: tuple[str, ...], session: Ahead, cohort_id: str) -> None:
        self.seats[people].append(session)
        self.cohorts[session.session_id] = cohort_id

    def by_person(self) -> Iterable[tuple[str, tuple[Ahead, ...]]]:
        """Return each person's own time; those who always sit together share it."""
        circles: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for people in self.seats:
            for person in people:
                circles[person].append(people)
        shared: dict[tuple[int, ...], tuple[Ahead, ...]] = {}
        for person, rows in circles.items():
            case = tuple(map(id, rows))
            if case not in shared:
                mine = [session for people in rows for session in self.seats[people]]
                shared[case] = tuple(
                    sorted(mine, key=lambda session: (session.starts_at, session.session_id))
                )
            yield person, shared[case]


def _family_sessions(near: _Near, now: datetime) -> Iterable[ToldDate]:
    """Seat those whom consent lets know of family sessions, and give what relatives among them were
    told.
    """
    these = (
        Session.starts_at > now - DAY,
        Session.starts_at <= now + AHEAD,
        Session.status == Status.SCHEDULED,
    )
    rows = {
        row.id: row
        for row in db.session.scalars(select(Session).where(*these, Session.kind.in_(FAMILY_KINDS)))
    }
    audiences = consents.audiences(rows.values(), now=now)
    recipients = {(one.person.id, key): one for key, those in audiences.items() for one in those}
    for person, sessions in ahead(rows, recipients).items():
        for session in sessions:
            near.seat((person,), session, rows[session.session_id].cohort_id)
    near.relatives = {
        recipient.person.id
        for recipient in recipients.values()
        if recipient.role is PersonKind.RELATIVE
    }
    return told_dates(near.relatives) if near.relatives else ()


def _newcomers(now: datetime) -> set[str]:
    """Return the patients (ids) who came of late and have had no session yet."""
    had = (
        select(SessionPatient.person_id)
        .join(Session, Session.id == SessionPatient.session_id)
        .where(SessionPatient.person_id == Enrolment.patient_id)
        .where(Session.starts_at <= now, Session.status != Status.CANCELLED)
    )
    new = Enrolment.first >= (now - NEW).date()
    return set(db.session.scalars(select(Enrolment.patient_id).where(new, ~had.exists())))


def _first_told(told: Iterable[ToldDate]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for date in told:
        first[date.person_id] = min(date.begins_at, first.get(date.person_id, date.begins_at))
    return first


def ahead(
    sessions: Mapping[str, Session], recipients: Mapping[tuple[str, str], Recipient]
) -> dict[str, list[Ahead]]:
    """Lay out each person's sessions in order, but for those who lead them; of a placed one the
    first relative by key is asked first.
    """
    those = {key: one for key, one in recipients.items() if one.role is not PersonKind.CLINICIAN}
    asked: dict[str, str] = {}
    for (_, session_id), one in those.items():
        if one.role is PersonKind.RELATIVE and is_placed(sessions[session_id]):
            asked[session_id] = min(one.person.key, asked.get(session_id, one.person.key))
    found: dict[str, list[Ahead]] = defaultdict(list)
    for (person_id, session_id), one in those.items():
        row = sessions[session_id]
        asks = one.role is PersonKind.RELATIVE and session_id in asked
        second = asks and asked[session_id] != one.person.key
        found[person_id].append(Ahead(session_id, row.starts_at, row.ends_at, asks, second))
    for mine in found.values():
        mine.sort(key=lambda session: (session.starts_at, session.session_id))
    return found
