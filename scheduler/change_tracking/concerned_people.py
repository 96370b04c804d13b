"""From tracked changes and the time that has passed to the people who are concerned."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, union, update

from scheduler.change_tracking.models import About, TrackedChange
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people.models import Person, Relative
from scheduler.programs.models import Cohort, Enrolment, FurtherStay
from scheduler.sessions import LEFT
from scheduler.sessions.models import (
    Session,
    SessionChange,
    SessionGuest,
    SessionLead,
    SessionPatient,
)

QUARTER = 15
"""Minutes after which everybody is compared, whatever was noted: days begin on the quarter hour in
every zone.
"""
MANY = 2000
"""Rows or people from which on everybody is compared."""
SEATS = (SessionPatient, SessionLead, SessionGuest)


def note_answer_of(person_id: str) -> None:
    """Note that a calendar address says something else by what its owner (id) answered; letters do
    not.
    """
    db.session.add(TrackedChange(what=About.PERSON, about=person_id, untold=False))
    db.session.flush()


def take_untold(*, since: datetime | None, now: datetime) -> set[str] | None:
    """Return who (ids; None: everybody) may have to be told something that changed after `since`,
    the last time this was asked (None: never).
    """
    return _take(TrackedChange.untold, since, now)


def take_unfed(*, since: datetime | None, now: datetime) -> set[str] | None:
    """Return whose calendar addresses (ids; None: everybody) may show something that changed after
    `since`, the last time this was asked (None: never).
    """
    return _take(TrackedChange.unfed, since, now)


def _take(flag: Any, since: datetime | None, now: datetime) -> set[str] | None:
    """Note first that the changes are looked at, then read: what is written in between stays
    noted.
    """
    changes = _noted(flag)
    if since is None or now < since or _quarter(now) != _quarter(since):
        return None
    if About.HOUSE in changes or sum(map(len, changes.values())) > MANY:
        return None
    people = _by_time(since, now) | _by_change(changes)
    if people:
        people = _with_families(_with_own_rows(_with_families(people)))
    return None if len(people) > MANY else people


def _quarter(moment: datetime) -> int:
    return int(moment.timestamp()) // (60 * QUARTER)


def _noted(flag: Any) -> Mapping[About, set[str]]:
    """Note that every change is looked at, and return what they were about; who looks at the same
    moment takes others.
    """
    change = TrackedChange
    taken = update(change).where(change.id.in_(_free(flag))).values({flag: False})
    over = delete(change).where(change.id.in_(_free(~change.untold & ~change.unfed)))
    alone = {"synchronize_session": False}
    rows = taken.returning(change.what, change.about).execution_options(**alone)
    found: dict[About, set[str]] = defaultdict(set)
    for what, about in db.session.execute(rows):
        found[what].add(about)
    db.session.execute(over.execution_options(**alone))
    return found


def _free(which: ColumnElement[bool]) -> Select[int]:
    """Choose the changes that nobody else looks at now: two never wait for each other in a
    circle.
    """
    return select(TrackedChange.id).where(which).with_for_update(skip_locked=True)


def _by_time(since: datetime, now: datetime) -> set[str]:
    """Return those for whom a session began, or a consent began or ended, after `since`."""
    begun = select(Session.id).where(Session.starts_at > since, Session.starts_at <= now)
    began = (Grant.valid_from > since) & (Grant.valid_from <= now)
    ended = (Grant.valid_until > since) & (Grant.valid_until <= now)
    turned = select(Grant.person_id).where(or_(began, ended))
    return _seated(begun) | set(db.session.scalars(turned))


def _by_change(changes: Mapping[About, set[str]]) -> set[str]:
    programs = changes.get(About.PROGRAM, set())
    cohorts = changes.get(About.COHORT, set())
    humans = changes.get(About.HUMAN, set())
    found = changes.get(About.PERSON, set()) | humans
    if programs or cohorts:
        found |= _in_cohorts(programs, cohorts)
    if humans:
        found |= _seated(_sessions_of(humans))
    sessions = changes.get(About.SESSION, set())
    if sessions:
        found |= _seated(sessions) | _who_left(sessions)
    return found


def _in_cohorts(programs: Collection[str], cohorts: Collection[str]) -> set[str]:
    of_program = Cohort.program_id.in_(programs)
    theirs = select(Cohort.id).where(or_(of_program, Cohort.id.in_(cohorts)))
    found = _seated(select(Session.id).where(Session.cohort_id.in_(theirs)))
    for stay in (Enrolment, FurtherStay):
        patients = select(stay.patient_id).where(stay.cohort_id.in_(theirs))
        found |= set(db.session.scalars(patients))
    return found


def _sessions_of(people: Collection[str]) -> Any:
    """Choose the sessions in which any of these people sit."""
    seats = []
    for seat in SEATS:
        theirs = select(seat.session_id).where(seat.person_id.in_(people))
        seats.append(theirs)
    return union(*seats)


def _seated(sessions: Collection[str] | Any) -> set[str]:
    """Return everybody who sits in these sessions (ids, or the question for them)."""
    found = set()
    for seat in SEATS:
        theirs = select(seat.person_id).where(seat.session_id.in_(sessions))
        found |= set(db.session.scalars(theirs))
    return found


def _who_left(sessions: Collection[str]) -> set[str]:
    """Return those who knew of these sessions (ids), which go on without them."""
    left = select(SessionChange.people).where(
        SessionChange.version == LEFT,
        SessionChange.session_id.in_(sessions),
    )
    return set(db.session.scalars(left))


def _with_families(people: set[str]) -> set[str]:
    """Return them, those who may know of them, and those of whom they may know."""
    if len(people) > MANY:
        return people
    found = set(people)
    for pairs in (Relative, Grant):
        theirs = pairs.person_id, pairs.patient_id
        either = or_(pairs.person_id.in_(people), pairs.patient_id.in_(people))
        for person_id, patient_id in db.session.execute(select(*theirs).where(either)):
            found |= {person_id, patient_id}
    return found


def _with_own_rows(people: set[str]) -> set[str]:
    """Return them, and the other rows of the same human beings."""
    if len(people) > MANY:
        return people
    bodies = select(Person.body_id).where(Person.id.in_(people), Person.body_id.is_not(None))
    theirs = select(Person.id).where(Person.body_id.in_(bodies))
    return people | set(db.session.scalars(theirs))
