"""A whole table of attendance taken in: every line or none."""

from collections.abc import Sequence
from datetime import datetime

from scheduler.attendance.attendance_csv import Row
from scheduler.attendance.closing import close_session
from scheduler.attendance.expected_people import may_be_marked
from scheduler.attendance.mark_attendance import Said, mark
from scheduler.attendance.queries import attendance_of, attendance_of_all
from scheduler.kernel.errors import InputError
from scheduler.people import people_by_id
from scheduler.people.models import Person
from scheduler.sessions import sessions_by_key, sessions_of_cohort
from scheduler.sessions.models import Session


def take_in(rows: Sequence[Row], *, by: str, now: datetime, may_note: bool = True) -> int:
    """Write down what a table says and return how many lines said something new; by who may write
    no notes the note before stands.

    Raises InputError that names every line which cannot be taken; then the caller keeps nothing.
    """
    sessions = sessions_by_key({row.session for row in rows})
    expected = may_be_marked(list(sessions.values()))
    faults: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    new = 0
    for row in rows:
        try:
            _refuse_twice(row, seen)
            session = _session(row, sessions)
            person = _person(row, expected[session.id])
            note = row.note if may_note else _note_before(row, session, person)
            said = Said(row.state, row.minutes, note)
            new += mark(session, person, said, by=by, now=now)
        except InputError as error:
            faults.append(f"line {row.line}: {error}")
    if faults:
        raise InputError("\n".join(faults))
    for session in sessions.values():
        close_session(session, by=by, now=now)
    return new


def attendance_rows(cohort_key: str, *, with_notes: bool = True) -> list[Row]:
    """Return what is known of who came to a cohort's sessions, in order of time and person."""
    sessions = sessions_of_cohort(cohort_key)
    marks = attendance_of_all([session.id for session in sessions])
    people = {person_id for known in marks.values() for person_id in known}
    keys = {person.id: person.key for person in people_by_id(people).values()}
    rows: list[Row] = []
    for session in sessions:
        known = marks.get(session.id, {})
        for person_id in sorted(known, key=keys.__getitem__):
            word = known[person_id]
            row = Row(
                line=len(rows) + 2,
                session=session.key,
                person=keys[person_id],
                state=word.state,
                minutes=word.minutes,
                note=word.note if with_notes else None,
            )
            rows.append(row)
    return rows


def _note_before(row: Row, session: Session, person: Person) -> str | None:
    """Return the note that stands. Raises InputError for another one."""
    known = attendance_of(session.id).get(person.id)
    if row.note is not None:
        raise InputError("note: whoever brings this file may write none")
    return known.note if known else None


def _refuse_twice(row: Row, seen: dict[tuple[str, str], int]) -> None:
    before = seen.setdefault((row.session, row.person), row.line)
    if before != row.line:
        raise InputError(f"{row.person} at {row.session} stands in line {before} already")


def _session(row: Row, sessions: dict[str, Session]) -> Session:
    session = sessions.get(row.session)
    if session is None:
        raise InputError(f"session: there is no {row.session or 'session without a key'}")
    return session


def _person(row: Row, expected: dict[str, Person]) -> Person:
    person = expected.get(row.person)
    if person is None:
        raise InputError(
            f"person: {row.person or 'nobody'} does not sit in {row.session}; want one of "
            f"{', '.join(sorted(expected))}"
        )
    return person
