"""Everybody's time ahead, by those whose time is alike: a group's members share one plan of
reminders.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Select, select

from scheduler import consents
from scheduler.consents import Recipient, is_placed, rosters
from scheduler.invitations import ToldDate, told_dates
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind, Practice, Relative
from scheduler.programs import FAMILY_KINDS
from scheduler.programs.models import Enrolment
from scheduler.reminders.decide_policy import policies_by_cohort
from scheduler.reminders.policy import USUAL, Audience, Policy
from scheduler.reminders.selection import Ahead
from scheduler.reminders.timing import AHEAD, DAY
from scheduler.reminders.wishes.choose_reminders import wishes_of
from scheduler.reminders.wishes.wish import Wish, own_policy
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status

Case = tuple[int, Audience, str, datetime | None, Wish | None]
"""What two people have alike whose reminders are the same."""
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
    evening: int | None = None
    """The hour of the evening before at which they want to be reminded."""


_Group = tuple[Week, list[str]]
"""One time ahead, and the people (ids) whose time it is."""


def weeks(now: datetime, relatives: Collection[str] | None = None) -> list[tuple[Week, list[str]]]:
    """Return the time from a day ago to eight days ahead, with the people (ids) whose time it is;
    with `relatives` (ids, of patients too) theirs alone.
    """
    if db.session.get(Practice, 1) is None:
        return []
    near = _seated(now, relatives)
    firsts = _first_sessions(
        near,
        now,
        relatives,
    )
    policies = policies_by_cohort()
    house, zones, wishes = practice().zone, _own_zones(relatives), wishes_of(relatives)
    found: dict[Case, _Group] = {}
    for person_id, sessions in near.by_person():
        audience = near.audience_of(person_id)
        zone = zones.get(person_id, house)
        first = firsts(person_id, sessions[0])
        wish = wishes.get(person_id)
        case = id(sessions), audience, zone, first, wish
        if case not in found:
            usual = near.policy(sessions[0], audience, policies)
            found[case] = Week(usual, zone, first, sessions), []
        found[case][1].append(person_id)
    return [_as_wished(group, case[-1]) for case, group in found.items()]


def _as_wished(group: _Group, wish: Wish | None) -> _Group:
    """Return a time ahead as those whose time it is chose to be reminded of it."""
    week, people = group
    if wish is None:
        return group
    policy = own_policy(week.policy, wish)
    return week._replace(policy=policy, evening=wish.evening), people


def _seated(now: datetime, only: Collection[str] | None) -> "_Near":
    """Return the sessions of patients and of those who lead, by who sits in them; with `only` (ids)
    those of the patients among them.
    """
    near = _Near()
    for roster in rosters(now - DAY, now + AHEAD, only):
        patients = tuple(one for one in roster.patients if _is_asked_for(one, only))
        session = Ahead(
            roster.session_id,
            roster.starts_at,
            roster.ends_at,
        )
        near.seat(
            patients,
            session,
            roster.cohort_id,
        )
    if only is None:
        _seat_leads(near, now)
    return near


def _seat_leads(near: "_Near", now: datetime) -> None:
    """Seat those who lead the sessions near."""
    led = select(
        SessionLead.person_id,
        Session.id,
        Session.cohort_id,
        Session.starts_at,
        Session.ends_at,
    )
    rows = led.join(Session, Session.id == SessionLead.session_id).where(
        Session.starts_at > now - DAY,
        Session.starts_at <= now + AHEAD,
        Session.status == Status.SCHEDULED,
    )
    for row in db.session.execute(rows.order_by(Session.starts_at, Session.id)):
        near.clinicians.add(row.person_id)
        session = Ahead(row.id, row.starts_at, row.ends_at)
        near.seat((row.person_id,), session, row.cohort_id)


def _first_sessions(
    near: "_Near", now: datetime, relatives: Collection[str] | None
) -> Callable[[str, Ahead], datetime | None]:
    """Return what says when a person's (id) first session ever begins; for a newcomer it is the
    nearest.
    """
    told = _first_told(_family_sessions(near, now, relatives))
    newcomers = _newcomers(now, relatives)

    def first(person_id: str, nearest: Ahead) -> datetime | None:
        if person_id in newcomers:
            return nearest.starts_at
        return told.get(person_id)

    return first


def _own_zones(only: Collection[str] | None) -> dict[str, str]:
    """Return by person (id) the zone they chose for themselves; with `only` (ids) of these."""
    chosen = select(Person.id, Person.zone).where(Person.zone.is_not(None))
    if only is not None:
        chosen = chosen.where(Person.id.in_(list(only)))
    return {row.id: row.zone for row in db.session.execute(chosen)}


@dataclass(slots=True)
class _Near:
    """Sessions near, by those who sit in the same ones."""

    seats: dict[tuple[str, ...], list[Ahead]] = field(default_factory=lambda: defaultdict(list))
    cohorts: dict[str, str] = field(default_factory=dict)
    relatives: set[str] = field(default_factory=set)
    clinicians: set[str] = field(default_factory=set)

    def seat(self, people: tuple[str, ...], session: Ahead, cohort_id: str) -> None:
        self.seats[people].append(session)
        self.cohorts[session.session_id] = cohort_id

    def audience_of(self, person_id: str) -> Audience:
        """Return as whom a person is reminded."""
        if person_id in self.clinicians:
            return Audience.CLINICIAN
        return Audience.RELATIVE if person_id in self.relatives else Audience.PATIENT

    def policy(
        self,
        session: Ahead,
        audience: Audience,
        policies: Mapping[tuple[str, Audience], Policy],
    ) -> Policy:
        """Return what the session's cohort reminds of, else the usual."""
        cohort_id = self.cohorts[session.session_id]
        return policies.get((cohort_id, audience), USUAL[audience])

    def by_person(self) -> Iterable[tuple[str, tuple[Ahead, ...]]]:
        """Return each person's own time; those who always sit together share it."""
        circles: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for people in self.seats:
            for person_id in people:
                circles[person_id].append(people)
        shared: dict[tuple[int, ...], tuple[Ahead, ...]] = {}
        for person_id, rows in circles.items():
            case = tuple(map(id, rows))
            if case not in shared:
                shared[case] = self._sessions_of(rows)
            yield person_id, shared[case]

    def _sessions_of(self, rows: Iterable[tuple[str, ...]]) -> tuple[Ahead, ...]:
        """Return the sessions of those who sit together in `rows`, in order."""
        sessions: list[Ahead] = []
        for people in rows:
            sessions += self.seats[people]
        sessions.sort(key=attrgetter("starts_at", "session_id"))
        return tuple(sessions)


def _family_question(now: datetime, relatives: Collection[str] | None) -> Select[Session]:
    """Return the question for the family sessions near; with `relatives` (ids) those of their
    patients.
    """
    scheduled = select(Session).where(
        Session.starts_at > now - DAY,
        Session.starts_at <= now + AHEAD,
        Session.status == Status.SCHEDULED,
        Session.kind.in_(FAMILY_KINDS),
    )
    if relatives is None:
        return scheduled
    patients = select(Relative.patient_id).where(Relative.person_id.in_(list(relatives)))
    seats = select(SessionPatient.session_id).where(SessionPatient.person_id.in_(patients))
    return scheduled.where(Session.id.in_(seats))


def _family_sessions(
    near: _Near, now: datetime, only: Collection[str] | None
) -> Iterable[ToldDate]:
    """Seat those whom consent lets know of family sessions (with `only` those of them, by id), and
    give what relatives among them were told.
    """
    rows = {row.id: row for row in db.session.scalars(_family_question(now, only))}
    recipients: dict[tuple[str, str], Recipient] = {}
    for session_id, audience in consents.audiences(rows.values(), now=now).items():
        for recipient in audience:
            recipients[recipient.person.id, session_id] = recipient
            if recipient.role is PersonKind.RELATIVE:
                near.relatives.add(recipient.person.id)
    for person_id, sessions in ahead(rows, recipients).items():
        if person_id in near.clinicians or not _is_asked_for(person_id, only):
            continue
        for session in sessions:
            near.seat(
                (person_id,),
                session,
                rows[session.session_id].cohort_id,
            )
    return told_dates(near.relatives) if near.relatives else ()


def _is_asked_for(person_id: str, only: Collection[str] | None) -> bool:
    return only is None or person_id in only


def _newcomers(now: datetime, only: Collection[str] | None) -> set[str]:
    """Return the patients (ids; with `only` those among these) who came of late and have had no
    session yet.
    """
    seats = select(SessionPatient.person_id)
    had = seats.join(Session, Session.id == SessionPatient.session_id).where(
        SessionPatient.person_id == Enrolment.patient_id,
        Session.starts_at <= now,
        Session.status != Status.CANCELLED,
    )
    first_day = (now - NEW).date()
    rows = select(Enrolment.patient_id).where(
        Enrolment.first >= first_day,
        ~had.exists(),
    )
    if only is not None:
        rows = rows.where(Enrolment.patient_id.in_(list(only)))
    return set(db.session.scalars(rows))


def _first_told(told: Iterable[ToldDate]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for date in told:
        first[date.person_id] = min(date.begins_at, first.get(date.person_id, date.begins_at))
    return first


def ahead(
    sessions: Mapping[str, Session], recipients: Mapping[tuple[str, str], Recipient]
) -> dict[str, list[Ahead]]:
    """Lay out each person's sessions in order; of a placed one the first relative by key is asked
    first.
    """
    asked = _asked_first(sessions, recipients)
    found: dict[str, list[Ahead]] = defaultdict(list)
    for (person_id, session_id), recipient in recipients.items():
        row = sessions[session_id]
        asks = recipient.role is PersonKind.RELATIVE and session_id in asked
        second = asks and asked[session_id] != recipient.person.key
        found[person_id].append(
            Ahead(
                session_id,
                row.starts_at,
                row.ends_at,
                asks,
                second,
            )
        )
    for mine in found.values():
        mine.sort(key=lambda session: (session.starts_at, session.session_id))
    return found


def _asked_first(
    sessions: Mapping[str, Session], recipients: Mapping[tuple[str, str], Recipient]
) -> dict[str, str]:
    """Return by placed session (id) the key of the relative who is asked first."""
    asked: dict[str, str] = {}
    for (_, session_id), recipient in recipients.items():
        if recipient.role is PersonKind.RELATIVE and is_placed(sessions[session_id]):
            key = recipient.person.key
            asked[session_id] = min(key, asked.get(session_id, key))
    return asked
