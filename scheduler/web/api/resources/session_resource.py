"""/sessions: what stands, and what stood before it was cancelled."""

from collections.abc import Collection, Mapping
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.consents import Recipient, audiences
from scheduler.people import Deed, Scope, practice
from scheduler.people.models import PersonKind
from scheduler.planning import cohort_by_key
from scheduler.programs import Kind
from scheduler.sessions import (
    SessionsWanted,
    session_by_key,
    sessions_page,
)
from scheduler.sessions.models import Session, Status
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    DAY,
    ID,
    KEY,
    KEYS,
    LINE,
    MOMENT,
    SESSION_KEY,
    WALL,
    list_schema,
    one_of,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import patient_asked
from scheduler.web.desk.accounts.list_reach import cohorts_of_sessions_for

SESSION = record(
    {
        "id": ID,
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
    rows = sessions_page(
        _wanted(call),
        after=after,
        limit=call.limit + 1,
    )
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
    whose = patient_asked(call.staff, args.get("patient"), now=call.now)
    return SessionsWanted(
        cohorts=near,
        begins_from=_midnight(args.get("from")),
        begins_before=_midnight(args.get("to"), days=1),
        patients=None if whose is None else [whose],
        status=Status(args["status"]) if "status" in args else None,
    )


def _midnight(said: str | None, *, days: int = 0) -> datetime | None:
    """Return the beginning of a day of the practice's zone, or of one after it."""
    if said is None:
        return None
    day = date.fromisoformat(said) + timedelta(days=days)
    midnight = datetime(
        day.year,
        day.month,
        day.day,
        tzinfo=ZoneInfo(practice().zone),
    )
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
    return session_answer(session_by_key(call.key), call)


def family_of(rows: list[Session], now: datetime) -> dict[str, list[str]]:
    """Return the keys of the relatives who may know of each session (id) at this moment."""
    return relatives_among(audiences(rows, now=now))


def relatives_among(told: Mapping[str, Collection[Recipient]]) -> dict[str, list[str]]:
    """Return the keys of the relatives in the audience of each session (id)."""
    found = {}
    for session_id, recipients in told.items():
        relatives = []
        for recipient in recipients:
            if recipient.role is PersonKind.RELATIVE:
                relatives.append(recipient.person.key)
        found[session_id] = sorted(relatives)
    return found


def session_document(row: Session, family: list[str]) -> Document:
    """Return what the API says of a session."""
    return {
        "id": row.id,
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


def session_answer(row: Session, call: Call) -> Answered:
    """Return a session as an answer, with who may know of it now."""
    family = family_of([row], call.now)
    return Answered(session_document(row, family[row.id]), tag=session_tag(row))


def session_tag(row: Session) -> Any:
    """Return what the ETag is made of: who may know of a session changes without it."""
    return [row.key, row.version, row.status.value]
