"""A patient who cannot come to a group asks to sit in another one of the same kind; staff say yes.

Offered are groups of other runs of the same program with a place left, on days the patient is
enrolled, in which the leaders may treat them, at a time they are free, within the hours of their
day and week; the same topic first. For a group that was missed only those of its topic are offered.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from scheduler import tasks
from scheduler.attendance import AWAY, attendance_of
from scheduler.consents import agenda, is_free
from scheduler.homes.models import Matter
from scheduler.homes.own_timetable import day_of, place_of, rules_of, timetable_of
from scheduler.homes.said_words import keep_word, newest_word
from scheduler.i18n import N_, clock, dated_day
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.planning import fits_alone
from scheduler.programs import Kind, stays_of
from scheduler.programs.models import Cohort, Program
from scheduler.sessions.models import Session, Status

KINDS = (Kind.GROUP, Kind.PSYCHOEDUCATION)
AHEAD = timedelta(days=14)
TOPIC_AHEAD = timedelta(days=84)
"""How far ahead the topic of a group that was missed is looked for."""
MOST = 3
STAFF = "en"
ASKED = N_(
    "{name} cannot come to {title} and asks to make up in {other}, {when}. Seat them there, or "
    "tell them why not."
)


MISSED = N_(
    "{name} missed {title} and asks to see its topic in {other}, {when}. Seat them there, or tell "
    "them why not."
)


def groups_instead(session: Session, patient: Person, *, now: datetime) -> list[Session]:
    """Return at most three groups that could make up for one that is ahead, within two weeks of
    it, or in which the topic of one comes again that the patient missed; none for other sessions.
    """
    return groups_that_fit(session, patient, now=now)[:MOST]


def groups_that_fit(session: Session, patient: Person, *, now: datetime) -> list[Session]:
    """Return all of them, however many."""
    groups = _groups_that_might(session, patient, now)
    if groups is None:
        return []
    own = agenda(
        patient,
        now=now,
        since=now,
    )
    taken = [(held.starts_at, held.ends_at) for held, _recipient in own]
    alike = list(db.session.scalars(groups).unique())
    enrolled = on_days_enrolled(alike, patient)
    timetable = timetable_of(
        patient,
        without=session,
        now=now,
    )
    rules = rules_of(patient)
    found = []
    for other in enrolled:
        overlaps = any(begin < other.ends_at and other.starts_at < end for begin, end in taken)
        if overlaps:
            continue
        place = place_of(
            other,
            patient,
            "",
            rules,
        )
        fits = fits_alone(place, timetable)
        if fits and _may_sit(other, patient):
            found.append(other)
    found.sort(key=lambda other: (other.topic != session.topic, other.starts_at, other.key))
    return found


def has_missed(session: Session, patient: Person) -> bool:
    """True if a group has a topic, and staff said that a patient was not there."""
    mark = attendance_of(session.id).get(patient.id)
    return session.topic is not None and mark is not None and mark.state in AWAY


def on_days_enrolled(groups: Sequence[Session], patient: Person) -> list[Session]:
    """Return those of some groups that lie in one of a patient's stays, in any cohort: nobody would
    see the patient in another (`consents`).
    """
    known = stays_of([patient.id]).get(patient.id, [])
    return [group for group in groups if any(stay.covers(day_of(group)) for stay in known)]


def ask_make_up(session: Session, other: Session, patient: Person, *, now: datetime) -> bool:
    """Ask staff to seat a patient in one of the groups offered; True if it was not asked before.
    Raises Conflict where it is not offered any more.
    """
    if asked_make_up(session, patient) == other.id:
        return False
    offered = {group.id for group in groups_instead(session, patient, now=now)}
    if other.id not in offered:
        raise Conflict(f"{other.key} has no place any more")
    keep_word(
        patient,
        Matter.MAKE_UP,
        {"session": other.id},
        about=session.id,
        now=now,
    )
    local = datetime.fromisoformat(other.starts_local)
    words = MISSED if session.starts_at <= now else ASKED
    said = words.format(
        name=patient.name,
        title=session.called,
        other=other.called,
        when=f"{dated_day(local.date(), STAFF)}, {clock(local, STAFF)}",
    )
    tasks.raise_task(
        "make_up",
        f"make_up:{session.id}:{other.id}",
        said,
        about_id=patient.id,
        leads_to=f"session:{other.key}",
        now=now,
    )
    return True


def asked_make_up(session: Session, patient: Person) -> str | None:
    """Return the group (id) that a patient asked for last in place of a session."""
    word = newest_word(patient, Matter.MAKE_UP, session.id)
    return str(word.said["session"]) if word is not None else None


def _groups_that_might(session: Session, patient: Person, now: datetime) -> Any:
    """Return the question for the groups that might do in place of a session; None for none."""
    if session.kind not in KINDS:
        return None
    if session.starts_at > now:
        return _alike(session, now)
    return _of_topic(session, now) if has_missed(session, patient) else None


def _alike(session: Session, now: datetime) -> Any:
    """Return the question for the groups of the same program's runs near a session."""
    near = Session.starts_at.between(session.starts_at - AHEAD, session.starts_at + AHEAD)
    return _groups_ahead(session, now).where(near)


def _of_topic(session: Session, now: datetime) -> Any:
    """Return the question for the groups in which the topic of a session comes again."""
    near = Session.starts_at <= now + TOPIC_AHEAD
    return _groups_ahead(session, now).where(near, Session.topic == session.topic)


def _groups_ahead(session: Session, now: datetime) -> Any:
    """Return the question for the groups ahead, of a session's kind, in its program's runs."""
    root = session.cohort.program.root.id
    family = (Program.id == root) | (Program.of_id == root)
    cohorts = select(Cohort.id).join(Program, Program.id == Cohort.program_id).where(family)
    return (
        select(Session)
        .where(
            Session.cohort_id.in_(cohorts),
            Session.kind == session.kind,
            Session.status == Status.SCHEDULED,
            Session.id != session.id,
            Session.starts_at > now,
        )
        .order_by(Session.starts_at, Session.key)
    )


def _may_sit(other: Session, patient: Person) -> bool:
    """True if a place is left, the hour suits the patient and a leader may treat them there."""
    cap = other.cohort.program.template.rules.group_cap
    if patient in other.patients or (cap is not None and len(other.patients) >= cap):
        return False
    house = practice()
    zone = patient.zone or house.zone
    state = patient.patient.state if patient.patient and patient.patient.state else house.state
    day = day_of(other)
    if not is_free(patient.free, zone, other.starts_at, other.ends_at):
        return False
    return all(_is_licensed(lead, state, day) for lead in other.leads)


def _is_licensed(lead: Person, state: str, day: date) -> bool:
    own = lead.clinician
    return own is not None and any(
        licence.state == state and day <= licence.until for licence in own.licences
    )
