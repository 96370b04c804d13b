"""/sessions: what stands, moved, cancelled and put back by the judgement the desk is held to."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler import feeds
from scheduler.consents import audiences
from scheduler.invitations import PATIENCE
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InvalidFile, Problem
from scheduler.people import Deed, Scope, practice, state_reason
from scheduler.people.models import PersonKind, Role
from scheduler.planning import cohort_by_key
from scheduler.programs import Kind
from scheduler.sessions import (
    SessionsWanted,
    cancel_sessions,
    edit_sessions,
    lock_people_and_room,
    put_back,
    session_by_key,
    sessions_from,
    sessions_page,
)
from scheduler.sessions.models import Session, Status
from scheduler.web.api.door.answering import hold_to_match
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    DAY,
    KEY,
    KEYS,
    LINE,
    MOMENT,
    SESSION_KEY,
    TEXT,
    TRUTH,
    WALL,
    changes,
    list_schema,
    one_of,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import patient_in_reach
from scheduler.web.desk.accounts.list_reach import cohorts_of_sessions_for
from scheduler.web.desk.change_preview import ChangePreview, change_preview, is_within_reach

SHORTEST, LONGEST = 10, 480
SESSION = record(
    {
        "key": SESSION_KEY,
        "cohort": KEY,
        "series": LINE,
        "kind": one_of(Kind),
        "title": LINE,
        "topic": or_null(LINE),
        "status": one_of(Status),
        "start": MOMENT,
        "end": MOMENT,
        "local_start": WALL,
        "zone": LINE,
        "minutes": COUNT,
        "week": {"type": "integer"},
        "clinicians": KEYS,
        "patients": KEYS,
        "family": KEYS,
        "room": or_null(KEY),
        "moved_from": or_null(WALL),
        "cancelled_by": or_null(LINE),
        "cancelled_at": or_null(MOMENT),
        "version": {"type": "integer"},
    }
)
MINUTES = {"type": "integer", "minimum": SHORTEST, "maximum": LONGEST}
MOVE = changes({"start": WALL, "minutes": MINUTES, "onward": TRUTH, "reason": TEXT})
ASKS = {
    "cohort": KEY,
    "patient": KEY,
    "from": DAY,
    "to": DAY,
    "status": one_of(Status),
}


@route(
    "GET",
    "/sessions",
    deed=Deed.SEE_SESSION,
    scope=Scope.READ,
    asks=ASKS,
    gives=list_schema(SESSION),
    is_list=True,
)
def list_sessions(call: Call) -> Answered:
    """List the sessions within reach in order of time; days are of the practice's zone."""
    after = None
    if call.after:
        begin, key = call.after
        after = datetime.fromisoformat(begin), key
    rows = sessions_page(_wanted(call), after=after, limit=call.limit + 1)
    family = family_of(rows, call.now)
    return page_of(
        call,
        rows,
        place=lambda row: [row.starts_at.isoformat(), row.key],
        document=lambda row: session_document(row, family[row.id]),
    )


def _wanted(call: Call) -> SessionsWanted:
    args = call.args
    near = cohorts_of_sessions_for(call.staff)
    if "cohort" in args:
        asked = frozenset({cohort_by_key(args["cohort"]).id})
        near = asked if near is None else near & asked
    patients = None
    if "patient" in args:
        whose = patient_in_reach(call.staff, Deed.SEE_PATIENT, args["patient"], now=call.now)
        patients = [whose.id]
    return SessionsWanted(
        cohorts=near,
        begins_from=_midnight(args.get("from")),
        begins_before=_midnight(args.get("to"), days=1),
        patients=patients,
        status=Status(args["status"]) if "status" in args else None,
    )


def _midnight(said: str | None, *, days: int = 0) -> datetime | None:
    """Return the beginning of a day of the practice's zone, or of one after it."""
    if said is None:
        return None
    day = date.fromisoformat(said) + timedelta(days=days)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(practice().zone))
    return midnight.astimezone(UTC)


@route(
    "GET",
    "/sessions/<key>",
    deed=Deed.SEE_SESSION,
    scope=Scope.READ,
    about=About.SESSION,
    gives=SESSION,
    is_row=True,
)
def session(call: Call) -> Answered:
    """Return one session."""
    return _row(session_by_key(call.key), call)


@route(
    "PATCH",
    "/sessions/<key>",
    deed=Deed.CHANGE_SESSION,
    scope=Scope.WRITE,
    about=About.SESSION,
    takes=MOVE,
    gives=SESSION,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def move_session(call: Call) -> Answered:
    """Move a session, change its length, or both; a reason bends the rules that may be bent."""
    row = _in_turn(call, must_match=True)
    to = _start(row, call)
    onward = call.body.get("onward", False)
    minutes = call.body.get("minutes")

    def change() -> list[Session]:
        return edit_sessions(
            row,
            to=to,
            minutes=minutes,
            onward=onward,
            by=call.by,
            now=call.now,
        )

    concerned = sessions_from(row, onward=onward, now=call.now)
    _judged(call, concerned, change)
    return _row(row, call)


@route(
    "POST",
    "/sessions/<key>/cancel",
    deed=Deed.CHANGE_SESSION,
    scope=Scope.WRITE,
    about=About.SESSION,
    takes=record({"onward": TRUTH, "reason": TEXT}, needed=()),
    gives=SESSION,
    is_row=True,
    rehearses=True,
)
def cancel_session(call: Call) -> Answered:
    """Cancel a session, alone or with all that follow in its series."""
    row = _in_turn(call)
    onward = call.body.get("onward", False)

    def change() -> list[Session]:
        return cancel_sessions(row, onward=onward, by=call.by, now=call.now)

    concerned = sessions_from(row, onward=onward, now=call.now)
    _done(call, change_preview(concerned, change, by=call.by, now=call.now, patience=PATIENCE))
    if call.body.get("reason"):
        about = f"session {row.key}"
        state_reason(about, call.body["reason"], by=call.by, now=call.now)
    return _row(row, call)


@route(
    "POST",
    "/sessions/<key>/put-back",
    deed=Deed.CHANGE_SESSION,
    scope=Scope.WRITE,
    about=About.SESSION,
    takes=record({"start": WALL}, needed=()),
    gives=SESSION,
    is_row=True,
    rehearses=True,
)
def put_session_back(call: Call) -> Answered:
    """Put a session back that was cancelled or moved; a cancelled one elsewhere, too."""
    row = _in_turn(call)
    to = _start(row, call)

    def change() -> list[Session]:
        return put_back(row, to=to, by=call.by, now=call.now)

    _judged(call, [row], change)
    return _row(row, call)


def _in_turn(call: Call, *, must_match: bool = False) -> Session:
    """Return a session once nobody else changes its people; held to the ETag where one is said."""
    row = session_by_key(call.key)
    people = [person.id for person in (*row.leads, *row.patients)]
    lock_people_and_room(people, [row.room_id] if row.room_id else [])
    db.session.refresh(row)
    if call.match is not None or must_match:
        hold_to_match(call, _tag(row))
    return row


def _start(row: Session, call: Call) -> datetime | None:
    """Return the wall time that is asked for. Raises InvalidFile for a day beyond reach."""
    said = call.body.get("start")
    if said is None:
        return None
    try:
        to = datetime.fromisoformat(said)
    except ValueError:
        raise InvalidFile([Problem("start", "is no day and time")]) from None
    if not is_within_reach(row, to.date(), today=call.now.date()):
        why = "lies outside the cohort's stay and two years from today"
        raise InvalidFile([Problem("start", why)])
    return to


def _judged(call: Call, concerned: list[Session], change: Callable[[], list[Session]]) -> None:
    """Do a change and keep it where it breaks nothing, or nothing that a reason may not bend.
    Raises Conflict.
    """
    reason = call.body.get("reason") if _may_bend(call) else None
    done = change_preview(
        concerned,
        change,
        by=call.by,
        now=call.now,
        patience=PATIENCE,
        reason=reason,
    )
    is_bent = reason is not None and done.news.may_be_bent
    if done.news.refusal and not is_bent:
        raise Conflict(done.news.refusal)
    _done(call, done)


def _done(call: Call, done: ChangePreview) -> None:
    call.told.extend(done.told)
    feeds.refresh(now=call.now)


def _may_bend(call: Call) -> bool:
    """True if whoever acts may bend rules with a reason, as at the desk."""
    roles = call.staff.clinician.roles if call.staff.clinician else ()
    return not {Role.COORDINATOR, Role.ADMINISTRATOR}.isdisjoint(roles)


def family_of(rows: list[Session], now: datetime) -> dict[str, list[str]]:
    """Return the keys of the relatives who may know of each session (id) at this moment."""
    found = {}
    for session_id, recipients in audiences(rows, now=now).items():
        relatives = []
        for recipient in recipients:
            if recipient.role is PersonKind.RELATIVE:
                relatives.append(recipient.person.key)
        found[session_id] = sorted(relatives)
    return found


def session_document(row: Session, family: list[str]) -> Document:
    """Return what the API says of a session."""
    return {
        "key": row.key,
        "cohort": row.cohort.key,
        "series": row.series,
        "kind": row.kind.value,
        "title": row.title,
        "topic": row.topic,
        "status": row.status.value,
        "start": row.starts_at.isoformat(),
        "end": row.ends_at.isoformat(),
        "local_start": row.starts_local,
        "zone": row.zone,
        "minutes": row.minutes,
        "week": row.week,
        "clinicians": [person.key for person in row.leads],
        "patients": [person.key for person in row.patients],
        "family": family,
        "room": row.room.key if row.room else None,
        "moved_from": row.moved_from,
        "cancelled_by": row.cancelled_by,
        "cancelled_at": row.cancelled_at.isoformat() if row.cancelled_at else None,
        "version": row.version,
    }


def _row(row: Session, call: Call) -> Answered:
    family = family_of([row], call.now)
    return Answered(session_document(row, family[row.id]), tag=_tag(row))


def _tag(row: Session) -> Any:
    """Return what the ETag is made of: who may know of a session changes without it."""
    return [row.key, row.version, row.status.value]
