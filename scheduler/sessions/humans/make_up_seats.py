"""Patients who sit once in a group that is not theirs, to make up for another one."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, delete, select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Person
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.lifecycle import move
from scheduler.sessions.models import MakeUpSeat, Session, Status
from scheduler.sessions.rescheduling import meeting_at, who_is_booked

AT_ONCE = 5000
"""Ids in one question; SQLite takes at most 32766 values."""


def made_up_in(sessions: Collection[str]) -> dict[str, set[str]]:
    """Return by session (ids) the patients (ids) who sit in it to make up for another one."""
    ids = list(sessions)
    found: dict[str, set[str]] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found |= _by_session(select(MakeUpSeat).where(MakeUpSeat.session_id.in_(some)))
    return found


def made_up_between(since: datetime, until: datetime) -> dict[str, set[str]]:
    """Return the same of all sessions that start after `since` and not after `until`."""
    near = select(Session.id).where(Session.starts_at > since, Session.starts_at <= until)
    return _by_session(select(MakeUpSeat).where(MakeUpSeat.session_id.in_(near)))


def make_up_seat(instead_of: Session, patient: Person) -> MakeUpSeat | None:
    """Return the seat that a patient took last to make up for a session, None for none."""
    rows = select(MakeUpSeat).where(
        MakeUpSeat.instead_of == instead_of.id,
        MakeUpSeat.person_id == patient.id,
    )
    return db.session.scalars(rows.order_by(MakeUpSeat.made_at.desc())).first()


def take_make_up_seat(
    session: Session, patient: Person, *, instead_of: Session, by: str, now: datetime
) -> None:
    """Seat a patient once in a session ahead, whose time stays. Raises Conflict where it does not
    stand or somebody is engaged then by now.
    """
    if session.status is not Status.SCHEDULED or session.starts_at <= now:
        raise Conflict(f"{session.key} is over or cancelled")
    seat = MakeUpSeat(
        session_id=session.id,
        person_id=patient.id,
        instead_of=instead_of.id,
        made_at=now,
    )
    db.session.add(seat)
    db.session.flush()
    meeting = meeting_at(session)
    seated = replace(meeting, patients=(*meeting.patients, patient.id))
    move(session, seated, by=by, now=now)
    engaged = who_is_booked(session, session.starts_at, session.ends_at)
    if engaged is not None:
        raise Conflict(f"{engaged}; choose another group")
    refuse_double_booking()
    details = {"instead_of": instead_of.key}
    audit.append("sessions.make_up", session.key, details, by=by, now=now)


def make_up_seats_of(patient: Person) -> dict[str, str]:
    """Return by session (id) the one (id) that a patient makes up for there."""
    rows = select(MakeUpSeat).where(MakeUpSeat.person_id == patient.id)
    return {seat.session_id: seat.instead_of for seat in db.session.scalars(rows)}


def make_ups_of(patients: Collection[str]) -> list[tuple[str, Session]]:
    """Return patient (key) and session of each seat of these patients (keys) that makes up for
    another one and stands, in order of time.
    """
    rows = (
        select(Person.key, Session)
        .join(MakeUpSeat, MakeUpSeat.person_id == Person.id)
        .join(Session, Session.id == MakeUpSeat.session_id)
        .where(Person.key.in_(list(patients)), Session.status == Status.SCHEDULED)
        .order_by(Session.starts_at, Session.key, Person.key)
    )
    return [(key, session) for key, session in db.session.execute(rows).unique()]


def give_up_make_up_seat(session: Session, patient: Person, *, by: str, now: datetime) -> None:
    """Give up a seat that made up for another session, whatever became of that group; one that is
    cancelled stays so.
    """
    if session.status is Status.SCHEDULED and session.starts_at > now:
        leave_make_up_seat(session, patient, by=by, now=now)
        return
    seat = delete(MakeUpSeat).where(
        MakeUpSeat.session_id == session.id, MakeUpSeat.person_id == patient.id
    )
    db.session.execute(seat)


def leave_make_up_seat(session: Session, patient: Person, *, by: str, now: datetime) -> None:
    """Give a seat back that made up for another session."""
    db.session.execute(
        delete(MakeUpSeat).where(
            MakeUpSeat.session_id == session.id, MakeUpSeat.person_id == patient.id
        )
    )
    meeting = meeting_at(session)
    others = tuple(seated for seated in meeting.patients if seated != patient.id)
    move(session, replace(meeting, patients=others), by=by, now=now)


def _by_session(rows: Select[MakeUpSeat]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for seat in db.session.scalars(rows):
        found[seat.session_id].add(seat.person_id)
    return found
