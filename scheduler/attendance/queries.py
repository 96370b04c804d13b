"""Reading who came."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select

from scheduler.attendance.attendance_counts import WordSaid
from scheduler.attendance.models import AttendanceMark
from scheduler.kernel.database import db
from scheduler.people import people_by_id
from scheduler.people.models import Person
from scheduler.sessions.models import RoomEntry, Session, Status

Marks = dict[str, AttendanceMark]


def attendance_of(session_id: str) -> Marks:
    """Return the word that counts about each person (by id) at one session."""
    return attendance_of_all([session_id]).get(session_id, {})


def attendance_of_all(session_ids: Collection[str]) -> dict[str, Marks]:
    """Return the words that count, by session and person; sessions without any are left out."""
    found: dict[str, Marks] = defaultdict(dict)
    wanted = AttendanceMark.session_id.in_(session_ids)
    question = select(AttendanceMark).where(wanted).order_by(AttendanceMark.turn)
    for mark in db.session.scalars(question):
        if mark.taken_back:
            found[mark.session_id].pop(mark.person_id, None)
        else:
            found[mark.session_id][mark.person_id] = mark
    return {session_id: marks for session_id, marks in found.items() if marks}


def newest_turn(session_id: str, person_id: str) -> int:
    """Return how many words there are about one person at one session, those taken back too."""
    theirs = (
        AttendanceMark.session_id == session_id,
        AttendanceMark.person_id == person_id,
    )
    return db.session.scalar(select(func.max(AttendanceMark.turn)).where(*theirs)) or 0


def words_about(person_id: str, cohort_id: str) -> list[WordSaid]:
    """Return what counts about one person at the sessions of a cohort that stand, or that they
    called off themselves, in order.
    """
    own_no = Session.cancelled_by == Person.key
    wanted = (
        select(AttendanceMark, Session.starts_at)
        .join(Session, Session.id == AttendanceMark.session_id)
        .join(Person, Person.id == AttendanceMark.person_id)
        .where(
            AttendanceMark.person_id == person_id,
            Session.cohort_id == cohort_id,
            or_(Session.status != Status.CANCELLED, own_no),
        )
        .order_by(Session.starts_at, Session.id, AttendanceMark.turn)
    )
    newest: dict[str, WordSaid] = {}
    for mark, starts_at in db.session.execute(wanted):
        newest.pop(mark.session_id, None)
        if not mark.taken_back:
            said_at = mark.said_at or mark.at
            newest[mark.session_id] = WordSaid(mark.state, starts_at, said_at)
    return list(newest.values())


def who_came(session_ids: Collection[str]) -> dict[str, dict[str, dict[str, str | int]]]:
    """Return what staff said of who came, by session and by each person's key: state and
    minutes.
    """
    found = attendance_of_all(session_ids)
    people = people_by_id({person_id for marks in found.values() for person_id in marks})
    came: dict[str, dict[str, dict[str, str | int]]] = {}
    for session_id, marks in found.items():
        words: dict[str, dict[str, str | int]] = {}
        for mark in sorted(marks.values(), key=lambda mark: people[mark.person_id].key):
            key = people[mark.person_id].key
            words[key] = {"state": mark.state.value, "minutes": mark.minutes}
        came[session_id] = words
    return came


def marks_in_order(session_id: str) -> list[AttendanceMark]:
    """Return every word about one session, corrections after what they correct."""
    question = (
        select(AttendanceMark)
        .where(AttendanceMark.session_id == session_id)
        .order_by(
            AttendanceMark.at,
            AttendanceMark.turn,
            AttendanceMark.id,
        )
    )
    return list(db.session.scalars(question))


def entered_at(session_id: str) -> dict[str, datetime]:
    """Return when each person (by id) was first let into the room of a session."""
    question = select(RoomEntry).where(RoomEntry.session_id == session_id)
    return {entry.person_id: entry.first_at for entry in db.session.scalars(question)}
