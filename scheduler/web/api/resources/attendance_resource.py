"""/attendance: who came to a session, as staff say it; whole or not at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler.attendance import (
    LONGEST_NOTE,
    Said,
    attendance_of,
    close_session,
    mark,
    people_expected,
)
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.kernel.errors import InputError, InvalidFile, NotFound, Problem
from scheduler.people import Deed, Reach, Scope, practice
from scheduler.people.models import Person, PersonKind
from scheduler.sessions import session_by_key, session_reach
from scheduler.sessions.models import Session, Status
from scheduler.web.api.door.api_problem import ApiProblem
from scheduler.web.api.door.api_routes import Answered, Call, Document, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    KEY,
    LINE,
    MOMENT,
    SESSION_KEY,
    TRUTH,
    one_of,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import is_open

PERSON = record(
    {
        "person": KEY,
        "role": one_of(PersonKind),
        "state": or_null(one_of(AttendanceState)),
        "minutes": or_null(COUNT),
        "note": or_null(LINE),
        "noted": TRUTH,
        "by_telephone": or_null(TRUTH),
        "said_by": or_null(LINE),
        "said_at": or_null(MOMENT),
    }
)
ATTENDANCE = record(
    {
        "session": SESSION_KEY,
        "held": TRUTH,
        "people": {"type": "array", "items": PERSON},
    }
)
MARK = record(
    {
        "person": KEY,
        "state": one_of(AttendanceState),
        "minutes": {"type": "integer", "minimum": 0, "maximum": 1440},
        "note": {"type": "string", "maxLength": LONGEST_NOTE},
        "by_telephone": TRUTH,
        "said_at": MOMENT,
    },
    needed=("person", "state"),
)
MARKS = record(
    {
        "session": SESSION_KEY,
        "marks": {"type": "array", "items": MARK, "minItems": 1, "maxItems": 200},
    }
)


@route(
    "GET",
    "/attendance",
    deed=Deed.HOLD_SESSION,
    scope=Scope.READ,
    asks={"session": SESSION_KEY},
    gives=ATTENDANCE,
)
def attendance(call: Call) -> Answered:
    """Return who sits in a session and what is known of who came."""
    if "session" not in call.args:
        raise ApiProblem(400, "Say of which session: ?session=KEY.")
    row = _session(call, call.args["session"])
    return Answered(_document(row, call))


@route(
    "POST",
    "/attendance",
    deed=Deed.HOLD_SESSION,
    scope=Scope.WRITE,
    takes=MARKS,
    gives=ATTENDANCE,
    rehearses=True,
)
def say_attendance(call: Call) -> Answered:
    """Write down who came to a session; a later word corrects, and both are kept. A note needs who
    may write notes; without one, of who may not, the note before stands.
    """
    row = _session(call, call.body["session"])
    may_write = _may(call, row, Deed.WRITE_NOTES)
    if not may_write and any(said.get("note") for said in call.body["marks"]):
        raise ApiProblem(403)
    known = {} if may_write else attendance_of(row.id)
    expected = {line.person.key: line.person for line in people_expected(row)}
    problems = []
    for number, said in enumerate(call.body["marks"]):
        person = expected.get(said["person"])
        try:
            _say(row, person, said, known, call)
        except InputError as error:
            problem = Problem(f"marks[{number}]", str(error))
            problems.append(problem)
    if problems:
        raise InvalidFile(problems)
    close_session(row, by=call.by, now=call.now)
    return Answered(_document(row, call))


def _say(
    row: Session,
    person: Person | None,
    said: Mapping[str, Any],
    known: Mapping[str, AttendanceMark],
    call: Call,
) -> None:
    """Write down one mark; the note of `known` goes on where there is one."""
    if person is None:
        raise InputError("does not sit in this session")
    before = known.get(person.id)
    given = said.get("said_at")
    word = Said(
        state=AttendanceState(said["state"]),
        minutes=said.get("minutes"),
        note=before.note if before else said.get("note"),
        by_telephone=said.get("by_telephone", False),
        said_at=datetime.fromisoformat(given) if given else None,
    )
    mark(
        row,
        person,
        word,
        by=call.by,
        now=call.now,
    )


def _session(call: Call, key: str) -> Session:
    """Return the session that is named, where it is within reach. Raises 403, 404."""
    reach = session_reach(
        call.staff,
        key,
        day=practice().day_at(call.now),
    )
    try:
        row = session_by_key(key)
    except NotFound:
        row = None
        reach = Reach.OTHER
    if not is_open(
        call.staff,
        Deed.HOLD_SESSION,
        reach,
        None,
        now=call.now,
    ):
        raise ApiProblem(403)
    if row is None:
        raise ApiProblem(404, "There is no such session.")
    return row


def _may(call: Call, row: Session, deed: Deed) -> bool:
    """True if the table lets who calls do a deed to a session."""
    day = practice().day_at(call.now)
    reach = session_reach(call.staff, row.key, day=day)
    return is_open(call.staff, deed, reach, None, now=call.now)


def _document(row: Session, call: Call) -> Document:
    return attendance_document(row, with_notes=_may(call, row, Deed.READ_NOTES))


def attendance_document(row: Session, *, with_notes: bool) -> Document:
    """Return who is expected at a session, each with the word that counts, the words of notes
    where they are asked for.
    """
    known = attendance_of(row.id)
    people = []
    for line in people_expected(row):
        word = known.get(line.person.id)
        entry = {"person": line.person.key, "role": line.role.value, **_word(word)}
        entry["noted"] = entry["note"] is not None
        if not with_notes:
            entry["note"] = None
        people.append(entry)
    return {"session": row.key, "held": row.status is Status.HELD, "people": people}


def _word(word: AttendanceMark | None) -> Document:
    if word is None:
        names = ("state", "minutes", "note", "by_telephone", "said_by", "said_at")
        return dict.fromkeys(names)
    return {
        "state": word.state.value,
        "minutes": word.minutes,
        "note": word.note,
        "by_telephone": word.by_telephone,
        "said_by": word.by,
        "said_at": (word.said_at or word.at).isoformat(),
    }
